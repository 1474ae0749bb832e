"""Gives an item its clock: due moment and the moment the light turns yellow. Says so when the calendar has no rows."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from onecity.hubs.process.contracts import Limit, TimeUnit
from onecity.hubs.process.errors import CalendarMissingError
from onecity.hubs.process.models import kept_calendar
from onecity.hubs.process.rules import clocks
from onecity.hubs.process.rules.clocks import CalendarMissing, WorkCalendar

T = TypeVar("T")
_DAY_UNITS = frozenset({TimeUnit.WORK_DAY, TimeUnit.NATURAL_DAY})


def with_calendar(work: Callable[[WorkCalendar], T]) -> T:
    """Do clock work on the current calendar; a missing year is read for again once, then refused by name."""
    try:
        return work(kept_calendar.calendar())
    except CalendarMissing:
        kept_calendar.forget()
    try:
        return work(kept_calendar.calendar())
    except CalendarMissing as missing:
        raise CalendarMissingError(
            text=f"缺少 {missing.year} 年工作日历，无法计算办理时限", data={"year": missing.year}
        ) from missing


def deadline(start: datetime, limit: Limit) -> datetime:
    """When a limit beginning at `start` ends. Errors: CalendarMissingError."""
    return with_calendar(lambda calendar: clocks.deadline(start, limit, calendar))


def warning(start: datetime, limit: Limit) -> datetime:
    """When one unit is left: the first moment of the last day, or of the last hour."""
    return with_calendar(lambda calendar: warning_on(start, limit, calendar))


def warning_on(start: datetime, limit: Limit, calendar: WorkCalendar) -> datetime:
    """The same on a given calendar. Raises CalendarMissing."""
    moment = clocks.deadline(start, Limit(limit.amount - 1, limit.unit), calendar)
    return _day_begins(moment) if limit.unit in _DAY_UNITS else moment


def _day_begins(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def extended(moment: datetime, paused: datetime, resumed: datetime, unit: TimeUnit) -> datetime:
    """A clock's moment after a pause. Errors: CalendarMissingError."""
    return with_calendar(lambda calendar: clocks.extended(moment, paused, resumed, unit, calendar))


def extended_warning(moment: datetime, paused: datetime, resumed: datetime, unit: TimeUnit) -> datetime:
    """The yellow moment after a pause."""
    later = extended(moment, paused, resumed, unit)
    return _day_begins(later) if unit in _DAY_UNITS else later


def remaining(now: datetime, due: datetime, unit: TimeUnit) -> float:
    """What is left, in `unit`; negative when overdue. Errors: CalendarMissingError."""
    return with_calendar(lambda calendar: clocks.remaining(now, due, unit, calendar))
