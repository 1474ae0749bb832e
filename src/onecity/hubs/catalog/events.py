"""Facts the catalogue announces. Versioned, frozen, past tense."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from onecity.kernel.domain_event import DomainEvent

__all__ = ["CorrectionAnswered", "CorrectionRaised", "ResourcePublished", "ResourceWithdrawn", "VersionPublished"]


@dataclass(frozen=True)
class ResourcePublished(DomainEvent):
    """A resource may be asked for."""

    topic: ClassVar[str] = "catalog.resource_published.v1"
    key: str
    code: str
    provider: str


@dataclass(frozen=True)
class ResourceWithdrawn(DomainEvent):
    """A resource may no longer be asked for."""

    topic: ClassVar[str] = "catalog.resource_withdrawn.v1"
    key: str
    reason: str


@dataclass(frozen=True)
class VersionPublished(DomainEvent):
    """A new version of the data is what readers get from now on."""

    topic: ClassVar[str] = "catalog.version_published.v1"
    resource: str
    version: int
    rows: int
    quarantined: int
    as_of: datetime


@dataclass(frozen=True)
class CorrectionRaised(DomainEvent):
    """Somebody says that a value is wrong; the provider has to answer."""

    topic: ClassVar[str] = "catalog.correction_raised.v1"
    correction_id: UUID
    resource: str
    subject: str
    field: str
    matter_number: str


@dataclass(frozen=True)
class CorrectionAnswered(DomainEvent):
    """The provider answered: `outcome` corrected (then `value` is right from now on) or upheld."""

    topic: ClassVar[str] = "catalog.correction_answered.v1"
    correction_id: UUID
    resource: str
    subject: str
    field: str
    outcome: str
    value: str
    opinion: str
    matter_number: str
