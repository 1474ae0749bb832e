"""Facts the exchange announces. Versioned, frozen, past tense. Calls are no events: they stand in the proof log."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from onecity.kernel.domain_event import DomainEvent

__all__ = [
    "AccessGranted", "AccessOverdue", "AccessRefused", "AccessRequested", "ComplaintAnswered", "ComplaintRaised",
    "ConsentRecorded", "ConsentTakenBack", "CrawlSuspected", "EmergencyEnded", "GrantLimited", "GrantRevoked",
    "SourceRestored", "SourceStopped",
]  # fmt: skip


@dataclass(frozen=True)
class AccessRequested(DomainEvent):
    """A consumer asks a provider."""

    topic: ClassVar[str] = "exchange.access_requested.v1"
    request_id: UUID
    interface: str
    consumer: str
    provider: str


@dataclass(frozen=True)
class AccessGranted(DomainEvent):
    """The provider agreed."""

    topic: ClassVar[str] = "exchange.access_granted.v1"
    request_id: UUID
    grant_id: UUID
    interface: str
    consumer: str


@dataclass(frozen=True)
class AccessRefused(DomainEvent):
    """The provider refused, with a coded reason."""

    topic: ClassVar[str] = "exchange.access_refused.v1"
    request_id: UUID
    interface: str
    consumer: str
    refusal: str


@dataclass(frozen=True)
class GrantRevoked(DomainEvent):
    """The provider took a grant back."""

    topic: ClassVar[str] = "exchange.grant_revoked.v1"
    grant_id: UUID
    interface: str
    consumer: str
    reason: str


@dataclass(frozen=True)
class GrantLimited(DomainEvent):
    """Calls a day or a second, or the rows of a grant were changed by its owner; the next call is held to it."""

    topic: ClassVar[str] = "exchange.grant_limited.v1"
    grant_id: UUID
    interface: str
    consumer: str
    reason: str


@dataclass(frozen=True)
class ConsentRecorded(DomainEvent):
    """A person allowed something."""

    topic: ClassVar[str] = "exchange.consent_recorded.v1"
    consent_id: UUID
    subject: str
    matter: str
    until: datetime


@dataclass(frozen=True)
class ConsentTakenBack(DomainEvent):
    """A person withdrew a consent; the next call under it is refused."""

    topic: ClassVar[str] = "exchange.consent_withdrawn.v1"
    consent_id: UUID
    subject: str
    matter: str
    reason: str


@dataclass(frozen=True)
class SourceStopped(DomainEvent):
    """A provider's supply stands still."""

    topic: ClassVar[str] = "exchange.source_stopped.v1"
    provider: str
    reason: str


@dataclass(frozen=True)
class SourceRestored(DomainEvent):
    """A provider's supply runs again."""

    topic: ClassVar[str] = "exchange.source_restored.v1"
    provider: str


@dataclass(frozen=True)
class AccessOverdue(DomainEvent):
    """Nobody answered a request within its limit; it is supervised, not granted."""

    topic: ClassVar[str] = "exchange.access_overdue.v1"
    request_id: UUID
    interface: str
    consumer: str
    provider: str


@dataclass(frozen=True)
class EmergencyEnded(DomainEvent):
    """An emergency grant's hour came; its use is to be reported."""

    topic: ClassVar[str] = "exchange.emergency_ended.v1"
    grant_id: UUID
    interface: str
    consumer: str
    calls: int


@dataclass(frozen=True)
class ComplaintRaised(DomainEvent):
    """A person asks why its data were used."""

    topic: ClassVar[str] = "exchange.complaint_raised.v1"
    complaint_id: UUID
    number: str
    organisation: str
    subject: str


@dataclass(frozen=True)
class ComplaintAnswered(DomainEvent):
    """The department answered; the person sees it."""

    topic: ClassVar[str] = "exchange.complaint_answered.v1"
    complaint_id: UUID
    number: str
    organisation: str
    subject: str


@dataclass(frozen=True)
class CrawlSuspected(DomainEvent):
    """A machine's questions mostly find nobody, as when numbers are enumerated; the gateway slows it down."""

    topic: ClassVar[str] = "exchange.crawl_suspected.v1"
    client: str
    interface: str
    consumer: str
    consumer_name: str
    grant_id: str
    calls: int
    misses: int
    seconds: int
