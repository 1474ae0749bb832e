"""What the exchange puts into other rooms' pages."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from onecity.hubs.exchange import api
from onecity.hubs.exchange.contracts import RefusalCode
from onecity.hubs.exchange.pages.portal import latest
from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.errors import CityError
from onecity.kernel.slots import SlotPiece

__all__ = ["consents_row", "home_card", "item_panel", "me_row"]


def _is_person(actor: Actor) -> bool:
    return actor.kind in (ActorKind.RESIDENT, ActorKind.ENTERPRISE) and bool(actor.subject)


def home_card(actor: Actor, context: Mapping[str, Any]) -> SlotPiece | None:
    """谁用过我的数据 on the home page."""
    if not _is_person(actor):
        return None
    shown = {
        "total": api.accesses_total(actor), "latest": latest(actor),
        "href": reverse("exchange.accesses"),
    }  # fmt: skip
    return SlotPiece("exchange/home_card.html", shown, order=70)


def me_row(actor: Actor, context: Mapping[str, Any]) -> SlotPiece | None:
    """The row 谁用过我的数据 on 我的."""
    return (
        SlotPiece("exchange/me_row.html", {"href": reverse("exchange.accesses")}, order=40)
        if _is_person(actor)
        else None
    )


def consents_row(actor: Actor, context: Mapping[str, Any]) -> SlotPiece | None:
    """The row 我的授权 on 我的."""
    if not _is_person(actor):
        return None
    return SlotPiece("exchange/consents_row.html", {"href": reverse("exchange.consents")}, order=45)


def item_panel(actor: Actor, context: Mapping[str, Any]) -> SlotPiece | None:
    """A request for data in the panel of its work item."""
    item = context.get("item")
    if item is None or item.matter.kind != api.REQUEST_MATTER:
        return None
    try:
        found = api.request(actor, item.matter.id)
    except CityError:
        return None
    return SlotPiece("exchange/item_panel.html", {"request_view": found, "refusals": list(RefusalCode)}, order=20)
