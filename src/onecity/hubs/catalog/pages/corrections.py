"""The provider's answer desk for corrections."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from onecity.hubs.catalog import api
from onecity.hubs.catalog.contracts import CorrectionOutcome, CorrectionState, CorrectionView
from onecity.hubs.process import api as process
from onecity.hubs.process.contracts import TimeUnit
from onecity.kernel.actor import Actor
from onecity.kernel.errors import CityError
from onecity.kernel.paging import PageRequest
from onecity.ui.contracts import Cell, Column, Empty, Fact, Light, Option, Row, Table, TagMark
from onecity.ui.formats import short_datetime
from onecity.ui.pages import render

__all__ = ["listed", "one"]

_TONES = {CorrectionState.RAISED: "warn", CorrectionState.CORRECTED: "good", CorrectionState.UPHELD: "still"}


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Corrections of the actor's organisation, open ones first."""
    state = request.GET.get("state", "")
    wanted = PageRequest.parse(request.GET.get("page"), request.GET.get("size"))
    page = api.corrections(_actor(request), state=state if state in set(CorrectionState) else "", page=wanted)
    columns = (
        Column("what", _("信息项")), Column("claim", _("登记为 → 申请人称")), Column("raised", _("提出")),
        Column("due", _("答复期限")), Column("state", _("状态")),
    )  # fmt: skip
    table = Table(
        id="corrections", caption=_("数据校核"), columns=columns, rows=[_row(one) for one in page.items], paging=page, persons=True,
        empty=Empty(_("没有待答复的校核"), _("有人对本单位的数据提出异议时，会出现在这里和待办中")), keyboard=True,
    )  # fmt: skip
    states = [Option("", _("全部状态"), not state)]
    states += [Option(one.value, _(one.label), one.value == state) for one in CorrectionState]
    return render(request, "catalog/corrections.html", {"table": table, "states": states})


def _row(one: CorrectionView) -> Row:
    href = reverse("catalog.correction", args=[one.id])
    cells = (
        Cell(one.field_label, sub=one.resource_name, href=href, strong=True),
        Cell(f"{one.current or '—'} → {one.claimed}", sub=one.matter_number), Cell(short_datetime(one.raised_at)),
        _due(one),
        Cell("", tags=(TagMark(_(one.state.label), _TONES[one.state]),)),  # type: ignore[arg-type]
    )  # fmt: skip
    return Row(id=f"correction-{one.id}", cells=cells, href=href)


def _due(one: CorrectionView) -> Cell:
    """The light of an open correction, the date of an answered one."""
    if one.due_at is None or one.state is not CorrectionState.RAISED:
        return Cell(short_datetime(one.due_at) if one.due_at else "—")
    light = process.light_of(one.due_at, TimeUnit.WORK_DAY)
    return Cell(light=Light(light.kind.value, light.days, _(light.unit)), sub=short_datetime(one.due_at))


@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, correction_id: UUID) -> HttpResponse:
    """One correction; POST answers it."""
    actor = _actor(request)
    if request.method == "POST":
        outcome = (
            CorrectionOutcome.CORRECTED if request.POST.get("outcome") == "corrected" else CorrectionOutcome.UPHELD
        )
        try:
            api.answer_correction(
                actor, correction_id=correction_id, outcome=outcome, value=request.POST.get("value", "")[:400],
                opinion=request.POST.get("opinion", "")[:1000],
            )  # fmt: skip
            messages.success(request, _("已答复；更正的值即时对各使用部门生效"))
        except CityError as error:
            messages.error(request, error.text)
        return HttpResponseRedirect(reverse("catalog.correction", args=[correction_id]))
    found = api.correction(actor, correction_id)
    context = {"correction": found, "facts": _facts(found), "open": found.state is CorrectionState.RAISED}
    return render(request, "catalog/correction.html", context)


def _facts(found: CorrectionView) -> list[Fact]:
    facts = [
        Fact(_("资源"), found.resource_name), Fact(_("信息项"), found.field_label), Fact(_("登记为"), found.current or "—"),
        Fact(_("申请人称应为"), found.claimed), Fact(_("理由"), found.reason), Fact(_("办件"), found.matter_number or "—"),
        Fact(_("提出"), short_datetime(found.raised_at)), Fact(_("状态"), _(found.state.label)),
    ]  # fmt: skip
    if found.answered_at:
        facts += [Fact(_("更正为"), found.value or "—"), Fact(_("答复意见"), found.opinion or "—")]
    return facts
