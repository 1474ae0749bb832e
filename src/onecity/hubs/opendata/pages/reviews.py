"""保密审查: sheets, one sheet with its levels, and the sheet on paper."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from onecity.hubs.opendata import api
from onecity.hubs.opendata.contracts import ReviewState, ReviewView
from onecity.hubs.opendata.pages.desk import check_table
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now
from onecity.kernel.errors import CityError
from onecity.kernel.paging import Page, PageRequest
from onecity.kernel.policy import allows
from onecity.ui.contracts import Cell, Column, Empty, Fact, Opinion, Option, Row, Step, StepState, Table, TagMark, Tone
from onecity.ui.formats import short_datetime
from onecity.ui.pages import render

__all__ = ["listed", "one", "printed"]

_TONES: dict[ReviewState, Tone] = {ReviewState.OPEN: "warn", ReviewState.AGREED: "good", ReviewState.REFUSED: "alarm"}


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Sheets, the newest first."""
    given = request.GET
    page = api.reviews(
        _actor(request), state=given.get("state", ""), page=PageRequest.parse(given.get("page"), given.get("size"))
    )
    states = [Option("", _("全部"), not given.get("state"))]
    states += [Option(one.value, _(one.label), one.value == given.get("state")) for one in ReviewState]
    return render(request, "opendata/reviews.html", {"table": _table(page), "states": states})


def _table(page: Page[ReviewView]) -> Table:
    columns = (
        Column("number", _("编号"), narrow=True), Column("title", _("数据集")), Column("provider", _("提供部门")), Column("level",
        _("当前级次")),
        Column("at", _("发起"), narrow=True), Column("state", _("状态"), narrow=True),
    )  # fmt: skip
    rows = []
    for view in page.items:
        href = reverse("opendata.review", args=[view.id])
        turn = view.steps[view.level - 1].label if view.state is ReviewState.OPEN else "—"
        cells = (
            Cell(view.number, href=href, strong=True), Cell(view.title, sub=f"v{view.version}"), Cell(view.provider_name), Cell(turn),
            Cell(short_datetime(view.opened_at)), Cell("", tags=(TagMark(_(view.state.label), _TONES[view.state]),)),

        )  # fmt: skip
        rows.append(Row(id=str(view.id), cells=cells, href=href))
    nothing = Empty(_("没有保密审查表"), _("发布前检查通过后自动生成"))
    return Table(
        id="reviews", caption=_("保密审查表"), columns=columns, rows=rows, paging=page, empty=nothing, keyboard=True
    )


@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, sheet_id: UUID) -> HttpResponse:
    """One sheet; POST signs it at its level."""
    actor = _actor(request)
    if request.method == "POST":
        try:
            agreed = request.POST.get("outcome") == "agree"
            api.decide_review(actor, sheet_id=sheet_id, agreed=agreed, opinion=request.POST.get("opinion", "")[:500])
            messages.success(request, _("意见已签署。"))
        except CityError as refused:
            messages.error(request, f"{refused.text} {refused.hint}".strip())
        return HttpResponseRedirect(reverse("opendata.review", args=[sheet_id]))
    view = api.review(sheet_id)
    level = api.levels()[view.level - 1]
    context = {
        "view": view, "facts": _facts(view), "steps": _steps(view), "opinions": _opinions(view), "state": _(view.state.label),
        "table": check_table(0, view.check) if view.check else None, "level": level,
        "mine": view.state is ReviewState.OPEN and allows(actor, level.permission,
        organisation=view.provider if level.of_provider else ""),
    }  # fmt: skip
    return render(request, "opendata/review.html", context)


def _facts(view: ReviewView) -> list[Fact]:
    rows = f"{view.check.rows:,}" if view.check else "—"
    return [
        Fact(_("编号"), view.number), Fact(_("数据集"), view.title, href=reverse("opendata.desk_dataset", args=[view.dataset])),
        Fact(_("提供部门"), view.provider_name), Fact(_("版本"), f"v{view.version}"), Fact(_("行数"), rows), Fact(_("内容"),
        view.purpose),
        Fact(_("发布前检查"), _("通过") if view.check and view.check.passed else _("未通过"),
        note=f"{_('规则版本')} {view.check.rules_version}" if view.check else ""),
    ]  # fmt: skip


def _steps(view: ReviewView) -> list[Step]:
    out = []
    for step in view.steps:
        waiting = (
            StepState.CURRENT if step.level == view.level and view.state is ReviewState.OPEN else StepState.WAITING
        )
        state = waiting if step.agreed is None else StepState.DONE if step.agreed else StepState.FAILED
        out.append(Step(step.label, state, f"{step.name} {short_datetime(step.at)}" if step.at else ""))
    return out


def _opinions(view: ReviewView) -> list[Opinion]:
    return [
        Opinion(
            step.name,
            step.post,
            step.opinion,
            step.at,
            TagMark(_("同意") if step.agreed else _("不同意"), "good" if step.agreed else "alarm"),
        )
        for step in view.steps
        if step.at
    ]


@require_safe
def printed(request: HttpRequest, sheet_id: UUID) -> HttpResponse:
    """The sheet on A4 with a line for every level."""
    view = api.review(sheet_id)
    context = {
        "view": view, "facts": _facts(view), "organ": view.provider_name, "heading": _("公共数据开放保密审查表"), "number": view.number,
        "table": check_table(0, view.check) if view.check else None, "printed_by": _actor(request).name, "printed_at": now(),
    }  # fmt: skip
    return render(request, "opendata/review_print.html", context)
