"""What packs may declare (`declares/exchange.yaml`) and what others may supply: live sources.

Owns the schemas, the Source protocol and its register. Refuses to apply or to call anything.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date, datetime
from typing import Any, Literal, Protocol
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from onecity.hubs.exchange.contracts import Basis, Mode
from onecity.hubs.exchange.contracts.cascade import (
    DownflowPage,
    OfferPage,
    ReportAnswer,
    ReportedEntry,
    Standing,
    SubscriptionAnswer,
    SubscriptionWish,
)
from onecity.hubs.exchange.rules.bundle import bundle_faults
from onecity.hubs.exchange.rules.log_file import LogReport, log_report
from onecity.kernel.actor import Actor
from onecity.kernel.subject import SubjectRef

__all__ = [
    "Declaration", "DeclaredGrant", "DeclaredInterface", "DeclaredSource", "Source", "SourceAnswer", "SourceQuery",
    "SuperiorLine",
    "check_log", "proof_faults", "register_source", "register_wards", "registered_source", "registered_sources", "wards_of",
]  # fmt: skip

_KEY = r"^[a-z][a-z0-9_]{0,60}$"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DeclaredSource(_Strict):
    """A live source. `address` http(s)://host:port; `timeout` seconds; `attempts` per call; `outage` "HH:MM-HH:MM" city time."""

    name: str = Field(pattern=_KEY)
    adapter: Literal["cascade", "node"] = "cascade"
    address: str = Field(pattern=r"^https?://[^/]+$")
    timeout: float = Field(default=6.0, gt=0, le=60)
    outage: str = Field(default="", pattern=r"^(\d{2}:\d{2}-\d{2}:\d{2})?$")
    superior: str = ""
    options: dict[str, str] = Field(default_factory=dict)


class DeclaredInterface(_Strict):
    """One way to ask a resource. `fields` empty = all items of the resource; `source` names a live source."""

    key: str = Field(pattern=_KEY)
    name: str = ""
    resource: str = Field(pattern=_KEY)
    key_field: str = Field(min_length=1)
    fields: tuple[str, ...] = ()
    mode: Mode = Mode.LOOKUP
    basis: Basis = Basis.STATUTORY
    legal_basis: str = ""
    source: str = ""
    modes: tuple[Mode, ...] = ()
    filters: tuple[str, ...] = ()
    page_limit: int = Field(default=100, ge=1, le=1000)
    masks: dict[str, Literal["name", "phone", "number", "address"]] = Field(default_factory=dict)


class DeclaredGrant(_Strict):
    """A grant the pack asks for. `consumer` is an organisation's key; `fields` and `modes` empty = all of the interface."""

    consumer: str = Field(min_length=1)
    interface: str = Field(pattern=_KEY)
    fields: tuple[str, ...] = ()
    purpose: str = Field(min_length=1)
    basis: Basis | None = None
    legal_basis: str = ""
    quota_per_day: int = Field(default=0, ge=0)
    valid_from: date | None = None
    valid_to: date | None = None
    modes: tuple[Mode, ...] = ()
    rows_limit: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    masks: dict[str, Literal["name", "phone", "number", "address"]] = Field(default_factory=dict)
    rate_per_second: int = Field(default=0, ge=0)
    person_required: bool = False
    matter_required: bool = False


class Declaration(_Strict):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    schema_: Literal[1] = Field(default=1, alias="schema")
    sources: tuple[DeclaredSource, ...] = ()
    interfaces: tuple[DeclaredInterface, ...] = ()
    grants: tuple[DeclaredGrant, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceQuery:
    """What a source is asked: rows of `resource` whose `key_field` belongs to `subject`, only these items.

    `number`: the bare number where the caller gave one; another city's references are not ours, so its nodes need it.
    """

    resource: str
    key_field: str
    subject: str
    fields: tuple[str, ...]
    matter: str = ""
    consumer: str = ""
    number: str = dataclass_field(default="", repr=False)
    person: str = ""


@dataclass(frozen=True, slots=True)
class SourceAnswer:
    """Rows as text, identifiers as <field>_ref and <field>_mask, and the time the data held (aware)."""

    rows: tuple[Mapping[str, str], ...]
    as_of: datetime


class Source(Protocol):
    """A system outside that answers at the moment of the call. Raises SourceUnavailable or SourceGarbage, nothing else."""

    def answer(self, query: SourceQuery) -> SourceAnswer:
        """Answer within the source's time limit. Called from several threads; must not touch the database."""
        ...


class SuperiorLine(Protocol):
    """The line to an upper level. Every verb raises SourceUnavailable (perhaps with `expected_at`) or SourceGarbage, nothing else."""

    def report(self, entries: tuple[ReportedEntry, ...]) -> tuple[ReportAnswer, ...]:
        """Tell entries of our catalogue; each is taken or refused with reasons."""
        ...

    def offers(self, cursor: str) -> OfferPage:
        """What changed in its catalogue since `cursor` ("" = everything)."""
        ...

    def subscribe(self, wish: SubscriptionWish) -> SubscriptionAnswer:
        """Ask for a resource; the same wish twice is one."""
        ...

    def subscription(self, wish_id: UUID) -> SubscriptionAnswer:
        """Where it stands."""
        ...

    def downflow(self, cursor: str) -> DownflowPage:
        """Batches of our data it holds, after `cursor`."""
        ...

    def fetch(self, batch: str) -> bytes:
        """The file of a batch."""
        ...

    def acknowledge(self, batch: str, *, accepted: bool, rows: int, rows_bad: int, text: str) -> None:
        """Tell what became of a batch."""
        ...

    def standing(self) -> Standing:
        """How it sees us today."""
        ...

    def close(self) -> None:
        """Give the connection back."""
        ...


Wards = Callable[[Actor], Mapping[SubjectRef, str]]
"""Whom a resident may look after, by reference, with the masked name to show. The population register knows."""

_sources: dict[str, Source] = {}
_wards: list[Wards] = []


def proof_faults(bundle: Mapping[str, Any], public_key: str | Mapping[str, str]) -> list[str]:
    """What does not hold in a stand-alone proof, offline and without Django; empty = it verifies."""
    return bundle_faults(bundle, public_key)


def check_log(lines: Iterable[bytes], public_keys: str) -> LogReport:
    """Check an exported proof log with nothing but the city's public key, line by line; offline and without Django."""
    return log_report(lines, public_keys)


def register_source(name: str, source: Source) -> None:
    """Let `source` answer interfaces that name it; other hubs (registers, credential) register themselves in `ready()`."""
    _sources[name] = source


def registered_source(name: str) -> Source | None:
    """The source registered under `name`."""
    return _sources.get(name)


def registered_sources() -> tuple[str, ...]:
    """Names of all registered sources."""
    return tuple(sorted(_sources))


def register_wards(wards: Wards) -> None:
    """Let whoever keeps guardianships say whose accesses a guardian may see besides its own."""
    if wards not in _wards:
        _wards.append(wards)


def wards_of(actor: Actor) -> dict[SubjectRef, str]:
    """The wards of the person itself; nobody's while it acts for another."""
    if not actor.subject or actor.behalf:
        return {}
    return {ref: name for wards in _wards for ref, name in wards(actor).items()}
