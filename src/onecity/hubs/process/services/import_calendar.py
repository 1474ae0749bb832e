"""Imports one year's holiday notice. A year is replaced whole, so that a corrected notice leaves nothing behind."""

from onecity.hubs.process.contracts import CalendarEffect, CalendarYearView, NoticeCheck, Permission
from onecity.hubs.process.models import CalendarDay, CalendarYear, kept_calendar
from onecity.hubs.process.rules.notices import Notice, NoticeFault, parse_table, read_sheet, table_of
from onecity.hubs.process.services import reclock
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now
from onecity.kernel.errors import Invalid
from onecity.kernel.policy import require
from onecity.kernel.sheets import read_sheets

_FIRST, _LAST = 2000, 2100


def import_calendar(actor: Actor, *, year: int, source: str, table: str) -> CalendarYearView:
    """Read a pasted table, store the year, move the running limits. Errors: NotPermitted, Invalid (with the line)."""
    notice = _read(actor, year, source, table)
    old = kept_calendar.fresh()
    store(notice, by=actor.name)
    clocks = reclock.move_clocks(old, notice)
    audit.record(
        actor, "process.import_calendar", target="process.calendar", target_id=year,
        data={"source": notice.source, "days": len(notice.days), "clocks": clocks},
    )  # fmt: skip
    return CalendarYearView(notice.year, notice.source, notice.days)


def foresee_calendar(actor: Actor, *, year: int, source: str, table: str) -> CalendarEffect:
    """What the import would do to running limits; writes nothing. Errors: NotPermitted, Invalid (with the line)."""
    return reclock.effect(_read(actor, year, source, table))


def check_notice(actor: Actor, *, year: int, content: bytes) -> NoticeCheck:
    """Read an uploaded workbook's first sheet. Errors: NotPermitted, Invalid (no workbook), TooLarge; bad rows are told."""
    require(actor, Permission.CALENDAR_MANAGE)
    grid = next(iter(read_sheets(content).values()), ())
    notice, faults = read_sheet(year, "", grid)
    return NoticeCheck(table_of(notice), faults)


def _read(actor: Actor, year: int, source: str, table: str) -> Notice:
    require(actor, Permission.CALENDAR_MANAGE)
    if not _FIRST <= year <= _LAST:
        raise Invalid("process.calendar_invalid", f"年份 {year} 不在 {_FIRST}–{_LAST} 之间")
    if not source.strip():
        raise Invalid("process.calendar_invalid", "请写明依据的通知名称和文号")
    try:
        return parse_table(year, source.strip(), table)
    except NoticeFault as fault:
        raise Invalid("process.calendar_invalid", str(fault), data={"line": fault.line}) from fault


def store(notice: Notice, *, by: str) -> None:
    """Write a notice's rows in place of the year's old ones."""
    row, _ = CalendarYear.objects.update_or_create(
        year=notice.year, defaults={"source": notice.source, "imported_at": now(), "imported_by": by}
    )
    CalendarDay.objects.filter(year=row).delete()
    CalendarDay.objects.bulk_create(
        [CalendarDay(day=day.day, year=row, works=day.works, label=day.label) for day in notice.days]
    )
    kept_calendar.forget()
