"""The facts a call is judged by, as one immutable picture of a version. Owns shapes; loading is the edge's work."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from onecity.hubs.exchange.contracts import Basis, Mode

__all__ = ["ClientFacts", "ConsentFacts", "GrantFacts", "InterfaceFacts", "Snapshot"]


@dataclass(frozen=True, slots=True)
class InterfaceFacts:
    """An interface. `identifiers` are its items that come as a reference and a mask."""

    key: str
    name: str
    resource: str
    provider: str
    provider_name: str
    mode: Mode
    key_field: str
    fields: tuple[str, ...]
    identifiers: frozenset[str]
    labels: Mapping[str, str]
    masks: Mapping[str, str]
    basis: Basis
    legal_basis: str
    source: str
    modes: tuple[Mode, ...] = ()
    filters: tuple[str, ...] = ()
    page_limit: int = 100


@dataclass(frozen=True, slots=True)
class GrantFacts:
    """A grant, active or not. `quota` calls a day, 0 = unlimited. `valid_to` is the last day.

    The fields from `modes` on are enforced by `rules.limits_of_grant`; empty ones limit nothing.
    """

    id: UUID
    consumer: str
    interface: str
    fields: frozenset[str]
    purpose: str
    basis: Basis
    legal_basis: str
    quota: int
    valid_from: date
    valid_to: date
    active: bool
    modes: tuple[Mode, ...] = ()
    rows_limit: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    masks: Mapping[str, str] = field(default_factory=dict)
    rate: int = 0
    ends_at: datetime | None = None
    person_required: bool = False
    matter_required: bool = False


@dataclass(frozen=True, slots=True)
class ConsentFacts:
    """A consent. `covers` = the references it speaks for; the giver is always among them."""

    id: UUID
    subject: str
    covers: frozenset[str]
    interfaces: frozenset[str]
    purpose: str
    matter: str
    until: datetime
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class ClientFacts:
    """A machine client that is not revoked. With a `thumbprint` it must show the certificate that has it (SHA-256, hex)."""

    id: UUID
    organisation: str
    organisation_name: str
    name: str
    public_key: str
    thumbprint: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything but consents and data."""

    version: int
    interfaces: Mapping[str, InterfaceFacts] = field(default_factory=dict)
    grants: Mapping[tuple[str, str], tuple[GrantFacts, ...]] = field(default_factory=dict)
    clients: Mapping[UUID, ClientFacts] = field(default_factory=dict)
    stopped: Mapping[str, str] = field(default_factory=dict)
