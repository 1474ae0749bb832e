"""再次采集: may a form ask people for an item the city has? The check, the stated reason, the list of reasons."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from onecity.hubs.catalog import api
from onecity.hubs.catalog.contracts import FieldType
from onecity.hubs.catalog.pages.compiling import TYPES
from onecity.kernel.actor import Actor
from onecity.kernel.errors import CityError
from onecity.ui.contracts import Cell, Column, Empty, Option, Row, Table
from onecity.ui.formats import short_datetime
from onecity.ui.pages import render

__all__ = ["asking"]


@require_http_methods(["GET", "POST"])
def asking(request: HttpRequest) -> HttpResponse:
    """GET with an item says whether it may be asked; POST states the reason."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    given = request.POST if request.method == "POST" else request.GET
    label, asker = given.get("label", "").strip()[:60], given.get("asker", "").strip()[:120]
    kind = given.get("type", "") if given.get("type", "") in set(FieldType) else FieldType.TEXT.value
    if request.method == "POST":
        try:
            if not label or not asker:
                messages.error(request, _("请写明信息项和表单"))
            else:
                api.state_reason(actor, label=label, type=kind, asker=asker, reason=given.get("reason", "")[:500])
                messages.success(request, _("理由已登记，任何人可在下表查看；该表单可以采集此项"))
        except CityError as error:
            messages.error(request, str(error.text))
        return HttpResponseRedirect(reverse("catalog.asking"))
    found = api.may_ask_again(label, kind, asker=asker) if label else None
    types = [Option(one.value, _(TYPES[one]), one.value == kind) for one in FieldType if not one.is_identifier]
    context = {"found": found, "label": label, "asker": asker, "types": types, "table": _table()}
    return render(request, "catalog/asking.html", context)


def _table() -> Table:
    columns = (
        Column("label", _("信息项")), Column("asker", _("表单")), Column("reason", _("理由")), Column("by", _("登记人")),
        Column("at", _("登记时间")),
    )  # fmt: skip
    rows = [
        Row(
            id=f"asked-{number}",
            cells=(
                Cell(one.label, strong=True), Cell(one.asker), Cell(one.reason), Cell(one.stated_by or "—"),
                Cell(short_datetime(one.at)),
            ),
        )
        for number, one in enumerate(api.asked_again())
    ]  # fmt: skip
    nothing = Empty(_("没有再次采集的信息项"), _("表单要向群众索要可共享的信息项时，须先在这里写明理由"))
    return Table(id="asked", caption=_("已登记的再次采集理由"), columns=columns, rows=rows, empty=nothing)
