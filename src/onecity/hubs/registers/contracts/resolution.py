"""Entity resolution as it may leave the registers: what was decided, why, and how sure. Owns frozen values. Refuses numbers."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

__all__ = [
    "ActView",
    "ComparisonView",
    "DepartmentRecord",
    "Explanation",
    "IdentityView",
    "PairSide",
    "Resolution",
    "ResolutionFigures",
    "ResolutionPermission",
    "ResolutionRun",
    "ResolutionState",
    "ReviewState",
    "ReviewView", "SplitState", "SplitView", "Verdict",
]  # fmt: skip


class ResolutionPermission(StrEnum):
    """What one may do with entity resolution."""

    RUN = "registers.resolution.run"
    REVIEW = "registers.resolution.review"
    UNMASK = "registers.resolution.unmask"


class ResolutionState(StrEnum):
    """What became of a record."""

    LINKED = "linked"
    NEW = "new"
    REVIEW = "review"


class Verdict(StrEnum):
    """What a reviewer says of a pair."""

    SAME = "same"
    APART = "apart"


class ReviewState(StrEnum):
    """Where an uncertain pair stands."""

    OPEN = "open"
    PROPOSED = "proposed"
    MERGED = "merged"
    APART = "apart"

    @property
    def label(self) -> str:
        """For readers."""
        return {"open": "待复核", "proposed": "待第二人确认", "merged": "已合并", "apart": "不是同一人"}[self.value]


@dataclass(frozen=True, slots=True)
class DepartmentRecord:
    """One department's record of a person, as delivered. "" where the department says nothing."""

    department: str
    source_id: str
    number: str = ""
    name: str = ""
    birth_date: date | str = ""
    sex: str = ""
    phone: str = ""
    address: str = ""
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class ComparisonView:
    """One comparison of a pair: its level in words and its weight in bits; `before` and `after` the running sum."""

    label: str
    words: str
    weight: float
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why two records were linked or not: model, beginning, every comparison, sum in bits and as a probability."""

    model: str
    prior: float
    comparisons: tuple[ComparisonView, ...]
    weight: float
    probability: float
    other: str = ""


@dataclass(frozen=True, slots=True)
class Resolution:
    """Whom a record is taken for. `score` is the weight in bits of its strongest link, 0 without one."""

    record: int
    entity_id: UUID
    state: ResolutionState
    score: float
    model: str
    explanation: Explanation | None = None


@dataclass(frozen=True, slots=True)
class PairSide:
    """One record of a pair on the desk; masked unless a reason was given."""

    record: int
    department: str
    source_id: str
    entity: UUID
    name: str
    number: str
    birth: str
    sex: str
    phone: str
    address: str


@dataclass(frozen=True, slots=True)
class ReviewView:
    """An uncertain pair: both sides, why it is here, where it stands, and the explanation."""

    id: UUID
    state: ReviewState
    reason: str
    weight: float
    left: PairSide
    right: PairSide
    explanation: Explanation
    raised_at: datetime
    first_by: str = ""
    first_at: datetime | None = None
    second_by: str = ""
    decided_at: datetime | None = None
    act: UUID | None = None
    mine: bool = False
    unmasked: bool = False


class SplitState(StrEnum):
    """Where a proposal to part records stands."""

    PROPOSED = "proposed"
    DONE = "done"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        """For readers."""
        return {"proposed": "待第二人确认", "done": "已拆分", "refused": "未拆分"}[self.value]


@dataclass(frozen=True, slots=True)
class SplitView:
    """A proposal to part `parted` from the person they count as; `rest` stays. `mine`: the reader proposed it."""

    id: UUID
    state: SplitState
    parted: tuple[PairSide, ...]
    rest: tuple[PairSide, ...]
    reason: str
    first_by: str
    first_at: datetime
    second_by: str = ""
    decided_at: datetime | None = None
    act: UUID | None = None
    mine: bool = False


@dataclass(frozen=True, slots=True)
class ActView:
    """One act of the undo list."""

    id: UUID
    kind: str
    at: datetime
    who: str
    reason: str
    records: int
    undone: bool


@dataclass(frozen=True, slots=True)
class IdentityView:
    """A person as resolved: its records, and the former identities that lead here."""

    entity_id: UUID
    records: tuple[PairSide, ...] = ()
    former: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class ResolutionFigures:
    """Counts of the desk. `agreement` is the share of proposed merges the second person confirmed, None before the first."""

    records: int
    persons: int
    open: int
    proposed: int
    merged: int
    apart: int
    agreement: float | None
    model: str
    by_department: tuple[tuple[str, int], ...] = ()
    sizes: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class ResolutionRun:
    """What a bulk run did; seconds by step."""

    model: str
    records: int
    persons: int
    links: int
    refused: int
    review: int
    kept: int
    seconds: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BulkLabels:
    """A run that was not stored: the label of every row (the smallest row of its person), the model, counts, seconds by step."""

    labels: list[int]
    model: dict[str, object]
    links: int
    refused: int
    seconds: dict[str, float]
