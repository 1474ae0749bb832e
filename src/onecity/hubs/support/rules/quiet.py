"""When a short message may leave.

Owns: the quiet-hours window, which may span midnight. Refuses to know the hours themselves: they are a row.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from typing import Final

__all__ = ["WITHOUT_ROW", "SmsTerms", "earliest", "retry_after"]


@dataclass(frozen=True, slots=True)
class SmsTerms:
    """Under which name short messages leave, and during which hours they wait."""

    signature: str
    quiet_from: time
    quiet_to: time


WITHOUT_ROW: Final = SmsTerms("全市一个", time(21), time(7))
"""What holds until the city writes its own row: our own house rule, no law names the hours."""


def earliest(now: datetime, begin: time, end: time, zone: tzinfo, *, urgent: bool = False) -> datetime:
    """The first moment at or after `now` outside [begin, end) of the city's day. Urgent messages leave at once."""
    if urgent or begin == end:
        return now
    local = now.astimezone(zone)
    clock = local.time()
    inside = begin <= clock < end if begin < end else clock >= begin or clock < end
    if not inside:
        return now
    day = local.date() if begin < end or clock < end else local.date() + timedelta(days=1)
    return datetime.combine(day, end, tzinfo=zone)


def retry_after(attempts: int) -> timedelta | None:
    """Wait before the next attempt: 1, 5, 30 minutes, 2 hours; None = give up."""
    steps = (1, 5, 30, 120)
    return timedelta(minutes=steps[attempts - 1]) if 1 <= attempts <= len(steps) else None
