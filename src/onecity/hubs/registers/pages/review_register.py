"""Where the review desk stands among the pages, and what it adds to the panel of a work item."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from onecity.hubs.registers.api import resolution as api
from onecity.hubs.registers.api import splitting
from onecity.hubs.registers.contracts.resolution import ResolutionPermission
from onecity.hubs.registers.pages import review, splits
from onecity.kernel.actor import Actor
from onecity.kernel.errors import CityError
from onecity.kernel.slots import Face, Nav, Page, SlotPiece, register_page, register_slot

__all__ = ["register"]


def register() -> None:
    """Called once in `ready()`."""
    desk, group, may = Face.DESK, _("基础库"), ResolutionPermission.REVIEW
    for page in (
        Page(
            desk,
            "/desk/registers/review",
            review.listed,
            "registers.reviews",
            may,
            Nav(_("身份复核"), "users", group, 58, api.open_reviews),
        ),
        Page(desk, "/desk/registers/review/acts", review.acts, "registers.acts", may),
        Page(desk, "/desk/registers/review/acts/<uuid:act_id>/undo", review.undo, "registers.undo", may),
        Page(desk, "/desk/registers/review/person/<uuid:entity>", splits.person, "registers.person", may),
        Page(desk, "/desk/registers/review/splits/<uuid:split_id>", splits.one, "registers.split", may),
        Page(desk, "/desk/registers/review/<uuid:review_id>", review.one, "registers.review", may),
        Page(desk, "/desk/registers/resolution", review.report, "registers.resolution", may),
        Page(desk, "/desk/registers/resolution/run", review.run, "registers.resolution_run", ResolutionPermission.RUN),
    ):
        register_page(page)
    register_slot("desk.item", item_panel)


def item_panel(actor: Actor, context: Mapping[str, Any]) -> SlotPiece | None:
    """The pair behind a work item, in short, with the way to it."""
    item = context.get("item")
    if item is None or item.matter.kind not in (api.REVIEW_MATTER, splitting.SPLIT_MATTER):
        return None
    try:
        if item.matter.kind == splitting.SPLIT_MATTER:
            split = splitting.split(actor, split_id=item.matter.id)
            return SlotPiece("registers/split_panel.html", {"split": split}, order=20)
        view = api.review(actor, review_id=item.matter.id)
    except CityError:
        return None
    return SlotPiece("registers/review_panel.html", {"review": view}, order=20)
