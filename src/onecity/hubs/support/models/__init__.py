"""Tables of this hub, one aggregate per file; private."""

from onecity.hubs.support.models.attachment import Attachment
from onecity.hubs.support.models.dictionary import DictionaryEntry
from onecity.hubs.support.models.document import DocumentTrace, ExportTrace, PrintTemplate
from onecity.hubs.support.models.message import Message, MessageTemplate, SmsOut, SmsRule, SmsTwin
from onecity.hubs.support.models.number import NumberSeries

__all__ = [
    "Attachment", "DictionaryEntry", "DocumentTrace", "ExportTrace", "Message", "MessageTemplate", "NumberSeries",
    "PrintTemplate", "SmsOut", "SmsRule", "SmsTwin",
]  # fmt: skip
