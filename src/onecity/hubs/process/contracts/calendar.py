"""What leaves about the working calendar: years, days, the check of a notice and what it moves."""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

__all__ = [
    "CalendarDayView",
    "CalendarEffect",
    "CalendarYearView",
    "CellFault",
    "MovedClock",
    "NoticeCheck",
    "WorkingPeriod",
]


@dataclass(frozen=True, slots=True)
class CalendarDayView:
    """One day that differs from the plain week: a holiday or a make-up working day."""

    day: date
    works: bool
    label: str


@dataclass(frozen=True, slots=True)
class CalendarYearView:
    """One year's notice with its days; `source` is the document the rows come from."""

    year: int
    source: str
    days: tuple[CalendarDayView, ...]


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong in one cell of an uploaded sheet: where, what stands there, why, what to do."""

    row: int
    column: str
    value: str
    cause: str
    remedy: str


@dataclass(frozen=True, slots=True)
class NoticeCheck:
    """An uploaded notice as the lines `import_calendar` takes, and every fault in it."""

    table: str
    faults: tuple[CellFault, ...] = ()


@dataclass(frozen=True, slots=True)
class MovedClock:
    """One running limit that ends at another moment under a new calendar; `before` None = it could not be told so far."""

    item_id: UUID
    number: str
    title: str
    before: datetime | None
    after: datetime


@dataclass(frozen=True, slots=True)
class CalendarEffect:
    """What a year's notice does to running limits: how many end later, earlier, or get an end at all; all, soonest first."""

    year: int
    days: int
    later: int = 0
    earlier: int = 0
    dated: int = 0
    moved: tuple[MovedClock, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkingPeriod:
    """One stretch of working time within a working day, city time."""

    begin: time
    end: time
