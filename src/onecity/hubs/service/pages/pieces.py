"""What the service hub shows on pages of others: cards of the home page and the panel of a work item."""

from collections.abc import Mapping
from typing import Any

from onecity.hubs.service import api
from onecity.hubs.service.contracts import Permission
from onecity.hubs.service.pages.application import steps_of
from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.policy import allows
from onecity.kernel.slots import SlotPiece

__all__ = ["bundle_tiles", "item_panel", "my_matters"]


def my_matters(actor: Actor, context: Mapping[str, Any]) -> SlotPiece | None:
    """The person's own matters come before the catalogue."""
    if actor.kind not in (ActorKind.RESIDENT, ActorKind.ENTERPRISE):
        return None
    rows = api.my_applications(actor)
    newest = api.application(actor, rows[0].id) if rows else None
    return SlotPiece(
        "service/home_matters.html",
        {"rows": rows, "newest": newest, "steps": steps_of(newest.steps) if newest else ()},
        20,
    )


def bundle_tiles(actor: Actor, context: Mapping[str, Any]) -> SlotPiece | None:
    """一件事, each with what it saves."""
    found = api.bundles()
    return SlotPiece("service/home_bundles.html", {"bundles": found}, 30) if found else None


def item_panel(actor: Actor, context: Mapping[str, Any]) -> SlotPiece | None:
    """The application behind a work item."""
    item = context["item"]
    if item.matter.kind != "service.application" or not allows(actor, Permission.VIEW):
        return None
    return SlotPiece(
        "service/item_panel.html", {"application": api.application(actor, item.matter.id), "item": item}, 20
    )
