"""Screens of the exchange. Views parse, call the api, present."""

from django.utils.translation import gettext_lazy as _

from onecity.hubs.exchange import api
from onecity.hubs.exchange.contracts import Permission
from onecity.hubs.exchange.pages import board, clients, complaints, desk, exports, pieces, portal, requests
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
        Page(me, "/me/accesses/export", portal.accesses_export, "exchange.accesses_export", own),
        Page(me, "/me/accesses/<uuid:proof_id>/complain", complaints.raise_one, "exchange.complain", Permission.COMPLAIN),
        Page(me, "/me/complaints", complaints.mine, "exchange.my_complaints", Permission.COMPLAIN),
        Page(work, "/desk/exchange/requests", requests.requests, "exchange.requests", Permission.READ_GRANTS, requests_nav),
        Page(work, "/desk/exchange/requests/<uuid:request_id>", requests.request_page, "exchange.request", Permission.READ_GRANTS),
        Page(
            work, "/desk/exchange/apply", requests.apply_search, "exchange.apply", Permission.REQUEST,
            Nav(_("申请数据"), "search", group, 60),
        ),
        Page(work, "/desk/exchange/apply/<slug:key>", requests.apply_form, "exchange.apply_form", Permission.REQUEST),
        Page(
            work, "/desk/exchange/complaints", complaints.complaints, "exchange.complaints", Permission.ANSWER_COMPLAINT,
            Nav(_("数据使用疑问"), "eye", group, 65),
        ),
        Page(
            work, "/desk/exchange/complaints/<uuid:complaint_id>", complaints.complaint_page, "exchange.complaint",
            Permission.ANSWER_COMPLAINT,
        ),
        Page(
            work, "/desk/exchange/board", board.board, "exchange.board", Permission.VIEW_BOARD,
            Nav(_("共享交换看板"), "activity", group, 66),
        ),
        Page(Face.BRAIN, "/brain/exchange", board.wall, "exchange.wall", Permission.VIEW_BOARD, Nav(_("共享交换"), "activity", group, 20)),
        Page(
            work, "/desk/exchange/grants", desk.grants, "exchange.grants", Permission.READ_GRANTS,
            Nav(_("授权"), "key-round", group, 62),
        ),
        Page(
            work, "/desk/exchange/clients", clients.clients, "exchange.clients", Permission.REGISTER_CLIENT,
            Nav(_("调用系统"), "settings", group, 64),
        ),
        Page(work, "/desk/exchange/batches", clients.batches, "exchange.batches", Permission.CALL),
        Page(work, "/desk/exchange/batches/<uuid:batch_id>/file", clients.batch_file, "exchange.batch_file", Permission.CALL),
        Page(
            work, "/desk/exchange/batches/<uuid:batch_id>/manifest.json", clients.manifest, "exchange.manifest", Permission.CALL
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
