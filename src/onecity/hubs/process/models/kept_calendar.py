"""The working calendar as the clocks want it, read from rows and kept per process for a minute.

A year that is not in the kept copy is looked up again before anybody is told it is missing.
"""

from datetime import date, time
from threading import Lock
from time import monotonic

from onecity.hubs.process.contracts import WorkingPeriod
from onecity.hubs.process.models import CalendarDay, CalendarYear, WorkingHours
from onecity.hubs.process.rules.clocks import DEFAULT_PERIODS, WorkCalendar
from onecity.kernel.clock import today

_KEPT_SECONDS = 60.0
_lock = Lock()
_kept: tuple[float, WorkCalendar] | None = None


def calendar() -> WorkCalendar:
    """The calendar of this moment; at most a minute behind an import made in another process."""
    global _kept
    with _lock:
        if _kept is None or monotonic() - _kept[0] > _KEPT_SECONDS:
            _kept = (monotonic(), _read())
        return _kept[1]


def fresh() -> WorkCalendar:
    """The calendar as its rows stand now, read again."""
    forget()
    return calendar()


def forget() -> None:
    """Read the rows again next time: after an import, and when a year seems to be missing."""
    global _kept
    with _lock:
        _kept = None


def _read() -> WorkCalendar:
    years = frozenset(CalendarYear.objects.values_list("year", flat=True))
    days: dict[date, bool] = dict(CalendarDay.objects.values_list("day", "works"))
    hours = WorkingHours.objects.filter(valid_from__lte=today()).order_by("-valid_from").first()
    if hours is None:
        return WorkCalendar(years, days, DEFAULT_PERIODS)
    periods = tuple(WorkingPeriod(time.fromisoformat(begin), time.fromisoformat(end)) for begin, end in hours.periods)
    return WorkCalendar(years, days, periods, hours.same_time_of_day)
