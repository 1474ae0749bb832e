"""What open data put into other rooms' pages."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from onecity.hubs.opendata import api
from onecity.hubs.opendata.contracts import Permission
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now
from onecity.kernel.errors import CityError
from onecity.kernel.policy import allows
from onecity.kernel.slots import SlotPiece
from onecity.ui.contracts import FigureCard

__all__ = ["home_figures", "item_panel"]


def item_panel(actor: Actor, context: Mapping[str, Any]) -> SlotPiece | None:
    """A sheet, application or feedback in the panel of its work item."""
    item = context.get("item")
    if item is None:
        return None
    kind, number = item.matter.kind, item.matter.id
    try:
        if kind == api.REVIEW_MATTER:
            return SlotPiece("opendata/item_review.html", {"view": api.review(number)}, order=20)
        if kind == api.APPLICATION_MATTER:
            return SlotPiece("opendata/item_application.html", {"view": api.application(actor, number)}, order=20)
        if kind == api.FEEDBACK_MATTER:
            return SlotPiece("opendata/item_feedback.html", {"view": api.feedback(actor, number)}, order=20)
    except CityError:
        return None
    return None


def home_figures(actor: Actor, context: Mapping[str, Any]) -> SlotPiece | None:
    """For whoever answers the public: what waits."""
    if not allows(actor, Permission.ANSWER):
        return None
    waiting = api.unanswered(actor)
    card = FigureCard(
        _("开放待答复"), f"{waiting:,}", _("件"), definition=_("有条件开放申请和公众意见中还没有答复的"), as_of=now(), source=_("数据开放"),
        scope=_("本单位"), href=reverse("opendata.public"),
    )  # fmt: skip
    return SlotPiece("", {"cards": [card]}, 29)
