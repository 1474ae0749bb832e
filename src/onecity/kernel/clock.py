"""What time it is.

Owns: business time (`now`, `today`), which the demonstration mode may shift, and technical time (`wall_now`), which nothing shifts.
Refuses: to know calendars, holidays or deadlines; those are rows of the hub `process`.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

__all__ = ["CITY_ZONE", "now", "shift_by", "today", "wall_now"]

CITY_ZONE = ZoneInfo("Asia/Shanghai")

_offset: Callable[[], timedelta] = timedelta


def shift_by(source: Callable[[], timedelta]) -> None:
    """Let `source` decide how far business time stands from real time. Called once, by the demonstration mode."""
    global _offset
    _offset = source


def wall_now() -> datetime:
    """Real time, aware, UTC. For sessions, token lives, proofs and anything a stranger must be able to check."""
    return datetime.now(UTC)


def now() -> datetime:
    """Business time, aware, UTC: what forms, deadlines and decisions are dated with."""
    return wall_now() + _offset()


def today() -> date:
    """Business date in the city's zone (Asia/Shanghai)."""
    return now().astimezone(CITY_ZONE).date()
