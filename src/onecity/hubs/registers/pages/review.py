"""The review desk: the queue, one pair side by side, the undo list, the report of the last run."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from onecity.hubs.registers.api import resolution as api
from onecity.hubs.registers.api.splitting import waiting_splits
from onecity.hubs.registers.contracts.resolution import (
    ResolutionFigures,
    ResolutionPermission,
    ReviewState,
    ReviewView,
    Verdict,
)
from onecity.hubs.registers.pages.differences import Piece, differences
from onecity.hubs.registers.pages.waterfall import waterfall
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now
from onecity.kernel.errors import CityError
from onecity.kernel.paging import PageRequest
from onecity.kernel.policy import allows
from onecity.ui.contracts import Bar, Cell, Column, Empty, FigureCard, Row, Tab, Table, TagMark
from onecity.ui.formats import short_datetime
from onecity.ui.pages import render

__all__ = ["acts", "department", "listed", "one", "report", "run", "undo"]

_TONES = {
    ReviewState.OPEN: "warn",
    ReviewState.PROPOSED: "info",
    ReviewState.MERGED: "good",
    ReviewState.APART: "still",
}
_KINDS = {"merge": "合并", "split": "拆分", "apart": "认定不是同一人", "undo": "撤销"}


@dataclass(frozen=True, slots=True)
class _Line:
    """One fact of both sides, with the stretches that differ."""

    label: str
    left: tuple[Piece, ...]
    right: tuple[Piece, ...]
    verdict: str


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _reasons() -> dict[str, str]:
    return {
        "band": _("证据不足以自动合并，也不足以排除"), "numbers": _("证据很强，但两个有效证件号码不同"),
        "department": _("同一部门已有此人的记录，证据不足以认定重复"),
    }  # fmt: skip


def _departments() -> dict[str, str]:
    return {"police": _("公安"), "hr": _("人社"), "health": _("卫健")}


def department(key: str) -> str:
    """The department's name as readers know it."""
    return _departments().get(key, key)


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """The queue: proposed merges first, then the heaviest."""
    actor, state = _actor(request), request.GET.get("state", "")
    state = state if state in set(ReviewState) else ""
    page = api.reviews(actor, state=state, page=PageRequest.parse(request.GET.get("page"), request.GET.get("size")))
    figures = api.figures(actor)
    columns = (
        Column("pair", _("两条记录")), Column("why", _("为何在此")), Column("weight", _("把握"), numeric=True),
        Column("raised", _("提出")), Column("state", _("状态")),
    )  # fmt: skip
    table = Table(
        id="reviews", caption=_("身份复核"), columns=columns, rows=[_row(view) for view in page.items], paging=page,
        empty=Empty(_("没有待复核的记录"), _("全量识别或新记录遇到拿不准的一对时，会出现在这里和待办中")), keyboard=True, persons=True,
    )  # fmt: skip
    here = reverse("registers.reviews")
    counts: dict[str, int | None] = {
        "": None,
        "open": figures.open,
        "proposed": figures.proposed,
        "merged": figures.merged,
        "apart": figures.apart,
    }
    labels = {"": _("待处理")} | {one.value: _(one.label) for one in ReviewState}
    tabs = [
        Tab(labels[key], f"{here}?state={key}" if key else here, key == state, count) for key, count in counts.items()
    ]
    return render(request, "registers/reviews.html", {"table": table, "tabs": tabs, "cards": _cards(figures)})


def _row(view: ReviewView) -> Row:
    href = reverse("registers.review", args=[view.id])
    sub = f"{department(view.left.department)} · {department(view.right.department)}"
    return Row(
        id=f"review-{view.id}", href=href,
        cells=(
            Cell(f"{view.left.name or '—'} / {view.right.name or '—'}", sub=sub, href=href, strong=True),
            Cell(_reasons().get(view.reason, view.reason)),
            Cell(f"{view.explanation.probability:.1%}", sub=_("%(bits)s 比特") % {"bits": f"{view.weight:+.1f}"}),
            Cell(short_datetime(view.raised_at)),
            Cell(
                view.first_by and _("%(name)s 已提出合并") % {"name": view.first_by},
                tags=(TagMark(_(view.state.label), _TONES[view.state]),),  # type: ignore[arg-type]
            ),
        ),
    )  # fmt: skip


def _cards(figures: ResolutionFigures) -> list[FigureCard]:
    agreement = "—" if figures.agreement is None else f"{figures.agreement:.0%}"
    lines = (
        (_("部门记录"), f"{figures.records:,}", _("条"), _("参加识别的各部门人口记录数")),
        (_("识别为"), f"{figures.persons:,}", _("人"), _("这些记录归并后的人数；真实人数系统并不知道，不作评分")),
        (_("待复核"), f"{figures.open + figures.proposed:,}", _("对"), _("等第一人或第二人判断的记录对")),
        (_("两人一致"), agreement, "", _("第二人确认的合并占第一人提出合并的比例")),
    )
    return [
        FigureCard(title, value, unit, definition=words, source=_("实体识别"), as_of=now())
        for title, value, unit, words in lines
    ]


