"""Public credit as it may leave: files, verdicts, matters. Nothing about persons under 18 ever does."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from onecity.kernel.subject import SubjectRef

__all__ = [
    "CreditEntry", "CreditFile", "CreditMatterView", "CreditTotals", "CreditVerdict", "MatterKind", "MatterState", "VerdictEffect",
]  # fmt: skip


class MatterKind(StrEnum):
    """What a subject may ask for about a published record."""

    REPAIR = "repair"
    OBJECTION = "objection"

    @property
    def label(self) -> str:
        """In words."""
        return {"repair": "信用修复", "objection": "信用异议"}[self.value]


class MatterState(StrEnum):
    """Where it stands."""

    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        """In words."""
        return {"open": "办理中", "granted": "已同意", "refused": "未同意"}[self.value]


class VerdictEffect(StrEnum):
    """What follows for a matter. A hint to a person with duty and power; software takes no right away alone."""

    FAVOUR = "favour"
    NONE = "none"
    RESTRAIN = "restrain"

    @property
    def label(self) -> str:
        """In words."""
        return {"favour": "守信激励", "none": "无特别措施", "restrain": "失信限制"}[self.value]


@dataclass(frozen=True, slots=True)
class CreditEntry:
    """One line of a credit file. `tone` good, bad or plain; `published_until` None = as long as it stands."""

    file: str
    entity: str
    kind: str
    title: str
    detail: str
    body_name: str
    on: date | None
    published_until: date | None
    published: bool
    tone: str
    rule: str
    repaired: bool = False
    repairable_from: date | None = None
    disputed: bool = False
    late_publication: bool = False


@dataclass(frozen=True, slots=True)
class CreditTotals:
    """What a file counts, published entries only."""

    permits: int
    penalties: int
    red: int
    black: int
    commitments: int
    broken: int


@dataclass(frozen=True, slots=True)
class CreditFile:
    """The credit file of one subject on one day."""

    subject: SubjectRef
    name: str
    code_mask: str
    kind: str
    day: date
    entries: tuple[CreditEntry, ...]
    totals: CreditTotals
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CreditVerdict:
    """What a subject's credit means for one matter: effect, measure, the rule with its version, and what it rests on."""

    subject: SubjectRef
    matter: str
    effect: VerdictEffect
    measure: str
    rule: str
    version: str
    source: str
    grounds: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class CreditMatterView:
    """One repair or objection from raising to answer."""

    id: UUID
    kind: MatterKind
    file: str
    entity: str
    subject: SubjectRef
    title: str
    body_name: str
    reason: str
    commitment: str
    state: MatterState
    opinion: str
    rule: str
    raised_at: datetime
    due_at: datetime | None
    answered_at: datetime | None
