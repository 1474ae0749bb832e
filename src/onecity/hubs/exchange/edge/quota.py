"""Slices of the day's quotas held by this process. Owns the local counters; leases come from PostgreSQL.

A slice is spent only here, so counting a call costs no write; what a killed process had left is lost for the day.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from onecity.hubs.exchange.edge import sql
from onecity.hubs.exchange.rules.quota import slice_size

__all__ = ["Meter", "Meters", "QuotaSlices"]


class QuotaSlices:
    """Thread-safe counters by (grant, day); yesterday's are dropped. For the web process."""

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


class Meter:
    """What a gateway worker may still count of one grant on one day. `low` = when to lease ahead."""

    __slots__ = ("day", "empty_at", "grant", "leasing", "left", "low", "quota")

    def __init__(self, grant: UUID, day: date, quota: int) -> None:
        self.grant, self.day, self.quota = grant, day, quota
        self.left, self.low, self.empty_at = 0, 0, 0
        self.leasing: asyncio.Task[int] | None = None


class Meters:
    """A gateway worker's meters. The loop is their lock."""

    def __init__(self, rows: Callable[[str, Sequence[Any]], Awaitable[list[tuple[Any, ...]]]]) -> None:
        self._rows = rows
        self._meters: dict[UUID, Meter] = {}

    def meter(self, grant: UUID, day: date, quota: int) -> Meter:
        """The meter of a grant today; a changed quota counts from the next slice on."""
        held = self._meters.get(grant)
        if held is None or held.day != day:
            held = self._meters[grant] = Meter(grant, day, quota)
        held.quota = quota
        return held

    def count(self, meter: Meter) -> None:
        """Count one call of a slice that is not spent, and lease the next in time."""
        meter.left -= 1
        if meter.left < meter.low and meter.leasing is None:
            self.lease_ahead(meter).add_done_callback(_heard)

    async def take(self, meter: Meter) -> bool:
        """Count one call, leasing where the slice is spent. False = the day's quota is used up."""
        while meter.left <= 0:
            if meter.empty_at == meter.quota:
                return False
            task = meter.leasing
            if task is None:
                task = self.lease_ahead(meter)
            if await asyncio.shield(task) == 0 and meter.left <= 0:
                return False
        meter.left -= 1
        return True

    def lease_ahead(self, meter: Meter) -> "asyncio.Task[int]":
        """Fetch the next slice; one at a time per meter."""
        meter.leasing = asyncio.get_running_loop().create_task(self._lease(meter))
        return meter.leasing

    async def _lease(self, meter: Meter) -> int:
        try:
            await self._rows(sql.QUOTA_OPEN, [meter.grant, meter.day])
            leased = int((await self._rows(sql.QUOTA_LEFT, [meter.grant, meter.day]))[0][0])
            for calls in dict.fromkeys((slice_size(meter.quota, leased), 1)):
                given = [calls, meter.grant, meter.day, calls, meter.quota]
                if calls and await self._rows(sql.QUOTA_LEASE, given):
                    meter.left += calls
                    meter.low = calls // 3
                    return calls
            # What is leased never comes back within the day: no need to ask again until the quota is another.
            meter.low, meter.empty_at = -1, meter.quota
            return 0
        finally:
            meter.leasing = None


def _heard(task: "asyncio.Task[int]") -> None:
    """A failed lease ahead of need is met again when the slice is spent."""
    if not task.cancelled():
        task.exception()
