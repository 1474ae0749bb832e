"""The request desk, its disputes, and complaints of persons about accesses."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from onecity.kernel.subject import SubjectRef

__all__ = [
    "ComplaintFinding", "ComplaintState", "ComplaintView", "DisputeLevel", "DisputeState", "DisputeView", "Funnel",
    "RequestTimes", "StepLine", "TiedKind",
]  # fmt: skip


class TiedKind(StrEnum):
    """What a purpose hangs on: data are shared for an item of government service or for a named scenario."""

    MATTER = "matter"
    SCENARIO = "scenario"

    @property
    def label(self) -> str:
        """In words."""
        return {"matter": "事项", "scenario": "场景"}[self.value]


class DisputeLevel(StrEnum):
    """The ladder（国务院令第809号）: the two sides talk, the data department of the same level decides, then the superior one."""

    CONSULT = "consult"
    SAME_LEVEL = "same_level"
    SUPERIOR = "superior"

    @property
    def label(self) -> str:
        """In words."""
        return {"consult": "双方协商", "same_level": "同级数据主管部门协调", "superior": "报请上级裁定"}[self.value]


class DisputeState(StrEnum):
    """Where one rung stands."""

    OPEN = "open"
    SUPPORTED = "supported"
    UPHELD = "upheld"

    @property
    def label(self) -> str:
        """In words."""
        return {"open": "办理中", "supported": "支持申请方，重新答复", "upheld": "维持原答复"}[self.value]


@dataclass(frozen=True, slots=True)
class DisputeView:
    """One rung."""

    id: UUID
    request_id: UUID
    level: DisputeLevel
    state: DisputeState
    reason: str
    raised_at: datetime
    due_at: datetime | None
    due_note: str
    opinion: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class StepLine:
    """One line of a request's history."""

    at: datetime
    verb: str
    who: str
    organisation_name: str
    text: str


@dataclass(frozen=True, slots=True)
class RequestTimes:
    """The clocks of a request. A date that needs a calendar nobody has is None and `note` says which."""

    answer_due: datetime | None
    answer_note: str
    answer_rule: str
    supply_due: datetime | None
    supply_note: str
    supply_rule: str


class ComplaintState(StrEnum):
    """Where a complaint stands."""

    OPEN = "open"
    ANSWERED = "answered"

    @property
    def label(self) -> str:
        """In words."""
        return {"open": "待答复", "answered": "已答复"}[self.value]


class ComplaintFinding(StrEnum):
    """What the department found out."""

    PROPER = "proper"
    IMPROPER = "improper"

    @property
    def label(self) -> str:
        """In words."""
        return {"proper": "使用符合规定", "improper": "使用不当，已纠正"}[self.value]


@dataclass(frozen=True, slots=True)
class ComplaintView:
    """One complaint from raising to answer."""

    id: UUID
    number: str
    subject: SubjectRef
    proof_id: UUID | None
    organisation: str
    organisation_name: str
    about: str
    text: str
    state: ComplaintState
    raised_at: datetime
    due_at: datetime | None
    overdue: bool
    finding: str
    answer: str
    answered_by: str
    answered_at: datetime | None
    work_item: UUID | None


@dataclass(frozen=True, slots=True)
class Funnel:
    """需求漏斗, counted the way the sources count: raised ≥ accepted ≥ shared ≥ implemented; `withdrawn` is excluded from the rate."""

    raised: int
    withdrawn: int
    accepted: int
    shared: int
    implemented: int
    satisfied: int
    late: int
