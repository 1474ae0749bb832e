"""What may leave this hub: frozen values and its permissions.

Owns: the shapes other hubs hold. Refuses behaviour and the framework.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

__all__ = [
    "AttachmentContent", "AttachmentLimits", "AttachmentView", "Channel", "Entry", "ExportedFile", "ImportReport",
    "MessageView", "Permission", "PrintTrace", "PrintedDocument", "ReceiptState", "ReceiptView",
]  # fmt: skip


class Permission(StrEnum):
    """What may be allowed or refused in this hub. Sending, printing and numbering are asked for by verbs of other hubs,
    which check their own permission; those verbs here only refuse the anonymous."""

    MESSAGE_READ = "support.message.read"
    RECEIPT_READ = "support.receipt.read"
    ATTACHMENT_ADD = "support.attachment.add"
    TABLE_EXPORT = "support.table.export"
    DICTIONARY_EDIT = "support.dictionary.edit"


class Channel(StrEnum):
    """How a message reaches a person."""

    APP = "app"
    SMS = "sms"


class ReceiptState(StrEnum):
    """Where an outgoing short message stands. `failed` is final; a person must then call."""

    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """One outgoing short message; the number is masked."""

    id: UUID
    message_id: UUID
    state: ReceiptState
    to_masked: str
    text: str
    attempts: int
    not_before: datetime
    updated_at: datetime
    error: str = ""


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message in the inbox of its recipient."""

    id: UUID
    template: str
    title: str
    body: str
    link: str
    matter_number: str
    at: datetime
    read_at: datetime | None
    receipts: tuple[ReceiptView, ...] = ()


@dataclass(frozen=True, slots=True)
class AttachmentLimits:
    """What may be uploaded; shown before the file is chosen. `largest` in bytes."""

    media_types: tuple[str, ...]
    suffixes: tuple[str, ...]
    largest: int
    at_most: int


@dataclass(frozen=True, slots=True)
class AttachmentView:
    """One uploaded file. `rotation` in degrees clockwise; `preview` is image, pdf or none."""

    id: UUID
    owner_kind: str
    owner_id: UUID
    name: str
    media_type: str
    size: int
    digest: str
    rotation: int
    uploaded_by: str
    uploaded_at: datetime
    preview: str


@dataclass(frozen=True, slots=True)
class AttachmentContent:
    """The bytes of an attachment as they are handed out; `watermarked` tells whether a mark was burnt in."""

    name: str
    media_type: str
    content: bytes
    watermarked: bool


@dataclass(frozen=True, slots=True)
class PrintedDocument:
    """A document as printed. `missing` lists characters no installed font could draw: tell the clerk."""

    id: UUID
    digest: str
    pdf: bytes
    number: str = ""
    title: str = ""
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PrintTrace:
    """What anyone who scans a printed page may know: no personal data, only that we printed it."""

    id: UUID
    title: str
    number: str
    organisation_name: str
    printed_at: datetime
    digest: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One time-valid row of a dictionary, in official order."""

    code: str
    label: str
    label_en: str
    valid_from: date
    valid_to: date | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """Outcome of an import: rows taken, and per refused row its number (as in the sheet) and the reason."""

    taken: int
    refused: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """An exported table; its trace row carries the same id."""

    id: UUID
    name: str
    content: bytes
    rows: int
    media_type: str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
