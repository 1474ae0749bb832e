"""The front door of 公共支撑. Every verb takes the actor first; reads re-exported from `queries`."""

from onecity.hubs.support.contracts import (
    AttachmentContent,
    AttachmentLimits,
    AttachmentView,
    Channel,
    Entry,
    ExportedFile,
    ImportReport,
    MessageView,
    Permission,
    PrintedDocument,
    PrintTrace,
    ReceiptState,
    ReceiptView,
)
from onecity.hubs.support.queries import (
    attachment,
    attachment_limits,
    attachments,
    dictionary,
    message,
    messages,
    printed_trace,
    receipts,
    unread,
)
from onecity.hubs.support.services.apply_declaration import apply_declaration
from onecity.hubs.support.services.attach import attach, remove_attachment, rotate_attachment
from onecity.hubs.support.services.deliver_sms import collect_receipts, deliver_sms
from onecity.hubs.support.services.dictionaries import import_dictionary
from onecity.hubs.support.services.export_table import REASON_FROM_ROWS, export_table
from onecity.hubs.support.services.marking import attachment_content, mark_of
from onecity.hubs.support.services.next_number import next_number, next_serials
from onecity.hubs.support.services.print_document import print_document, qr_svg
from onecity.hubs.support.services.read_message import mark_read
from onecity.hubs.support.services.send_message import send_message
from onecity.hubs.support.services.set_sms_rule import set_sms_rule

__all__ = [
    "REASON_FROM_ROWS", "AttachmentContent", "AttachmentLimits", "AttachmentView", "Channel", "Entry", "ExportedFile",
    "ImportReport", "MessageView", "Permission", "PrintTrace", "PrintedDocument", "ReceiptState", "ReceiptView",
    "apply_declaration", "attach", "attachment", "attachment_content", "attachment_limits", "attachments",
    "collect_receipts", "deliver_sms", "dictionary", "export_table", "import_dictionary", "mark_of", "mark_read",
    "message", "messages",
    "next_number", "next_serials", "print_document", "printed_trace", "qr_svg", "receipts", "remove_attachment",
    "rotate_attachment", "send_message", "set_sms_rule", "unread",
]  # fmt: skip
