"""Facts of this hub, in the past tense.

Owns: their names and fields. Refuses personal data: ids and states only.
"""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from onecity.kernel.domain_event import DomainEvent

__all__ = ["AttachmentAdded", "DocumentPrinted", "SmsFailed", "TableExported"]


@dataclass(frozen=True)
class SmsFailed(DomainEvent):
    """A short message could not be delivered for good: somebody must call the person."""

    topic: ClassVar[str] = "support.sms_failed.v1"
    message_id: UUID
    template: str
    matter_number: str
    reason: str


@dataclass(frozen=True)
class AttachmentAdded(DomainEvent):
    """A file was attached to a matter."""

    topic: ClassVar[str] = "support.attachment_added.v1"
    attachment_id: UUID
    owner_kind: str
    owner_id: UUID
    media_type: str


@dataclass(frozen=True)
class DocumentPrinted(DomainEvent):
    """A document was printed from a template."""

    topic: ClassVar[str] = "support.document_printed.v1"
    document_id: UUID
    template: str
    number: str
    digest: str


@dataclass(frozen=True)
class TableExported(DomainEvent):
    """A table left the platform as a file."""

    topic: ClassVar[str] = "support.table_exported.v1"
    export_id: UUID
    title: str
    rows: int
    reason: str
