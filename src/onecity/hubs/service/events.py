"""Facts of the service hub. Owns past-tense, versioned, frozen events. Refuses personal data beyond references."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from onecity.kernel.domain_event import DomainEvent


@dataclass(frozen=True)
class ApplicationOpened(DomainEvent):
    """A draft exists; its data are being fetched."""

    topic: ClassVar[str] = "service.application_opened.v1"
    application_id: UUID
    bundle: str
    area: str


@dataclass(frozen=True)
class ApplicationSubmitted(DomainEvent):
    """Handed in, once."""

    topic: ClassVar[str] = "service.application_submitted.v1"
    application_id: UUID
    number: str
    bundle: str
    area: str
    person: str
    waiting: tuple[str, ...]


@dataclass(frozen=True)
class ApplicationClassified(DomainEvent):
    """A rule has spoken. `outcome` = pass | person | ineligible."""

    topic: ClassVar[str] = "service.application_classified.v1"
    application_id: UUID
    number: str
    bundle: str
    area: str
    person: str
    outcome: str
    category: str
    rule: str
    rule_version: str
    data: dict[str, str]


@dataclass(frozen=True)
class ApplicationQualified(DomainEvent):
    """By rule or by a reviewer: the application meets the conditions of `category`. The pack resolves what follows."""

    topic: ClassVar[str] = "service.application_qualified.v1"
    application_id: UUID
    number: str
    bundle: str
    area: str
    person: str
    category: str
    rule: str
    by_person: bool
    data: dict[str, str]


@dataclass(frozen=True)
class ApplicationReopened(DomainEvent):
    """A department corrected a value and the rule says something else now: what was resolved so far no longer holds.

    ApplicationClassified, and ApplicationQualified when the conditions are met, follow.
    """

    topic: ClassVar[str] = "service.application_reopened.v1"
    application_id: UUID
    number: str
    bundle: str


@dataclass(frozen=True)
class ApplicationDecided(DomainEvent):
    """Granted or refused."""

    topic: ClassVar[str] = "service.application_decided.v1"
    application_id: UUID
    number: str
    bundle: str
    person: str
    granted: bool
    rule: str
    reason: str


@dataclass(frozen=True)
class AuthorisationWithdrawn(DomainEvent):
    """The applicant took the authorisation back; the case goes on with papers under the same number."""

    topic: ClassVar[str] = "service.authorisation_withdrawn.v1"
    application_id: UUID
    number: str
    bundle: str


@dataclass(frozen=True)
class ApplicationWithdrawn(DomainEvent):
    """The applicant took the application back."""

    topic: ClassVar[str] = "service.application_withdrawn.v1"
    application_id: UUID
    number: str
    bundle: str
    person: str


@dataclass(frozen=True)
class ApplicationRated(DomainEvent):
    """好差评 given."""

    topic: ClassVar[str] = "service.application_rated.v1"
    application_id: UUID
    bundle: str
    level: str
