"""What the public sent, at the department's desk: applications, feedback, uses."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from onecity.hubs.opendata import api
from onecity.hubs.opendata.contracts import ApplicationState, ApplicationView, FeedbackState, FeedbackView, UseState
from onecity.hubs.opendata.pages.portal import figure_cards
from onecity.kernel.actor import Actor
from onecity.kernel.errors import CityError
from onecity.kernel.paging import PageRequest
from onecity.ui.contracts import Cell, Column, Empty, Fact, Row, Table, TagMark
from onecity.ui.formats import chinese_date, short_datetime
from onecity.ui.pages import render

__all__ = ["application", "feedback", "listed", "statistics", "uses"]


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Applications and feedback of one's department, what waits first."""
    actor = _actor(request)
    page = PageRequest.parse(request.GET.get("page"), request.GET.get("size"))
    applied, said = api.applications(actor, page=page), api.feedback_list(actor, page=page)
    context = {"applications": _applications(list(applied.items)), "feedback": _feedback(list(said.items))}
    return render(request, "opendata/public.html", context)


def _applications(views: list[ApplicationView]) -> Table:
    columns = (
        Column("number", _("编号"), narrow=True), Column("dataset", _("数据集")), Column("who", _("申请人"), narrow=True),
        Column("purpose", _("用途")),
        Column("asked", _("提出"), narrow=True), Column("due", _("时限"), narrow=True), Column("state", _("状态"), narrow=True),
    )  # fmt: skip
    rows = []
    for one in views:
        href = reverse("opendata.desk_application", args=[one.id])
        cells = (
            Cell(one.number, href=href, strong=True), Cell(one.title), Cell(one.applicant), Cell(one.purpose[:40]),
            Cell(short_datetime(one.asked_at)),
            Cell(chinese_date(one.due_at) if one.due_at else "—"), Cell("", tags=(TagMark(_(one.state.label),
            "warn" if one.state is ApplicationState.SUBMITTED else "still"),)),
        )  # fmt: skip
        rows.append(Row(id=str(one.id), cells=cells, href=href))
    nothing = Empty(_("没有有条件开放申请"), _("公众在门户提出后出现在这里"))
    return Table(
        id="applications", caption=_("有条件开放申请"), columns=columns, rows=rows, empty=nothing, persons=True
    )


def _feedback(views: list[FeedbackView]) -> Table:
    columns = (
        Column("text", _("意见")), Column("dataset", _("数据集")), Column("kind", _("类别"), narrow=True), Column("raised",
        _("提出"), narrow=True),
        Column("due", _("时限"), narrow=True), Column("state", _("状态"), narrow=True),
    )  # fmt: skip
    rows = []
    for one in views:
        href = reverse("opendata.desk_feedback", args=[one.id])
        cells = (
            Cell(one.text[:60], href=href, strong=True), Cell(one.title), Cell(_(api.FEEDBACK_KINDS.get(one.kind, one.kind))),
            Cell(short_datetime(one.raised_at)),
            Cell(short_datetime(one.due_at) if one.due_at else "—"), Cell("", tags=(TagMark(_(one.state.label),
            "warn" if one.state is FeedbackState.RAISED else "good"),)),
        )  # fmt: skip
        rows.append(Row(id=str(one.id), cells=cells, href=href))
    return Table(
        id="feedback",
        caption=_("公众意见"),
        columns=columns,
        rows=rows,
        empty=Empty(_("没有公众意见"), _("公众在门户反馈后出现在这里")),
    )


