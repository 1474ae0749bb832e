"""Slices of the day's quotas held by this process. Owns the local counters; the caller leases from PostgreSQL.

A slice is spent only here, so counting a call costs no write; what a killed process had left is lost for the day.
"""

import threading
from datetime import date
from uuid import UUID

__all__ = ["QuotaSlices"]


class QuotaSlices:
    """Thread-safe counters by (grant, day); yesterday's are dropped."""

    def __init__(self) -> None:
        self._left: dict[tuple[UUID, date], int] = {}
        self._lock = threading.Lock()

    def take(self, grant: UUID, day: date) -> bool:
        """Count one call; False when the slice is spent and a new one must be leased."""
        with self._lock:
            left = self._left.get((grant, day), 0)
            if left <= 0:
                return False
            self._left[(grant, day)] = left - 1
            return True

    def add(self, grant: UUID, day: date, calls: int) -> None:
        """A leased slice."""
        with self._lock:
            self._left = {key: left for key, left in self._left.items() if key[1] == day}
            self._left[(grant, day)] = self._left.get((grant, day), 0) + calls

    def forget(self) -> None:
        """Drop everything, for tests that empty the database."""
        with self._lock:
            self._left.clear()