@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """One pair; POST says what it is, or asks to see it whole with a reason."""
    actor = _actor(request)
    if request.method == "POST" and "verdict" in request.POST:
        return _decide(request, actor, review_id)
    view = api.review(actor, review_id=review_id)
    if request.method == "POST":
        try:
            view = api.unmasked_review(actor, review_id=review_id, reason=request.POST.get("reason", ""))
        except CityError as error:
            messages.error(request, f"{error.text}。{error.hint}")
    before, after = api.neighbours(actor, review_id=review_id)
    context = {
        "review": view, "lines": _lines(view), "picture": waterfall(view.explanation),
        "reason": _reasons().get(view.reason, view.reason),
        "state": TagMark(_(view.state.label), _TONES[view.state]), "left": department(view.left.department),  # type: ignore[arg-type]
        "right": department(view.right.department), "before": before, "after": after,
        "open": view.state in (ReviewState.OPEN, ReviewState.PROPOSED),
        "second": view.state is ReviewState.PROPOSED and not view.mine,
        "waits": view.state is ReviewState.PROPOSED and view.mine,
        "may_unmask": allows(actor, ResolutionPermission.UNMASK),
    }  # fmt: skip
    return render(request, "registers/review.html", context)


def _decide(request: HttpRequest, actor: Actor, review_id: UUID) -> HttpResponse:
    verdict = Verdict.SAME if request.POST["verdict"] == "same" else Verdict.APART
    following = api.next_review(actor, after=review_id)
    try:
        view = api.decide_review(actor, review_id=review_id, verdict=verdict, opinion=request.POST.get("opinion", ""))
    except CityError as error:
        messages.error(request, f"{error.text}。{error.hint}")
        return HttpResponseRedirect(reverse("registers.review", args=[review_id]))
    said = {
        ReviewState.PROPOSED: _("已提出合并，等另一人确认"), ReviewState.MERGED: _("已合并，可在撤销清单中撤销"),
        ReviewState.APART: _("已认定不是同一人，今后不再自动合并"),
    }  # fmt: skip
    messages.success(request, said.get(view.state, _("已记录")))
    target = reverse("registers.review", args=[following]) if following else reverse("registers.reviews")
    return HttpResponseRedirect(target)


def _lines(view: ReviewView) -> list[_Line]:
    a, b = view.left, view.right
    facts = (
        (_("姓名"), a.name, b.name), (_("证件号码"), a.number, b.number), (_("出生日期"), a.birth, b.birth),
        (_("性别"), a.sex, b.sex), (_("电话"), a.phone, b.phone), (_("住址"), a.address, b.address),
    )  # fmt: skip
    lines = []
    for label, left, right in facts:
        verdict = _("缺一方") if not left or not right else _("一致") if left == right else _("不同")
        lines.append(_Line(label, *differences(left, right), verdict))
    return lines


@require_safe
def acts(request: HttpRequest) -> HttpResponse:
    """Merges, splits and rulings, newest first, each with its undo."""
    actor = _actor(request)
    page = api.acts(actor, page=PageRequest.parse(request.GET.get("page")))
    done = [(one, _(_KINDS.get(one.kind, one.kind))) for one in page.items]
    return render(request, "registers/acts.html", {"page": page, "acts": done, "splits": waiting_splits(actor)})


@require_POST
def undo(request: HttpRequest, act_id: UUID) -> HttpResponse:
    """Take an act back."""
    return _told(
        request,
        lambda: api.undo(_actor(request), act_id=act_id, reason=request.POST.get("reason", "")[:400]),
        _("已撤销，记录恢复到操作之前"),
        "registers.acts",
    )


@require_safe
def report(request: HttpRequest) -> HttpResponse:
    """What the last run found: counts only, for the truth is nowhere in the city."""
    actor = _actor(request)
    figures = api.figures(actor)
    most = max((count for _name, count in figures.by_department), default=1)
    largest = max((count for _size, count in figures.sizes), default=1)
    departments = [Bar(department(name), count / most, f"{count:,}") for name, count in figures.by_department]
    sizes = [Bar(_("%(n)s 条记录") % {"n": size}, count / largest, f"{count:,}") for size, count in figures.sizes]
    nothing = Empty(
        _("还没有运行过"), _("由有权运行的人员开始全量识别；完成后这里给出各部门的记录数和归并结果"), icon="users"
    )
    context = {
        "figures": figures, "cards": _cards(figures), "departments": departments, "sizes": sizes,
        "may_run": allows(actor, ResolutionPermission.RUN), "nothing": nothing,
    }  # fmt: skip
    return render(request, "registers/resolution_report.html", context)


@require_POST
def run(request: HttpRequest) -> HttpResponse:
    """Ask for a full run; a worker does it."""
    return _told(
        request, lambda: api.ask_run(_actor(request)), _("已开始全量识别，完成后本页会更新"), "registers.resolution"
    )


def _told(request: HttpRequest, act: Callable[[], Any], words: str, target: str) -> HttpResponse:
    try:
        act()
        messages.success(request, words)
    except CityError as error:
        messages.error(request, f"{error.text}。{error.hint}")
    return HttpResponseRedirect(reverse(target))