@require_http_methods(["GET", "POST"])
def application(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """One application; POST decides it."""
    actor, given = _actor(request), request.POST
    if request.method == "POST":
        try:
            agreed = given.get("outcome") == "agree"
            api.answer_application(
                actor, application_id=application_id, agreed=agreed, opinion=given.get("opinion", "")[:500]
            )
            messages.success(request, _("已答复申请人。"))
        except CityError as refused:
            messages.error(request, refused.text)
        return HttpResponseRedirect(reverse("opendata.desk_application", args=[application_id]))
    view = api.application(actor, application_id)
    facts = [
        Fact(_("编号"), view.number), Fact(_("申请人"), view.applicant), Fact(_("数据集"), view.title), Fact(_("用途"), view.purpose),
        Fact(_("安全保障措施"), view.safety), Fact(_("提出时间"), short_datetime(view.asked_at)), Fact(_("答复时限"),
        short_datetime(view.due_at) if view.due_at else "—"),
        Fact(_("状态"), _(view.state.label)), Fact(_("意见"), view.opinion or "—"), Fact(_("使用至"),
        chinese_date(view.valid_to) if view.valid_to else "—"),
    ]  # fmt: skip
    return render(
        request,
        "opendata/desk_application.html",
        {"view": view, "facts": facts, "open": view.state is ApplicationState.SUBMITTED},
    )


@require_http_methods(["GET", "POST"])
def feedback(request: HttpRequest, feedback_id: UUID) -> HttpResponse:
    """One feedback; POST answers it in public."""
    actor = _actor(request)
    if request.method == "POST":
        try:
            api.answer_feedback(actor, feedback_id=feedback_id, answer=request.POST.get("answer", ""))
            messages.success(request, _("答复已公开。"))
        except CityError as refused:
            messages.error(request, refused.text)
        return HttpResponseRedirect(reverse("opendata.desk_feedback", args=[feedback_id]))
    view = api.feedback(actor, feedback_id)
    facts = [
        Fact(_("数据集"), view.title, href=reverse("opendata.desk_dataset", args=[view.dataset])), Fact(_("类别"),
        _(api.FEEDBACK_KINDS.get(view.kind, view.kind))),
        Fact(_("提出人"), view.who), Fact(_("提出时间"), short_datetime(view.raised_at)), Fact(_("答复时限"),
        short_datetime(view.due_at) if view.due_at else "—"),
        Fact(_("内容"), view.text), Fact(_("答复"), view.answer or "—"),
    ]  # fmt: skip
    return render(
        request,
        "opendata/desk_feedback.html",
        {"view": view, "facts": facts, "open": view.state is FeedbackState.RAISED},
    )


@require_http_methods(["GET", "POST"])
def uses(request: HttpRequest) -> HttpResponse:
    """Uses that wait for review; POST decides one."""
    actor, given = _actor(request), request.POST
    if request.method == "POST":
        try:
            api.decide_use(
                actor,
                use_id=UUID(given.get("use", "")),
                shown=given.get("outcome") == "agree",
                opinion=given.get("opinion", "")[:500],
            )
            messages.success(request, _("已审核。"))
        except ValueError:
            messages.error(request, _("没有这项应用成果"))
        except CityError as refused:
            messages.error(request, refused.text)
        return HttpResponseRedirect(reverse("opendata.desk_uses"))
    page = api.uses(state=UseState.SUBMITTED, page=PageRequest.parse(request.GET.get("page"), request.GET.get("size")))
    return render(
        request,
        "opendata/desk_uses.html",
        {"page": page, "nothing": Empty(_("没有待审核的应用成果"), _("公众提交后出现在这里"))},
    )


@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    """Totals, and who was slowed for walking through the data."""
    columns = (
        Column("who", _("来源")),
        Column("dataset", _("数据集")),
        Column("calls", _("被拒次数"), numeric=True),
        Column("at", _("时间"), narrow=True),
    )
    rows = [
        Row(id=str(n), cells=(Cell(who), Cell(key), Cell(f"{calls:,}"), Cell(short_datetime(at))))
        for n, (who, key, calls, at) in enumerate(api.crawls())
    ]
    nothing = Empty(_("没有被放慢的爬取"), _("逐条枚举超过限额的一半时放慢并记在这里"))
    table = Table(id="crawls", caption=_("被放慢的爬取"), columns=columns, rows=rows, empty=nothing)
    return render(request, "opendata/desk_statistics.html", {"figures": figure_cards(), "table": table})
