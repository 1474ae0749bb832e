"""Lists of rows: disagreements, the sources of every field, and the form that starts a correction."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from onecity.hubs.catalog import api as catalog
from onecity.hubs.catalog.contracts import ResourceView
from onecity.hubs.registers import api
from onecity.hubs.registers.contracts import ConflictView, SourceRow
from onecity.hubs.registers.pages.look import actor_of, entity_href, resource_names
from onecity.kernel.errors import CityError
from onecity.kernel.paging import PageRequest
from onecity.ui.contracts import Cell, Column, Empty, Option, Row, Table, TagMark
from onecity.ui.formats import short_datetime
from onecity.ui.pages import render

__all__ = ["conflicts", "correct", "sources"]

RULES = {"ranked": "权威来源优先", "newest": "最近更新优先", "agreement": "多数一致优先"}


@require_safe
def conflicts(request: HttpRequest) -> HttpResponse:
    """What sources disagree on; each opens its entity."""
    files = api.files()
    file, settled = request.GET.get("file", ""), request.GET.get("state") == "settled"
    page = api.conflicts(
        actor_of(request), file=file if file in files else "", settled=settled,
        page=PageRequest.parse(request.GET.get("page"), request.GET.get("size")),
    )  # fmt: skip
    columns = (
        Column("who", _("主体")), Column("field", _("字段")), Column("said", _("各来源")), Column("chosen", _("暂以为准")),
        Column("since", _("发现"), narrow=True), Column("state", _("状态")),
    )  # fmt: skip
    names = resource_names(key for one in page.items for key in (one.chosen_source, *(said[0] for said in one.said)))
    table = Table(
        "conflicts", _("来源不一致"), columns, [_row(one, files, names) for one in page.items], paging=page, keyboard=True,
        empty=Empty(_("各来源一致"), _("来源对同一字段说法不同时列在这里，并可直接发起校核"), icon="check"),
    )  # fmt: skip
    states = [Option("", _("未一致"), not settled), Option("settled", _("已一致"), settled)]
    picked = [Option("", _("全部"), not file), *(Option(key, label, key == file) for key, label in files.items())]
    return render(request, "registers/conflicts.html", {"table": table, "states": states, "files": picked})


def _row(one: ConflictView, files: dict[str, str], names: dict[str, str]) -> Row:
    href = entity_href(one.file, one.entity)
    said = "；".join(f"{names[who]}：{value or '—'}{f'（{when}）' if when else ''}" for who, value, when in one.said)
    tags = (TagMark(_("已发起校核"), "info"),) if one.corrections else ()
    state = TagMark(_("已一致"), "good") if one.known_to else TagMark(_("未一致"), "warn")
    return Row(
        f"conflict-{one.id}",
        (
            Cell(one.title, files.get(one.file, one.file), href=href, strong=True), Cell(one.label), Cell(said),
            Cell(one.chosen, f"{names[one.chosen_source]} · {_(RULES.get(one.rule, one.rule))}"), Cell(short_datetime(one.known_from)),
            Cell("", tags=(state, *tags)),
        ),
        href=href,
    )  # fmt: skip


@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    """Who is asked for which field, in which order, by what rule, since when."""
    files = api.files()
    file = request.GET.get("file", "legal")
    file = file if file in files else "legal"
    columns = (
        Column("field", _("字段")), Column("rank", _("顺位"), numeric=True), Column("resource", _("来源资源")), Column("item", _("信息项")),
        Column("rule", _("不一致时")), Column("source", _("依据")), Column("since", _("起用"), narrow=True),
    )  # fmt: skip
    told = api.field_sources(file)
    entries = catalog.resources_by_key({one.resource for one in told})
    rows = [
        Row(
            f"source-{n}",
            (
                Cell(one.label, strong=one.rank == 1), Cell(one.rank), _named(entries.get(one.resource), one),
                Cell(_item(entries.get(one.resource), one.item.removeprefix("="))),
                Cell(_(RULES[one.rule])), Cell(one.source), Cell(one.valid_from),
            ),
        )
        for n, one in enumerate(told)
    ]  # fmt: skip
    table = Table("sources", _("字段来源"), columns, rows, empty=Empty(_("没有登记来源")))
    return render(
        request,
        "registers/sources.html",
        {"table": table, "files": [Option(k, v, k == file) for k, v in files.items()]},
    )


def _named(entry: ResourceView | None, one: SourceRow) -> Cell:
    return Cell(entry.name, entry.provider_name) if entry else Cell(one.resource)


def _item(entry: ResourceView | None, name: str) -> str:
    """An item by its label in the catalogue; derived columns (a digest, a mask) keep their name."""
    found = next((one for one in entry.fields if one.name == name), None) if entry else None
    return found.label if found else name


@require_POST
def correct(request: HttpRequest) -> HttpResponse:
    """A clerk who sees that a field is wrong asks the department whose word it is."""
    file, key = request.POST.get("file", ""), request.POST.get("id", "")
    try:
        made = api.raise_field_correction(
            actor_of(request), file=file, entity=key, field=request.POST.get("field", ""), resource=request.POST.get("resource", ""),
            claimed=request.POST.get("claimed", "")[:400], reason=request.POST.get("reason", "")[:1000],
        )  # fmt: skip
        messages.success(
            request, _("已转 %(who)s 校核，答复后自动更新基础库并告知各使用部门") % {"who": made.provider_name}
        )
    except CityError as error:
        messages.error(request, f"{error.text} {error.hint}")
    return HttpResponseRedirect(entity_href(file, key) if file in api.files() else reverse("registers.home"))
