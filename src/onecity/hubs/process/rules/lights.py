"""Lights of a limit: 绿 normal, 黄 due soon, 红 overdue, 灰 suspended. Pure; the caller brings moment and calendar."""

from datetime import datetime
from math import ceil, floor

from onecity.hubs.process.contracts import UNIT_WORDS, LightKind, LightView, TimeUnit
from onecity.hubs.process.rules.clocks import CalendarMissing, WorkCalendar, remaining

WARN_LEFT = 1
"""Yellow from one unit left: the last day, or the last hour of an hour limit."""


def light(now: datetime, due: datetime | None, unit: TimeUnit | None, calendar: WorkCalendar) -> LightView:
    """The light of a running limit. Without a limit it is green without days; without calendar rows it says so."""
    if unit is None:
        return LightView(LightKind.GREEN)
    if due is None:
        return LightView(LightKind.GREY, reason="工作日历尚未导入，到期日待定")
    try:
        left = remaining(now, due, unit, calendar)
    except CalendarMissing as missing:
        return LightView(LightKind.GREY, reason=f"缺少 {missing.year} 年工作日历")
    word = UNIT_WORDS[unit]
    if now > due:
        return LightView(LightKind.RED, min(-1, floor(left)), word)
    kind = LightKind.YELLOW if left <= WARN_LEFT else LightKind.GREEN
    return LightView(kind, max(0, ceil(left)), word)


def suspended(reason: str) -> LightView:
    """The light of a clock that stands, with the reason beside it."""
    return LightView(LightKind.GREY, reason=reason)
