"""An application, its fields, its parts, its verdict; and the facts a rule may look at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from onecity.hubs.service.contracts.catalogue import (
    Savings,
)
from onecity.hubs.service.contracts.vocabulary import (
    ApplicationState,
    Basis,
    FieldState,
    Outcome,
    RatingLevel,
    SourceState,
)
from onecity.kernel.subject import SubjectRef

__all__ = [
    "ApplicationFilter",
    "ApplicationRow",
    "ApplicationView",
    "DisputeView",
    "Facts",
    "FilledField",
    "RatingView",
    "SubCaseView",
    "TrackStep",
    "Verdict",
]


@dataclass(frozen=True, slots=True)
class FilledField:
    """One field of the form, with where its value comes from. `value` is masked unless the viewer unmasked it with a reason."""

    key: str
    label: str
    group: str
    value: str
    masked: bool
    state: FieldState
    required: bool
    editable: bool
    kind: str = "text"
    options: tuple[tuple[str, str], ...] = ()
    provider_name: str = ""
    as_of: datetime | None = None
    basis: Basis = Basis.OWN
    legal_basis: str = ""
    interface: str = ""
    interface_name: str = ""
    proof_id: str = ""
    expected_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class SubCaseView:
    """The part of one department."""

    key: str
    name: str
    organisation: str
    organisation_name: str
    state: SourceState
    at: datetime | None
    effect: str = ""


@dataclass(frozen=True, slots=True)
class TrackStep:
    """One dot of the tracker: done, current or later."""

    key: str
    name: str
    state: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a pack's rule said: which rule of which version, on which inputs, with which reason (shown to the person)."""

    outcome: Outcome
    category: str
    rule: str
    rule_version: str
    reason: str
    data: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DisputeView:
    """A field the applicant says is wrong, and what its department answered."""

    id: UUID
    field: str
    label: str
    current: str
    claimed: str
    state: str
    correction_id: UUID | None
    raised_at: datetime
    answer: str = ""


@dataclass(frozen=True, slots=True)
class RatingView:
    """What the applicant thought of the service."""

    level: RatingLevel
    comment: str
    at: datetime
    state: str = ""


@dataclass(frozen=True, slots=True)
class ApplicationView:
    """An application as its applicant or a handler sees it."""

    id: UUID
    number: str
    bundle: str
    bundle_name: str
    state: ApplicationState
    state_text: str
    paper_route: bool
    applicant: SubjectRef
    applicant_name: str
    person: SubjectRef
    person_name: str
    organisation: str
    organisation_name: str
    area: str
    answers: Mapping[str, str]
    fields: tuple[FilledField, ...]
    sub_cases: tuple[SubCaseView, ...]
    steps: tuple[TrackStep, ...]
    verdict: Verdict | None
    contact_name: str
    contact_phone: str
    next_text: str
    next_date: date | None
    savings: Savings
    disputes: tuple[DisputeView, ...]
    certificates: tuple[UUID, ...]
    rating: RatingView | None
    consent_id: UUID | None
    prefilled: bool
    waiting_text: str
    opened_at: datetime
    submitted_at: datetime | None
    decided_at: datetime | None
    version: int
    category_name: str = ""


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """One line of a list."""

    id: UUID
    number: str
    bundle: str
    bundle_name: str
    state: ApplicationState
    state_text: str
    step: str
    applicant_name: str
    person_name: str
    organisation_name: str
    area: str
    outcome: str
    category: str
    rule: str
    reason: str
    submitted_at: datetime | None
    opened_at: datetime
    category_name: str = ""


@dataclass(frozen=True, slots=True)
class ApplicationFilter:
    """What a list shows; empty = everything the actor may see."""

    bundle: str = ""
    state: str = ""
    outcome: str = ""
    category: str = ""
    text: str = ""
    submitted_from: date | None = None
    submitted_to: date | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a rule may look at: no names of people, references instead.

    `sources[interface]` are the rows a department answered (None = not asked or not answered), already minimised to granted fields;
    identifier fields hold a SubjectRef. `waiting` lists interfaces whose answer is outstanding.
    """

    bundle: str
    answers: Mapping[str, str]
    applicant: SubjectRef
    person: SubjectRef
    area: str
    at: date
    values: Mapping[str, str]
    sources: Mapping[str, tuple[Mapping[str, str], ...] | None]
    waiting: frozenset[str] = frozenset()
    paper_route: bool = False
    other_open: int = 0
