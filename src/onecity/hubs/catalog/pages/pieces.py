"""What the catalogue puts into other rooms' pages: a correction in the panel of its work item."""

from collections.abc import Mapping
from typing import Any

from onecity.hubs.catalog import api
from onecity.hubs.catalog.contracts import CorrectionState
from onecity.kernel.actor import Actor
from onecity.kernel.errors import CityError
from onecity.kernel.slots import SlotPiece

__all__ = ["item_panel"]


def item_panel(actor: Actor, context: Mapping[str, Any]) -> SlotPiece | None:
    """The correction behind a work item, with its answer form."""
    item = context.get("item")
    if item is None or item.matter.kind != api.CORRECTION_MATTER:
        return None
    try:
        found = api.correction(actor, item.matter.id)
    except CityError:
        return None
    return SlotPiece(
        "catalog/item_panel.html", {"correction": found, "open": found.state is CorrectionState.RAISED}, order=20
    )
