"""Rule rows as data: what a district decided for a year, with number, version, source and validity.

Owns their shape and how one is found. Refuses to judge; `classify` does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

__all__ = ["Kind", "RuleBook", "RuleRow", "Way"]


class Kind(StrEnum):
    """What a row decides."""

    AGE = "age"
    GUARDIAN = "guardian"
    ADDRESS = "address"
    DOCUMENT = "document"
    SPECIAL = "special"
    CATEGORY = "category"
    CUTOFF = "cutoff"
    CATCHMENT = "catchment"
    OVERFLOW = "overflow"
    CALENDAR = "calendar"


class Way(StrEnum):
    """How a school with more qualified children than seats resolves. Who finds no seat is always placed next door."""

    DATE = "date"
    NEXT_DOOR = "next_door"
    DRAW = "draw"


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule of one district and year. `all_of` and `any_of` name conditions of `rules/conditions.py`."""

    id: str
    version: int
    district: str
    year: int
    kind: Kind
    key: str
    name: str
    order: int = 0
    all_of: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    rank_by: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    source: str = ""
    valid_from: date = date.min
    valid_to: date | None = None

    def number(self, name: str, default: float) -> float:
        """A parameter as a number."""
        return float(self.parameters.get(name, default))

    def day(self, name: str) -> date | None:
        """A parameter as a date."""
        value = self.parameters.get(name)
        return date.fromisoformat(value) if value else None


@dataclass(frozen=True)
class RuleBook:
    """The rows in force for one district, year and day."""

    district: str
    year: int
    rows: tuple[RuleRow, ...]

    @classmethod
    def of(cls, rows: Sequence[RuleRow], *, district: str, year: int, at: date) -> "RuleBook":
        """Rows of `district` and `year` valid on `at`; of each number the newest version."""
        newest: dict[str, RuleRow] = {}
        for row in rows:
            fits = row.district == district and row.year == year
            if fits and row.valid_from <= at and (row.valid_to is None or at < row.valid_to):
                known = newest.get(row.id)
                newest[row.id] = row if known is None or row.version > known.version else known
        return cls(district, year, tuple(sorted(newest.values(), key=lambda row: (row.order, row.id))))

    def of_kind(self, kind: Kind) -> tuple[RuleRow, ...]:
        """All rows of a kind in their order."""
        return tuple(row for row in self.rows if row.kind is kind)

    def one(self, kind: Kind, key: str = "") -> RuleRow | None:
        """The first row of a kind (and key)."""
        return next((row for row in self.of_kind(kind) if not key or row.key == key), None)
