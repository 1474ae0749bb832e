"""Facts this hub announces. Past tense, versioned, frozen; no names and no numbers, only ids and references.

`PostEnded` matters most: whoever holds work for a post hands it to `successor_account`.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from onecity.kernel.domain_event import DomainEvent

__all__ = [
    "AccountClosed",
    "AccountOpened",
    "MandateEnded",
    "MandateRecorded",
    "OrganisationChanged",
    "OrganisationEnded",
    "PostEnded",
    "PostGiven",
    "RoleChanged",
]


@dataclass(frozen=True)
class OrganisationChanged(DomainEvent):
    """An organisation was founded or one of its facts changed."""

    topic: ClassVar[str] = "identity.organisation_changed.v1"
    code: str
    area: str


@dataclass(frozen=True)
class OrganisationEnded(DomainEvent):
    """An organisation ended; `successor` carries on its duties, "" if nobody does."""

    topic: ClassVar[str] = "identity.organisation_ended.v1"
    code: str
    ended_on: date
    successor: str


@dataclass(frozen=True)
class AccountOpened(DomainEvent):
    """A resident, enterprise or staff account was opened."""

    topic: ClassVar[str] = "identity.account_opened.v1"
    account_id: UUID
    kind: str
    subject: str


@dataclass(frozen=True)
class AccountClosed(DomainEvent):
    """An account can no longer be entered."""

    topic: ClassVar[str] = "identity.account_closed.v1"
    account_id: UUID
    reason: str


@dataclass(frozen=True)
class PostGiven(DomainEvent):
    """Someone took up a post."""

    topic: ClassVar[str] = "identity.post_given.v1"
    post_id: UUID
    account_id: UUID
    organisation: str
    area: str


@dataclass(frozen=True)
class PostEnded(DomainEvent):
    """Someone left a post; their open work for `organisation` goes to `successor_account` (None = to the pool)."""

    topic: ClassVar[str] = "identity.post_ended.v1"
    post_id: UUID
    account_id: UUID
    organisation: str
    successor_account: UUID | None
    successor_post: UUID | None


@dataclass(frozen=True)
class RoleChanged(DomainEvent):
    """A role's permissions changed; open sessions of its holders were refreshed."""

    topic: ClassVar[str] = "identity.role_changed.v1"
    key: str


@dataclass(frozen=True)
class MandateRecorded(DomainEvent):
    """`agent` may act for `principal` from now on."""

    topic: ClassVar[str] = "identity.mandate_recorded.v1"
    mandate_id: UUID
    principal: str
    agent: str
    kind: str


@dataclass(frozen=True)
class MandateEnded(DomainEvent):
    """A mandate ended before its time."""

    topic: ClassVar[str] = "identity.mandate_ended.v1"
    mandate_id: UUID
    principal: str
    agent: str
    reason: str
