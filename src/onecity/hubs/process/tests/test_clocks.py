"""The legal clocks on the national calendar: the vectors of the standard, pauses, and the refusal to guess."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecity.hubs.process.adapters.calendar_file import read_notices
from onecity.hubs.process.contracts import LightKind, Limit, TimeUnit
from onecity.hubs.process.rules.clocks import CITY_ZONE, CalendarMissing, WorkCalendar, deadline, extended, remaining
from onecity.hubs.process.rules.lights import light

CALENDAR = WorkCalendar(
    frozenset({2025, 2026}), {day.day: day.works for notice in read_notices() for day in notice.days}
)
SAME_TIME = WorkCalendar(CALENDAR.years, CALENDAR.exceptions, same_time_of_day=True)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CITY_ZONE)


@pytest.mark.parametrize(
    ("start", "amount", "unit", "end"),
    [
        ("2026-06-12 23:30", 2, TimeUnit.URGENT_HOUR, "2026-06-13 01:30:00"),
        ("2026-06-12 17:30", 2, TimeUnit.WORK_HOUR, "2026-06-15 09:30:00"),
        ("2026-06-12 11:00", 2, TimeUnit.WORK_HOUR, "2026-06-12 15:00:00"),
        ("2026-06-12 16:00", 2, TimeUnit.WORK_HOUR, "2026-06-12 18:00:00"),
        ("2026-06-12 10:00", 1, TimeUnit.WORK_DAY, "2026-06-15 18:00:00"),
        ("2026-06-18 10:00", 1, TimeUnit.WORK_DAY, "2026-06-22 18:00:00"),
        ("2026-02-13 10:00", 1, TimeUnit.WORK_DAY, "2026-02-14 18:00:00"),
        ("2026-02-14 10:00", 1, TimeUnit.WORK_DAY, "2026-02-24 18:00:00"),
        ("2026-09-30 17:00", 3, TimeUnit.WORK_HOUR, "2026-10-08 10:00:00"),
        ("2026-06-12 10:00", 10, TimeUnit.NATURAL_DAY, "2026-06-22 23:59:59"),
        ("2025-12-31 10:00", 1, TimeUnit.WORK_DAY, "2026-01-04 18:00:00"),
        ("2025-01-24 10:00", 1, TimeUnit.WORK_DAY, "2025-01-26 18:00:00"),
    ],
)
def test_deadlines(start: str, amount: int, unit: TimeUnit, end: str) -> None:
    assert deadline(at(start), Limit(amount, unit), CALENDAR) == at(end)


def test_working_day_may_end_at_the_hour_of_receipt() -> None:
    assert deadline(at("2026-06-12 10:00"), Limit(1), SAME_TIME) == at("2026-06-15 10:00")


@pytest.mark.parametrize(
    ("day", "works"),
    [("2026-01-04", True), ("2026-01-02", False), ("2026-02-28", True), ("2026-05-09", True), ("2026-06-13", False),
     ("2026-09-20", True), ("2026-10-10", True), ("2025-10-08", False), ("2025-10-11", True), ("2025-01-02", True)],
)  # fmt: skip
def test_make_up_days_count_and_holidays_do_not(day: str, works: bool) -> None:
    assert CALENDAR.works(date.fromisoformat(day)) is works


def test_a_year_without_rows_is_never_guessed() -> None:
    with pytest.raises(CalendarMissing) as caught:
        deadline(at("2026-12-31 10:00"), Limit(1), CALENDAR)
    assert caught.value.year == 2027


def test_moments_may_come_in_any_zone() -> None:
    start = datetime(2026, 6, 12, 9, 30, tzinfo=UTC)
    assert deadline(start, Limit(2, TimeUnit.WORK_HOUR), CALENDAR) == at("2026-06-15 09:30")


@pytest.mark.parametrize(
    ("now", "kind", "days"),
    [
        ("2026-06-12 10:00", LightKind.GREEN, 3),
        ("2026-06-15 10:00", LightKind.GREEN, 2),
        ("2026-06-16 10:00", LightKind.YELLOW, 1),
        ("2026-06-17 17:59", LightKind.YELLOW, 0),
        ("2026-06-17 18:01", LightKind.RED, -1),
        ("2026-06-22 09:00", LightKind.RED, -2),
    ],
)
def test_lights_of_three_working_days(now: str, kind: LightKind, days: int) -> None:
    due = deadline(at("2026-06-12 09:00"), Limit(3), CALENDAR)
    shown = light(at(now), due, TimeUnit.WORK_DAY, CALENDAR)
    assert (shown.kind, shown.days, shown.unit) == (kind, days, "工作日")


def test_light_without_calendar_rows_says_so() -> None:
    shown = light(at("2026-12-30 10:00"), at("2027-01-05 18:00"), TimeUnit.WORK_DAY, CALENDAR)
    assert shown.kind is LightKind.GREY
    assert "2027" in shown.reason


MOMENTS = st.integers(0, 60 * 24 * 390).map(lambda minutes: at("2025-02-01 00:00") + timedelta(minutes=minutes))
LIMITS = st.builds(Limit, st.integers(1, 60), st.sampled_from(TimeUnit))
PAUSES = st.integers(0, 60 * 24 * 30).map(lambda minutes: timedelta(minutes=minutes))


@given(MOMENTS, PAUSES, LIMITS)
def test_deadlines_are_monotone(start: datetime, later: timedelta, limit: Limit) -> None:
    first = deadline(start, limit, CALENDAR)
    assert first >= start
    assert deadline(start + later, limit, CALENDAR) >= first
    assert deadline(start, Limit(limit.amount + 1, limit.unit), CALENDAR) > first


@given(MOMENTS, PAUSES, PAUSES, LIMITS)
def test_a_pause_leaves_exactly_what_was_left(
    start: datetime, before: timedelta, pause: timedelta, limit: Limit
) -> None:
    due, paused = deadline(start, limit, CALENDAR), start + before
    resumed = paused + pause
    left = remaining(paused, due, limit.unit, CALENDAR)
    new_due = extended(due, paused, resumed, limit.unit, CALENDAR)
    assert remaining(resumed, new_due, limit.unit, CALENDAR) == pytest.approx(left)


@given(MOMENTS, LIMITS)
def test_remaining_at_the_deadline_is_nothing(start: datetime, limit: Limit) -> None:
    due = deadline(start, limit, CALENDAR)
    assert remaining(due, due, limit.unit, CALENDAR) == 0
