"""Screens of the catalogue."""

from django.utils.translation import gettext_lazy as _

from onecity.hubs.catalog import api
from onecity.hubs.catalog.contracts import Permission
from onecity.hubs.catalog.pages import corrections, pieces, resources
from onecity.kernel.slots import Face, Nav, Page, register_page, register_slot

__all__ = ["register"]


def register() -> None:
    """Called once in `ready()`."""
    desk, group = Face.DESK, _("资源目录")
    for page in (
        Page(
            desk, "/desk/catalog/resources", resources.listed, "catalog.resources", Permission.READ,
            Nav(_("资源目录"), "database", group, 51),
        ),
        Page(desk, "/desk/catalog/resources/<slug:key>", resources.one, "catalog.resource", Permission.READ),
        Page(
            desk, "/desk/catalog/corrections", corrections.listed, "catalog.corrections", Permission.ANSWER_CORRECTION,
            Nav(_("数据校核"), "spell-check", group, 52, api.to_answer),
        ),
        Page(
            desk, "/desk/catalog/corrections/<uuid:correction_id>", corrections.one, "catalog.correction",
            Permission.ANSWER_CORRECTION,
        ),
    ):  # fmt: skip
        register_page(page)
    register_slot("desk.item", pieces.item_panel)
    register_slot("desk.figures", pieces.home_figures)
