"""What the catalogue puts into other rooms' pages: a correction in the panel of its work item."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from onecity.hubs.catalog import api
from onecity.hubs.catalog.contracts import CorrectionState, Permission
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now
from onecity.kernel.errors import CityError
from onecity.kernel.policy import allows
from onecity.kernel.slots import SlotPiece
from onecity.ui.contracts import FigureCard

__all__ = ["home_figures", "item_panel"]


def home_figures(actor: Actor, context: Mapping[str, Any]) -> SlotPiece | None:
    """The steward's page: 待编目, 待校核, 逾期更新, each opening its list."""
    if not allows(actor, Permission.COMPILE):
        return None
    found, entries = api.steward_figures(actor), reverse("catalog.resources")
    lines = (
        (_("待编目"), found.to_compile, entries + "?state=unfinished", _("本单位还是草稿或已审核、没有发布的目录条目"), _("条")),
        (_("待校核"), found.to_answer, reverse("catalog.corrections") + "?state=raised", _("等本单位答复的数据异议"), _("件")),
        (_("逾期更新"), found.late, entries + "?late=1", _("数据时间早于条目自己声明的更新周期的已发布资源，实时资源不计"), _("个")),
    )  # fmt: skip
    cards = [
        FigureCard(
            title, f"{n:,}", unit, definition=words, scope=_("本单位"), as_of=now(), source=_("资源目录"), href=href
        )
        for title, n, href, words, unit in lines
    ]
    return SlotPiece("", {"cards": cards}, 30)


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
