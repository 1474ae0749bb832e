"""The legal clocks: when a limit ends, how much of it is left, and what a pause adds. City time, calendar rows only.

紧急工作时 runs through nights and holidays; 工作时 runs inside working periods of working days; 工作日 ends at the
close of the n-th working day after receipt (民法典 art. 203: where there are business hours, the day ends with them);
自然日 ends at midnight of the n-th day after. Refuses to guess: a year without rows raises CalendarMissing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from onecity.hubs.process.contracts import Limit, TimeUnit, WorkingPeriod

CITY_ZONE = ZoneInfo("Asia/Shanghai")
_LAST_MOMENT = time(23, 59, 59)
MIDNIGHT = time()
_SATURDAY = 5
DEFAULT_PERIODS = (WorkingPeriod(time(8), time(12)), WorkingPeriod(time(14), time(18)))


class CalendarMissing(LookupError):
    """The working calendar has no rows for a year that a clock needs."""

    def __init__(self, year: int) -> None:
        super().__init__(str(year))
        self.year = year


@dataclass(frozen=True)
class WorkCalendar:
    """Working days of the years for which a notice was imported.

    `exceptions`: days that differ from the plain week (True = work). `same_time_of_day`: 工作日 limits end at the hour
    of receipt instead of the close of business.
    """

    years: frozenset[int]
    exceptions: Mapping[date, bool] = field(default_factory=dict)
    periods: tuple[WorkingPeriod, ...] = DEFAULT_PERIODS
    same_time_of_day: bool = False
    zone: tzinfo = CITY_ZONE

    def works(self, day: date) -> bool:
        """True on a working day. Raises CalendarMissing when the year has no rows."""
        if day.year not in self.years:
            raise CalendarMissing(day.year)
        return self.exceptions.get(day, day.weekday() < _SATURDAY)

    def stretches(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """Working time of one day as aware moments; empty on a free day."""
        if not self.works(day):
            return ()
        return tuple((self.at(day, period.begin), self.at(day, period.end)) for period in self.periods)

    def at(self, day: date, moment: time) -> datetime:
        """A wall-clock moment of the city."""
        return datetime.combine(day, moment, self.zone)

    def local(self, moment: datetime) -> datetime:
        """The same moment on the city's wall."""
        return moment.astimezone(self.zone)

    @property
    def close(self) -> time:
        """When business ends."""
        return self.periods[-1].end


def deadline(start: datetime, limit: Limit, calendar: WorkCalendar) -> datetime:
    """When a limit that began at `start` ends; aware in, aware out (city zone)."""
    begin = calendar.local(start)
    match limit.unit:
        case TimeUnit.URGENT_HOUR:
            return begin + timedelta(hours=limit.amount)
        case TimeUnit.WORK_HOUR:
            return _add_work(begin, timedelta(hours=limit.amount), calendar)
        case TimeUnit.WORK_DAY:
            return _end_of(_add_work_days(begin.date(), limit.amount, calendar), begin, calendar)
        case TimeUnit.NATURAL_DAY:
            return calendar.at(begin.date() + timedelta(days=limit.amount), _LAST_MOMENT)


def remaining(now: datetime, due: datetime, unit: TimeUnit, calendar: WorkCalendar) -> float:
    """What is left of a limit in its own unit: hours for hour units, whole days for days; negative when overdue."""
    here, there = calendar.local(now), calendar.local(due)
    match unit:
        case TimeUnit.URGENT_HOUR:
            return (there - here).total_seconds() / 3600
        case TimeUnit.WORK_HOUR:
            return _signed_work(here, there, calendar).total_seconds() / 3600
        case TimeUnit.WORK_DAY:
            return float(work_days_between(here.date(), there.date(), calendar))
        case TimeUnit.NATURAL_DAY:
            return float((there.date() - here.date()).days)


def extended(due: datetime, paused: datetime, resumed: datetime, unit: TimeUnit, calendar: WorkCalendar) -> datetime:
    """The new end after a pause: exactly what of the unit passed between `paused` and `resumed` is added."""
    if resumed <= paused:
        return calendar.local(due)
    end, begin, until = calendar.local(due), calendar.local(paused), calendar.local(resumed)
    match unit:
        case TimeUnit.URGENT_HOUR:
            return end + (until - begin)
        case TimeUnit.WORK_HOUR:
            return _add_work(end, _work_between(begin, until, calendar), calendar)
        case TimeUnit.WORK_DAY:
            days = work_days_between(begin.date(), until.date(), calendar)
            return _end_of(_add_work_days(end.date(), days, calendar), end, calendar)
        case TimeUnit.NATURAL_DAY:
            return end + timedelta(days=(until.date() - begin.date()).days)


def moved(start: datetime, moment: datetime, unit: TimeUnit, old: WorkCalendar, new: WorkCalendar) -> datetime:
    """A moment of a running clock under another calendar: as much of the unit lies before it as under the old one.

    Urgent hours and natural days know no calendar. Raises CalendarMissing when either lacks a year.
    """
    begin, there = new.local(start), new.local(moment)
    match unit:
        case TimeUnit.WORK_HOUR:
            return _add_work(begin, _work_between(begin, there, old), new)
        case TimeUnit.WORK_DAY:
            days = work_days_between(begin.date(), there.date(), old)
            return new.at(_add_work_days(begin.date(), days, new), there.time())
        case _:
            return there


def work_days_between(earlier: date, later: date, calendar: WorkCalendar) -> int:
    """Working days after `earlier` up to and including `later`; negative when `later` lies before."""
    if later < earlier:
        return -work_days_between(later, earlier, calendar)
    days = (earlier + timedelta(days=step) for step in range(1, (later - earlier).days + 1))
    return sum(calendar.works(day) for day in days)


def _end_of(day: date, begin: datetime, calendar: WorkCalendar) -> datetime:
    return calendar.at(day, begin.time() if calendar.same_time_of_day else calendar.close)


def _add_work_days(day: date, amount: int, calendar: WorkCalendar) -> date:
    while amount > 0:
        day += timedelta(days=1)
        amount -= calendar.works(day)
    return day


def _add_work(begin: datetime, amount: timedelta, calendar: WorkCalendar) -> datetime:
    """Walk the working stretches until the amount is used up; nothing left to add returns the moment itself."""
    if not amount:
        return begin
    day = begin.date()
    while True:
        for opens, closes in calendar.stretches(day):
            length = closes - max(opens, begin)
            if length >= amount:
                return max(opens, begin) + amount
            if length > timedelta():
                amount -= length
        day += timedelta(days=1)


def _work_between(begin: datetime, end: datetime, calendar: WorkCalendar) -> timedelta:
    total, day = timedelta(), begin.date()
    while day <= end.date():
        for opens, closes in calendar.stretches(day):
            total += max(timedelta(), min(closes, end) - max(opens, begin))
        day += timedelta(days=1)
    return total


def _signed_work(begin: datetime, end: datetime, calendar: WorkCalendar) -> timedelta:
    return _work_between(begin, end, calendar) if begin <= end else -_work_between(end, begin, calendar)
