"""The lists behind the board's figures: every access of the window, and every late answer with its supervision."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from onecity.hubs.exchange import api
from onecity.hubs.exchange.contracts.board import CallFilter, CallLine, LateLine
from onecity.kernel.actor import Actor
from onecity.kernel.paging import PageRequest
from onecity.ui.contracts import Cell, Column, Empty, Option, Row, Table, TagMark
from onecity.ui.formats import short_datetime
from onecity.ui.pages import render

__all__ = ["calls", "late"]


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _paging(request: HttpRequest) -> PageRequest:
    return PageRequest.parse(request.GET.get("page"), request.GET.get("size"))


@require_safe
def calls(request: HttpRequest) -> HttpResponse:
    """Answered and refused accesses of the board's window."""
    given, paging = request.GET, _paging(request)
    outcome = given.get("outcome", "") if given.get("outcome", "") in ("answered", "refused") else ""
    wanted = CallFilter(outcome, given.get("provider", "")[:18], given.get("consumer", "")[:18])
    page = api.board_calls(_actor(request), wanted, paging)
    columns = (
        Column("at", _("时间")), Column("what", _("数据")), Column("who", _("使用单位")), Column("why", _("用途与事项")),
        Column("rows", _("条数"), numeric=True), Column("outcome", _("结果")),
    )  # fmt: skip
    table = Table(
        id="calls", caption=_("近30天的使用记录"), columns=columns, paging=page,
        rows=[_call(number, one) for number, one in enumerate(page.items)],
        empty=Empty(_("没有使用记录"), _("部门之间的每一次使用都会出现在这里")),
    )  # fmt: skip
    named = (("", _("全部")), ("answered", _("得到答复")), ("refused", _("被拒绝")))
    options = [Option(value, label, value == outcome) for value, label in named]
    context = {"table": table, "outcomes": options, "heading": _("数据使用明细"), "wanted": wanted}
    return render(request, "exchange/board_list.html", context)


def _call(number: int, one: CallLine) -> Row:
    mark = TagMark(one.outcome_text or _("已答复"), "good" if one.answered else "alarm")
    cells = (
        Cell(short_datetime(one.at)), Cell(one.interface_name, sub=one.provider_name, strong=True),
        Cell(one.consumer_name, sub=one.who), Cell(one.purpose, sub=one.matter), Cell(f"{one.rows:,}"), Cell("", tags=(mark,)),
    )  # fmt: skip
    return Row(id=f"call-{number}", cells=cells)


@require_safe
def late(request: HttpRequest) -> HttpResponse:
    """Requests answered late or late still, and since when they are supervised."""
    page = api.late_requests(_actor(request), _paging(request))
    columns = (
        Column("what", _("申请数据")), Column("who", _("申请单位")), Column("due", _("答复期限")),
        Column("days", _("逾期天数"), numeric=True), Column("super", _("督办")), Column("state", _("状态")),
    )  # fmt: skip
    table = Table(
        id="late", caption=_("逾期答复"), columns=columns, rows=[_late(one) for one in page.items], paging=page,
        empty=Empty(_("没有逾期答复"), _("超过答复期限的数据申请会列在这里")),
    )  # fmt: skip
    return render(request, "exchange/board_list.html", {"table": table, "heading": _("逾期答复与督办")})


def _late(one: LateLine) -> Row:
    href = reverse("exchange.request", args=[one.request_id])
    supervised = one.supervised_at
    told = _("已督办") if supervised else _("未督办即答复")
    mark = TagMark(told, "alarm" if supervised and not one.answered_at else "still")
    answered = short_datetime(one.answered_at) if one.answered_at else _("尚未答复")
    cells = (
        Cell(one.interface_name, sub=one.provider_name, href=href, strong=True), Cell(one.consumer_name),
        Cell(short_datetime(one.due_at)), Cell(str(one.days)),
        Cell(short_datetime(supervised) if supervised else "—", tags=(mark,)), Cell(one.state, sub=answered),
    )  # fmt: skip
    return Row(id=f"late-{one.request_id}", cells=cells, href=href)
