"""Screens of the exchange. Views parse, call the api, present."""

from django.utils.translation import gettext_lazy as _

from onecity.hubs.exchange import api
from onecity.hubs.exchange.contracts import Permission
from onecity.hubs.exchange.pages import (
    board,
    board_lists,
    cascade,
    clients,
    complaints,
    desk,
    exports,
    grant,
    pieces,
    portal,
    requests,
)
from onecity.kernel.slots import Face, Nav, Page, register_page, register_slot

__all__ = ["register"]

_GROUP = _("共享交换")


def register() -> None:
    """Called once in `ready()`."""
    for page in (*_of_persons(), *_of_the_desk(), *_of_operation()):
        register_page(page)
    register_slot("portal.home", pieces.home_card)
    register_slot("portal.me", pieces.me_row)
    register_slot("portal.me", pieces.consents_row)
    register_slot("desk.item", pieces.item_panel)
    register_slot("desk.figures", pieces.home_figures)
    register_slot("catalog.department", pieces.department_figures)


def _of_persons() -> tuple[Page, ...]:
    me, own = Face.PORTAL, Permission.OWN_ACCESSES
    return (
        Page(me, "/me/accesses", portal.accesses, "exchange.accesses", own),
        Page(me, "/me/accesses/<uuid:proof_id>", portal.access, "exchange.access", own),
        Page(me, "/me/accesses/<uuid:proof_id>/proof.json", portal.download, "exchange.proof", own),
        Page(me, "/me/consents", portal.consents, "exchange.consents", Permission.CONSENT),
        Page(me, "/me/accesses/export", portal.accesses_export, "exchange.accesses_export", own),
        Page(me, "/me/accesses/<uuid:proof_id>/complain", complaints.raise_one, "exchange.complain", Permission.COMPLAIN),
        Page(me, "/me/complaints", complaints.mine, "exchange.my_complaints", Permission.COMPLAIN),
    )  # fmt: skip


def _of_the_desk() -> tuple[Page, ...]:
    work, requests_nav = Face.DESK, Nav(_("数据申请"), "inbox", _GROUP, 61, api.to_answer)
    return (
        Page(work, "/desk/exchange/requests", requests.requests, "exchange.requests", Permission.READ_GRANTS, requests_nav),
        Page(work, "/desk/exchange/requests/<uuid:request_id>", requests.request_page, "exchange.request", Permission.READ_GRANTS),
        Page(
            work, "/desk/exchange/apply", requests.apply_search, "exchange.apply", Permission.REQUEST,
            Nav(_("申请数据"), "search", _GROUP, 60),
        ),
        Page(work, "/desk/exchange/apply/<slug:key>", requests.apply_form, "exchange.apply_form", Permission.REQUEST),
        Page(
            work, "/desk/exchange/complaints", complaints.complaints, "exchange.complaints", Permission.ANSWER_COMPLAINT,
            Nav(_("数据使用疑问"), "eye", _GROUP, 65),
        ),
        Page(
            work, "/desk/exchange/complaints/<uuid:complaint_id>", complaints.complaint_page, "exchange.complaint",
            Permission.ANSWER_COMPLAINT,
        ),
        Page(
            work, "/desk/exchange/board", board.board, "exchange.board", Permission.VIEW_BOARD,
            Nav(_("共享交换看板"), "activity", _GROUP, 66),
        ),
        Page(work, "/desk/exchange/board/calls", board_lists.calls, "exchange.board_calls", Permission.VIEW_BOARD),
        Page(work, "/desk/exchange/board/late", board_lists.late, "exchange.board_late", Permission.VIEW_BOARD),
        Page(Face.BRAIN, "/brain/exchange", board.wall, "exchange.wall", Permission.VIEW_BOARD, Nav(_("共享交换"), "activity", _GROUP, 20)),
    )  # fmt: skip


def _of_operation() -> tuple[Page, ...]:
    work = Face.DESK
    return (
        Page(
            work, "/desk/exchange/grants", desk.grants, "exchange.grants", Permission.READ_GRANTS,
            Nav(_("授权"), "key-round", _GROUP, 62),
        ),
        Page(
            work, "/desk/exchange/clients", clients.clients, "exchange.clients", Permission.REGISTER_CLIENT,
            Nav(_("调用系统"), "settings", _GROUP, 64),
        ),
        Page(work, "/desk/exchange/batches", clients.batches, "exchange.batches", Permission.CALL),
        Page(work, "/desk/exchange/batches/<uuid:batch_id>/file", clients.batch_file, "exchange.batch_file", Permission.CALL),
        Page(
            work, "/desk/exchange/batches/<uuid:batch_id>/manifest.json", clients.manifest, "exchange.manifest", Permission.CALL
        ),
        Page(work, "/desk/exchange/grants/<uuid:grant_id>", grant.grant, "exchange.grant", Permission.READ_GRANTS),
        Page(work, "/desk/exchange/grants/export", exports.grants, "exchange.grants_export", Permission.READ_GRANTS),
        Page(
            work, "/desk/exchange/sources", desk.sources, "exchange.sources", Permission.OPERATE_SOURCES,
            Nav(_("数据来源"), "activity", _GROUP, 63),
        ),
        Page(
            work, "/desk/exchange/cascade", cascade.cascade, "exchange.cascade", Permission.OPERATE_SOURCES,
            Nav(_("级联"), "activity", _GROUP, 67),
        ),
        Page(
            work, "/desk/exchange/cascade/<slug:superior>", cascade.subscribe, "exchange.cascade_offers", Permission.OPERATE_SOURCES
        ),
    )  # fmt: skip
