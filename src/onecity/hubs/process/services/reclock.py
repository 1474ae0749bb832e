"""What a new calendar does to limits that run already: told before it is stored, done when it is.

A limit in working days or hours keeps its length; its end moves with the days. A limit that waited for the year gets its end.
"""

from dataclasses import replace
from datetime import date, timedelta

from onecity.hubs.process.contracts import CalendarEffect, Limit, MovedClock, TimeUnit
from onecity.hubs.process.models import WorkItem, kept_calendar
from onecity.hubs.process.models.item import LIVE
from onecity.hubs.process.rules import clocks
from onecity.hubs.process.rules.clocks import CalendarMissing, WorkCalendar
from onecity.hubs.process.rules.notices import Notice
from onecity.hubs.process.services import clock_item

_UNITS = (TimeUnit.WORK_DAY.value, TimeUnit.WORK_HOUR.value)
_BATCH = 1000


def effect(notice: Notice) -> CalendarEffect:
    """The running limits that would end elsewhere; writes nothing."""
    old = kept_calendar.fresh()
    moved = tuple(_moved(row) for row in _rows(old, notice))
    return CalendarEffect(
        notice.year,
        len(notice.days),
        later=sum(clock.before is not None and clock.after > clock.before for clock in moved),
        earlier=sum(clock.before is not None and clock.after < clock.before for clock in moved),
        dated=sum(clock.before is None for clock in moved),
        moved=moved,
    )


def move_clocks(old: WorkCalendar, notice: Notice) -> int:
    """Give running limits their new ends, in the caller's transaction. Returns how many moved."""
    rows = _rows(old, notice, lock=True)
    for row in rows:
        row.due_at, row.warn_at = row.new_due, row.new_warn  # type: ignore[attr-defined]
    WorkItem.objects.bulk_update(rows, ["due_at", "warn_at"], batch_size=_BATCH)
    return len(rows)


def with_notice(calendar: WorkCalendar, notice: Notice) -> WorkCalendar:
    """The calendar with one year replaced."""
    kept = {day: works for day, works in calendar.exceptions.items() if day.year != notice.year}
    fresh = kept | {day.day: day.works for day in notice.days}
    return replace(calendar, years=calendar.years | {notice.year}, exceptions=fresh)


def _changed(old: WorkCalendar, notice: Notice) -> list[date]:
    if notice.year not in old.years:
        return []
    new = with_notice(old, notice)
    days = {day for day in (*old.exceptions, *new.exceptions) if day.year == notice.year}
    return sorted(day for day in days if old.works(day) != new.works(day))


def _rows(old: WorkCalendar, notice: Notice, *, lock: bool = False) -> list[WorkItem]:
    """Live items whose end moves, each with `old_due`, `new_due`, `new_warn` put beside it; soonest first."""
    new, changed = with_notice(old, notice), _changed(old, notice)
    live = WorkItem.objects.filter(LIVE, limit_unit__in=_UNITS)
    live = live.select_for_update() if lock else live
    asked = list(live.filter(due_at=None))
    if changed:
        first, after = old.at(changed[0], clocks.MIDNIGHT), old.at(changed[-1] + timedelta(days=1), clocks.MIDNIGHT)
        asked += live.filter(due_at__gte=first, received_at__lt=after)
    rows = [row for row in asked if _reckoned(row, old, new)]
    return sorted(rows, key=lambda row: row.new_due)  # type: ignore[attr-defined]


def _reckoned(row: WorkItem, old: WorkCalendar, new: WorkCalendar) -> bool:
    """Whether the item's end moves; then its new moments stand beside it."""
    unit = TimeUnit(row.limit_unit)
    try:
        if row.due_at is None or row.warn_at is None:
            limit = Limit(row.limit_amount or 0, unit)
            due = clocks.deadline(row.received_at, limit, new)
            warn = clock_item.warning_on(row.received_at, limit, new)
        else:
            due = clocks.moved(row.received_at, row.due_at, unit, old, new)
            warn = clocks.moved(row.received_at, row.warn_at, unit, old, new)
    except CalendarMissing:
        return False
    row.new_due, row.new_warn = due, warn  # type: ignore[attr-defined]
    return due != row.due_at or warn != row.warn_at


def _moved(row: WorkItem) -> MovedClock:
    return MovedClock(row.id, row.matter_number, row.matter_title or row.summary, row.due_at, row.new_due)  # type: ignore[attr-defined]
