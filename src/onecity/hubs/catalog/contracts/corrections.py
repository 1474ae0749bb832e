"""Words of a correction（校核）from raising to answer."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from onecity.kernel.subject import SubjectRef

__all__ = ["CorrectionOutcome", "CorrectionState", "CorrectionView"]


class CorrectionState(StrEnum):
    """Where a correction stands."""

    RAISED = "raised"
    CORRECTED = "corrected"
    UPHELD = "upheld"

    @property
    def label(self) -> str:
        """In words."""
        return {"raised": "待答复", "corrected": "已更正", "upheld": "核实无误"}[self.value]


class CorrectionOutcome(StrEnum):
    """How a provider may answer."""

    CORRECTED = "corrected"
    UPHELD = "upheld"


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """One correction（校核）from raising to answer."""

    id: UUID
    resource: str
    resource_name: str
    provider: str
    provider_name: str
    subject: SubjectRef
    field: str
    field_label: str
    current: str
    claimed: str
    reason: str
    matter_number: str
    state: CorrectionState
    value: str
    opinion: str
    raised_at: datetime
    due_at: datetime | None
    answered_at: datetime | None
    work_item: UUID | None
