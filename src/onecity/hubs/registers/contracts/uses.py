"""What a typical use（典型应用） finds when departments' data are joined under grants."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

__all__ = ["UseFigure", "UseProof", "UseReport", "UseRow"]


@dataclass(frozen=True, slots=True)
class UseFigure:
    """One figure and what it counts."""

    label: str
    value: int
    definition: str
    unit: str = ""
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class UseProof:
    """One governed batch a run asked for, with its proof."""

    resource: str
    rows: int
    version: int
    proof_id: UUID


@dataclass(frozen=True, slots=True)
class UseRow:
    """One finding: cells in the order of the columns; `subject` is its reference, never shown."""

    subject: str
    cells: tuple[str, ...]
    tone: str = "plain"


@dataclass(frozen=True, slots=True)
class UseReport:
    """One run. `rule` says what was decided by which version; people check every finding before acting on it."""

    key: str
    at: datetime
    figures: tuple[UseFigure, ...]
    columns: tuple[str, ...]
    rows: tuple[UseRow, ...]
    proofs: tuple[UseProof, ...]
    rule: str
    seconds: float
