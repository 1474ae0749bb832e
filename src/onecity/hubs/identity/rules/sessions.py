"""When a session ends by itself and when its row must be touched. Times are real, never the demonstration clock's."""

from datetime import datetime, timedelta

__all__ = ["TOUCH_AFTER", "ended_reason", "needs_touch"]

TOUCH_AFTER = timedelta(seconds=60)
"""A session's last use is written at most once a minute: a write per click would cost more than the click."""


def ended_reason(last_seen: datetime, idle_seconds: int, expires_at: datetime, now: datetime) -> str:
    """Why the session is over at `now`: "idle", "expired", or "" while it lives."""
    if now >= expires_at:
        return "expired"
    return "idle" if now - last_seen > timedelta(seconds=idle_seconds) else ""


def needs_touch(last_seen: datetime, now: datetime) -> bool:
    """Whether the last use should be written again."""
    return now - last_seen >= TOUCH_AFTER
