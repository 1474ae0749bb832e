"""Receipts of short messages for the desk: who must be called because a message did not arrive."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from onecity.hubs.support import api
from onecity.hubs.support.contracts import ReceiptState, ReceiptView
from onecity.kernel.actor import Actor
from onecity.kernel.paging import PageRequest
from onecity.ui.contracts import Cell, Column, Empty, Row, Tab, Table, TagMark, Tone
from onecity.ui.formats import short_datetime

__all__ = ["receipts"]

_TONES: dict[ReceiptState, Tone] = {
    ReceiptState.QUEUED: "still",
    ReceiptState.SENT: "info",
    ReceiptState.DELIVERED: "good",
    ReceiptState.FAILED: "alarm",
}


def _words() -> dict[ReceiptState, str]:
    return {
        ReceiptState.QUEUED: _("待发"), ReceiptState.SENT: _("已发出"), ReceiptState.DELIVERED: _("已送达"),
        ReceiptState.FAILED: _("未送达"),
    }  # fmt: skip


def _row(receipt: ReceiptView) -> Row:
    state = TagMark(_words()[receipt.state], _TONES[receipt.state])
    tried = _("第%(n)d次") % {"n": receipt.attempts} if receipt.attempts else ""
    return Row(
        str(receipt.id),
        [
            Cell(receipt.to_masked or "—"), Cell(receipt.text, sub=receipt.error),
            Cell("", tags=[state], sub=tried), Cell(short_datetime(receipt.updated_at)),
        ],
    )  # fmt: skip


def receipts(request: HttpRequest) -> HttpResponse:
    """The list by state."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    asked = request.GET.get("state", "")
    states = [ReceiptState(asked)] if asked in set(ReceiptState) else []
    page = api.receipts(actor, PageRequest.parse(request.GET.get("page"), request.GET.get("size")), states=states)
    columns = [
        Column("to", _("手机号码")), Column("text", _("内容")), Column("state", _("状态")), Column("at", _("更新时间")),
    ]  # fmt: skip
    table = Table(
        "receipts", _("短信回执"), columns, [_row(receipt) for receipt in page.items],
        page,
        empty=Empty(_("没有短信"), _("发给办事人的短信及其回执会列在这里。")),
    )  # fmt: skip
    tabs = [Tab(_("全部"), "?", not states)]
    tabs += [Tab(word, f"?state={state}", states == [state]) for state, word in _words().items()]
    return render(request, "support/receipts.html", {"table": table, "tabs": tabs})
