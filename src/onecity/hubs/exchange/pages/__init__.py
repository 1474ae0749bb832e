"""Screens of the exchange. Views parse, call the api, present."""

from django.utils.translation import gettext_lazy as _

from onecity.hubs.exchange import api
from onecity.hubs.exchange.contracts import Permission
from onecity.hubs.exchange.pages import desk, exports, pieces, portal
from onecity.kernel.slots import Face, Nav, Page, register_page, register_slot

__all__ = ["register"]


def register() -> None:
    """Called once in `ready()`."""
    me, work = Face.PORTAL, Face.DESK
    own, group = Permission.OWN_ACCESSES, _("共享交换")
    requests_nav = Nav(_("数据申请"), "inbox", group, 61, api.to_answer)
    for page in (
        Page(me, "/me/accesses", portal.accesses, "exchange.accesses", own),
        Page(me, "/me/accesses/<uuid:proof_id>", portal.access, "exchange.access", own),
        Page(me, "/me/accesses/<uuid:proof_id>/proof.json", portal.download, "exchange.proof", own),
        Page(me, "/me/consents", portal.consents, "exchange.consents", Permission.CONSENT),
        Page(work, "/desk/exchange/requests", desk.requests, "exchange.requests", Permission.ANSWER, requests_nav),
        Page(work, "/desk/exchange/requests/<uuid:request_id>", desk.request_page, "exchange.request", Permission.ANSWER),
        Page(
            work, "/desk/exchange/grants", desk.grants, "exchange.grants", Permission.READ_GRANTS,
            Nav(_("授权"), "key-round", group, 62),
        ),
        Page(work, "/desk/exchange/grants/export", exports.grants, "exchange.grants_export", Permission.READ_GRANTS),
        Page(
            work, "/desk/exchange/sources", desk.sources, "exchange.sources", Permission.OPERATE_SOURCES,
            Nav(_("数据来源"), "activity", group, 63),
        ),
    ):  # fmt: skip
        register_page(page)
    register_slot("portal.home", pieces.home_card)
    register_slot("portal.me", pieces.me_row)
    register_slot("portal.me", pieces.consents_row)
    register_slot("desk.item", pieces.item_panel)
    register_slot("desk.figures", pieces.home_figures)
