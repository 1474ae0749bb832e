"""Screens of this hub: inbox, one message, attachment preview, the check of a printed page, receipts for staff."""

from django.utils.translation import gettext_lazy as _

from onecity.hubs.support.contracts import Permission
from onecity.hubs.support.pages import files, inbox, printed, receipts
from onecity.kernel.slots import Face, Nav, Page, register_page, register_slot

__all__ = ["connect"]


def connect() -> None:
    """Register pages and pieces."""
    register_page(Page(Face.PORTAL, "/messages", inbox.inbox, "support.messages", permission=""))
    register_page(Page(Face.PORTAL, "/messages/<uuid:message_id>", inbox.message, "support.message", permission=""))
    register_page(
        Page(Face.PORTAL, "/attachments/<uuid:attachment_id>", files.preview, "support.attachment", permission="")
    )
    register_page(
        Page(
            Face.PORTAL,
            "/attachments/<uuid:attachment_id>/file",
            files.content,
            "support.attachment_file",
            permission="",
        )
    )
    register_page(Page(Face.PORTAL, "/documents/<uuid:document_id>", printed.printed, "support.printed"))
    register_page(
        Page(
            Face.DESK, "/desk/support/receipts", receipts.receipts, "support.receipts",
            permission=Permission.RECEIPT_READ,
            nav=Nav(_("短信回执"), "message-square", group=_("公共支撑"), order=80),
        )
    )  # fmt: skip
    register_slot("portal.me", inbox.me_row)
