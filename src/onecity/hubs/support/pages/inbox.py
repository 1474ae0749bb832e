"""The inbox and one message."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from onecity.hubs.support import api
from onecity.hubs.support.contracts import MessageView, ReceiptState
from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.errors import NotFound
from onecity.kernel.paging import PageRequest
from onecity.kernel.slots import SlotPiece
from onecity.ui.contracts import Empty, Fact

__all__ = ["inbox", "me_row", "message"]


def _base(actor: Actor) -> str:
    return "ui/desk.html" if actor.kind is ActorKind.STAFF else "ui/portal.html"


def inbox(request: HttpRequest) -> HttpResponse:
    """GET lists, POST marks everything read."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if request.method == "POST":
        api.mark_read(actor, everything=True)
        return HttpResponseRedirect(reverse("support.messages"))
    only_unread = request.GET.get("state") == "unread"
    page = api.messages(
        actor, PageRequest.parse(request.GET.get("page"), request.GET.get("size")), only_unread=only_unread
    )
    return render(
        request, "support/inbox.html",
        {
            "base": _base(actor), "page": page, "unread": api.unread(actor), "only_unread": only_unread,
            "nothing": Empty(_("还没有消息"), _("您办的事有进展时，会在这里和短信里同时告诉您。"), icon="bell"),
        },
    )  # fmt: skip


def message(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """One message; opening it is reading it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = api.message(actor, message_id)
    if found is None:
        raise NotFound()
    api.mark_read(actor, message_ids=[message_id])
    return render(request, "support/message.html", {"base": _base(actor), "message": found, "facts": _facts(found)})


def _facts(found: MessageView) -> list[Fact]:
    words = {
        ReceiptState.QUEUED: _("短信待发"), ReceiptState.SENT: _("短信已发出"), ReceiptState.DELIVERED: _("短信已送达"),
        ReceiptState.FAILED: _("短信未送达"),
    }  # fmt: skip
    facts = [Fact(_("办件编号"), found.matter_number)] if found.matter_number else []
    return facts + [Fact(_("短信"), words[receipt.state], note=receipt.to_masked) for receipt in found.receipts]


def me_row(actor: Actor, context: Mapping[str, Any]) -> SlotPiece | None:
    """The row 消息 on 我的."""
    if actor.account_id is None:
        return None
    return SlotPiece(
        "support/me_row.html", {"unread": api.unread(actor), "href": reverse("support.messages")}, order=20
    )
