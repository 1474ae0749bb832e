"""What may leave this pack: permissions and frozen views for its pages, its API and its demonstration.

Owns shapes. Refuses rows and anything that names a person whole.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

__all__ = [
    "BUNDLE", "CATCHMENT_KIND", "CandidateView", "DrawView", "ListView", "LoadReport", "ObjectionView", "Overview", "Permission",
    "RoundView", "RuleView", "SchoolLoad", "SchoolView",
]  # fmt: skip

BUNDLE = "school_enrolment"
CATCHMENT_KIND = "primary_school"


class Permission(StrEnum):
    """What one may do in enrolment."""

    VIEW = "school_enrolment.round.view"
    RUN = "school_enrolment.round.run"
    CHECK = "school_enrolment.school.check"
    REVIEW = "school_enrolment.application.review"
    EDIT_RULES = "school_enrolment.rule.edit"
    WITNESS = "school_enrolment.draw.witness"
    ANSWER = "school_enrolment.objection.answer"
    OBJECT = "school_enrolment.objection.raise"


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load wrote."""

    rules: int = 0
    schools: int = 0
    catchments: int = 0


@dataclass(frozen=True, slots=True)
class SchoolLoad:
    """One school as loaded."""

    code: str
    year: int
    name: str
    district: str
    seats: int
    division: str = ""
    address: str = ""
    ownership: str = ""
    longitude: float | None = None
    latitude: float | None = None


@dataclass(frozen=True, slots=True)
class RuleView:
    """One version of one rule."""

    number: str
    version: int
    district: str
    year: int
    kind: str
    key: str
    name: str
    text: str
    parameters: Mapping[str, str]
    all_of: tuple[str, ...]
    any_of: tuple[str, ...]
    source: str
    valid_from: date
    valid_to: date | None
    origin: str
    reason: str
    changed_by: str


@dataclass(frozen=True, slots=True)
class SchoolView:
    """A school with its seats and how many qualified for it; `checked` in the current round."""

    code: str
    name: str
    district: str
    address: str
    seats: int
    division: str = ""
    qualified: int = 0
    admitted: int = 0
    next_door: int = 0
    checked: bool = False

    @property
    def over(self) -> int:
        """How many more qualified than there are seats."""
        return max(0, self.qualified - self.seats)


@dataclass(frozen=True, slots=True)
class RoundView:
    """One round and what it waits for."""

    id: UUID
    year: int
    district: str
    district_name: str
    kind: str
    state: str
    state_text: str
    opens: date
    closes: date
    publicity_until: date | None
    due_at: datetime | None
    next_act: str
    version: int


@dataclass(frozen=True, slots=True)
class CandidateView:
    """One qualified child: the place in the list and why. The name is masked."""

    id: UUID
    application_id: UUID
    number: str
    name_masked: str
    category: str
    category_name: str
    rank: int | None
    rank_by: str
    rank_date: date | None
    preferred: bool
    after_cutoff: bool
    twin: bool
    school: str
    school_name: str
    placed_school: str
    placed_name: str
    placed_by: str
    rule: str
    by_person: bool
    state: str
    draw_number: int | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """A district's desk: families by what decided them, schools by pressure, the round."""

    round: RoundView | None
    passed: int
    person: int
    waiting: int
    qualified: int
    seats: int
    schools: tuple[SchoolView, ...]


@dataclass(frozen=True, slots=True)
class ListView:
    """A published list; `rows` are (rank, number, masked name, class, date, where placed)."""

    id: UUID
    round_id: UUID
    school: str
    school_name: str
    heading: str
    content: str
    rows: tuple[tuple[str, ...], ...]
    digest: str
    published_from: date
    published_to: date


@dataclass(frozen=True, slots=True)
class DrawView:
    """A draw anybody can recompute; `numbers` are (number, unit)."""

    id: UUID
    school: str
    school_name: str
    list_text: str
    digest: str
    seed: str
    notary: str
    notary_organisation: str
    drawn_at: datetime
    numbers: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class ObjectionView:
    """An objection and its answer."""

    id: UUID
    list_id: UUID
    number: str
    text: str
    raised_at: datetime
    state: str
    answer: str
