"""Screens of the registers: the desk of those who keep and use them, and what everybody sees of oneself."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from onecity.hubs.registers import api
from onecity.hubs.registers.contracts import Permission as P
from onecity.hubs.registers.pages import credit, look, portal, rows, uses
from onecity.kernel.slots import Face, Nav, Page, register_page, register_slot

__all__ = ["register"]

_GROUP = _("基础库")
DESK, ME = "/desk/registers", "/me/registers"


def register() -> None:
    """Called once in `ready()`."""
    desk: tuple[tuple[str, Callable[..., Any], str, str, Nav | None], ...] = (
        ("", look.home, "home", P.BROWSE, Nav(_("基础库"), "database", _GROUP, 71)),
        ("/search", look.search, "search", P.BROWSE, Nav(_("查询主体"), "search", _GROUP, 72)),
        ("/entity", look.entity, "entity", P.BROWSE, None),
        ("/unmask", look.unmask, "unmask", P.UNMASK, None),
        ("/conflicts", rows.conflicts, "conflicts", P.BROWSE, Nav(_("来源不一致"), "git-compare", _GROUP, 73)),
        ("/sources", rows.sources, "sources", P.BROWSE, Nav(_("一数一源"), "list-tree", _GROUP, 74)),
        ("/correct", rows.correct, "correct", P.BROWSE, None),
        ("/credit", credit.file, "credit", P.CREDIT, None),
        ("/credit/report", credit.report, "credit_report", P.CREDIT, None),
        (
            "/credit/matters", credit.matters, "credit_matters", P.ANSWER_CREDIT,
            Nav(_("信用修复与异议"), "scale", _GROUP, 76, api.matters_to_answer),
        ),
        ("/credit/matters/<uuid:matter_id>", credit.matter, "credit_matter", P.ANSWER_CREDIT, None),
        ("/uses", uses.listed, "uses", P.USE, Nav(_("典型应用"), "combine", _GROUP, 75)),
        ("/uses/<slug:key>", uses.one, "use", P.USE, None),
    )  # fmt: skip
    for path, view, name, permission, nav in desk:
        register_page(Page(Face.DESK, f"{DESK}{path}", view, f"registers.{name}", permission, nav))
    own: tuple[tuple[str, Callable[..., Any], str], ...] = (
        ("", portal.mine, "mine"),
        ("/correct", portal.correct, "mine_correct"),
        ("/credit", portal.credit, "mine_credit"),
        ("/credit/report", portal.report, "mine_report"),
        ("/credit/matter", portal.matter, "mine_matter"),
    )
    for path, view, name in own:
        register_page(Page(Face.PORTAL, f"{ME}{path}", view, f"registers.{name}", P.OWN))
    register_slot("portal.me", portal.me_row)
    register_slot("desk.item", credit.item_panel)
