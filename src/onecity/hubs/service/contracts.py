"""What may leave the service hub: items, bundles, guides, applications and their fields.

Owns frozen values. Refuses rows, requests and anything that can be saved.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from onecity.kernel.subject import SubjectRef


class Permission(StrEnum):
    """What an actor may do with services. The first three belong to every resident and firm."""

    APPLY = "service.application.apply"
    VIEW_OWN = "service.application.view_own"
    RATE = "service.application.rate"
    BROWSE = "service.catalogue.browse"
    VIEW = "service.application.view"
    HANDLE = "service.application.handle"
    DECIDE = "service.application.decide"
    STATISTICS = "service.statistics.view"
    MANAGE_ITEMS = "service.item.manage"


class ItemType(StrEnum):
    """Type of an item with its two-digit code (GB/T 39554.1-2020; 20 = public service)."""

    PERMIT = "01"
    CONFIRM = "07"
    PAYMENT = "05"
    OTHER = "10"
    PUBLIC = "20"


class Basis(StrEnum):
    """Why a department's data may be fetched (个人信息保护法 §13): a duty laid down by law, or the person's authorisation."""

    STATUTORY = "statutory"
    AUTHORISATION = "authorisation"
    OWN = "own"


class FieldState(StrEnum):
    """Where one field stands."""

    FILLED = "filled"
    WAITING = "waiting"
    MISSING = "missing"
    MANUAL = "manual"
    DISPUTED = "disputed"
    CORRECTED = "corrected"
    PAPER = "paper"


class SourceState(StrEnum):
    """Where one department's answer stands."""

    PENDING = "pending"
    ANSWERED = "answered"
    EMPTY = "empty"
    WAITING = "waiting"
    REFUSED = "refused"
    PAPER = "paper"


class ApplicationState(StrEnum):
    """Life of an application. The transitions are a table in `rules/lifecycle.py`."""

    DRAFT = "draft"
    WAITING_DATA = "waiting_data"
    IN_REVIEW = "in_review"
    SUPPLEMENT = "supplement"
    QUALIFIED = "qualified"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Outcome(StrEnum):
    """What a rule says of an application: passed by rule, for a person, or not eligible (always checked by a person)."""

    PASS = "pass"
    PERSON = "person"
    INELIGIBLE = "ineligible"


class RatingLevel(StrEnum):
    """好差评, five levels; the last two are bad ratings and open a rectification task (GB/T 39734-2020)."""

    VERY_GOOD = "5"
    GOOD = "4"
    FAIR = "3"
    POOR = "2"
    VERY_POOR = "1"


@dataclass(frozen=True, slots=True)
class Label:
    """A text in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class MaterialView:
    """One paper an item used to ask for, and what replaces it ("" = still asked)."""

    key: str
    name: str
    copies: int
    replaced_by: str


@dataclass(frozen=True, slots=True)
class ItemView:
    """One item of the implementation list."""

    key: str
    code: str
    name: str
    type: ItemType
    organisation: str
    organisation_name: str
    legal_days: int
    promised_days: int
    basis: tuple[str, ...]
    materials: tuple[MaterialView, ...]
    visits_before: int
    visits_after: int
    audience: str
    contact_phone: str
    version: int


@dataclass(frozen=True, slots=True)
class Savings:
    """What the way without papers saves, per application, computed from the items' definitions. Days are working days."""

    papers_before: int
    papers_after: int
    visits_before: int
    visits_after: int
    days_before: int
    days_after: int


@dataclass(frozen=True, slots=True)
class SavingsRow:
    """Savings of many applications of one bundle."""

    bundle: str
    bundle_name: str
    applications: int
    papers_saved: int
    visits_saved: int
    days_saved: int
    definition: str


@dataclass(frozen=True, slots=True)
class AreaFigures:
    """How submitted applications of one district stand; `by_rule` were passed by rule alone."""

    area: str
    submitted: int
    by_rule: int
    by_person: int
    waiting: int
    finished: int


@dataclass(frozen=True, slots=True)
class GuideOption:
    """One answer."""

    key: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class GuideQuestion:
    """One guiding question; at most three are asked."""

    key: str
    text: str
    options: tuple[GuideOption, ...]
    number: int
    of_most: int


@dataclass(frozen=True, slots=True)
class SourceNotice:
    """What the person is told or asked before data are fetched: who provides what, on which basis."""

    interface: str
    name: str
    provider_name: str
    field_labels: tuple[str, ...]
    basis: Basis
    legal_basis: str
    retention: str = ""


@dataclass(frozen=True, slots=True)
class GuideOutcome:
    """Either the next `question`, or what follows from the answers."""

    question: GuideQuestion | None
    answers: Mapping[str, str]
    verdict: str = ""
    category: str = ""
    notes: tuple[str, ...] = ()
    sources: tuple[SourceNotice, ...] = ()
    savings: Savings | None = None
    may_apply: bool = True


@dataclass(frozen=True, slots=True)
class BundleView:
    """One 一件事."""

    key: str
    name: str
    summary: str
    pack: str
    owner: str
    owner_name: str
    items: tuple[ItemView, ...]
    savings: Savings
    open_text: str
    accepts: bool
    departments: tuple[str, ...]
    for_ward: bool
    icon: str = "file-text"


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
