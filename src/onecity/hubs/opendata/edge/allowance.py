"""Rates shared by all processes: allowances are leased from PostgreSQL in slices, so counting a call costs no write. Pure bookkeeping.

Never more than the limit in a window over all processes: a slice is taken before it is spent. Refuses: to talk to the database itself.
"""

import time

__all__ = ["DAY", "MINUTE", "Slices", "granted", "slice_of", "window_of"]

MINUTE, DAY = 60, 86_400
_PARTS = 10
_CITY_OFFSET = 8 * 3600
_KEPT = 50_000


def window_of(seconds: int, now: float | None = None) -> int:
    """Start of the window that `now` lies in (Unix); days begin at midnight in the city."""
    moment = int(time.time() if now is None else now)
    shift = _CITY_OFFSET if seconds == DAY else 0
    return (moment + shift) // seconds * seconds - shift


def slice_of(limit: int) -> int:
    """How much one process leases at a time."""
    return max(1, limit // _PARTS)


def granted(wanted: int, limit: int, total: int | None) -> int:
    """What a lease brought: `total` is the window's count after adding, None = it was full."""
    if total is None:
        return 0
    return max(0, wanted - max(0, total - limit))


class Slices:
    """What this process still holds of each window."""

    def __init__(self) -> None:
        self._left: dict[tuple[str, int], int] = {}

    def spend(self, subject: str, window: int) -> bool:
        """Use one up if there is one."""
        left = self._left.get((subject, window), 0)
        if left <= 0:
            return False
        self._left[subject, window] = left - 1
        return True

    def add(self, subject: str, window: int, amount: int) -> None:
        """Put a lease beside what is left; windows long past are forgotten."""
        if len(self._left) > _KEPT:
            youngest = max(at for _, at in self._left)
            self._left = {name: left for name, left in self._left.items() if name[1] >= youngest - DAY and left > 0}
        self._left[subject, window] = self._left.get((subject, window), 0) + amount
