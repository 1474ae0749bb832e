"""A gateway worker's state: facts kept fresh by NOTIFY, the lease it answers under, consents, quota slices. No Django.

The lease is the promise behind a withdrawal. A worker answers only while its lease runs and renews it, several times a second, only if it
holds the newest facts; stopped, cut off or slow, it fences itself before the database's clock says the lease is over.
"""

import asyncio
import contextlib
import logging
import os
import time
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool

from onecity.hubs.exchange.contracts import CallRequest
from onecity.hubs.exchange.edge import sql, worker_sql
from onecity.hubs.exchange.edge.quota import Meters
from onecity.hubs.exchange.edge.snapshot import consent_facts, snapshot_from_rows
from onecity.hubs.exchange.rules.snapshot import ConsentFacts, Snapshot
from onecity.kernel.ids import new_id

__all__ = ["Desk", "machine_clock"]

logger = logging.getLogger("onecity.gateway")

_BEAT_SECONDS = 0.2
_MARGIN_SECONDS = 0.05
_LARGEST_MEMORY = 100_000


def machine_clock() -> float:
    """Seconds that also run while the machine or the process sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class Desk:
    """Opened once per process, inside its event loop. `on_change` is called after new facts are in place."""

    def __init__(self, database_url: str, node: str, slot: int, on_change: Callable[[], None]) -> None:
        self._url, self._node, self._slot = database_url, node, slot
        self._on_change = on_change
        self._pool: AsyncConnectionPool[psycopg.AsyncConnection[TupleRow]] | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._refreshing = asyncio.Lock()
        self._consents: dict[str, list[ConsentFacts]] = {}
        self._withdrawals = 0
        self.worker = new_id()
        self.snapshot = Snapshot(0)
        self.lease_end = 0.0
        self.database = "ok"
        self.meters = Meters(self.rows)

    async def open(self) -> None:
        """Connect, register this worker, load the first facts, begin to renew and to listen."""
        # A prepared statement would not survive the swap of a resource's view.
        options = {"autocommit": True, "prepare_threshold": None, "application_name": "onecity-gateway"}
        self._pool = AsyncConnectionPool(self._url, min_size=1, max_size=4, kwargs=options, open=False)
        await self._pool.open(wait=True, timeout=20)
        await self.rows(worker_sql.REGISTER, [self.worker, self._node, self._slot, os.getpid()])
        await self.refresh()
        self._tasks = [asyncio.create_task(self._beat()), asyncio.create_task(self._listen())]
        for _ in range(50):
            if machine_clock() < self.lease_end:
                return
            await asyncio.sleep(0.05)

    async def close(self) -> None:
        """Give the lease and all connections back."""
        for task in self._tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self.lease_end = 0.0
        if self._pool is not None:
            with contextlib.suppress(psycopg.Error):
                await self.rows(worker_sql.END, [self.worker])
            await self._pool.close()

    async def rows(self, statement: str, parameters: Sequence[Any] = ()) -> list[TupleRow]:
        """Rows of one statement in its own transaction."""
        assert self._pool is not None
        async with self._pool.connection(timeout=5) as connection:
            cursor = await connection.execute(statement, list(parameters))
            found: list[TupleRow] = await cursor.fetchall() if cursor.description else []
            return found

    async def refresh(self) -> None:
        """Load the facts if their version moved; forget kept consents if one was withdrawn."""
        async with self._refreshing:
            facts, withdrawals = (await self.rows(worker_sql.VERSIONS))[0]
            if facts != self.snapshot.version:
                parts = [await self.rows(one) for one in (sql.INTERFACES, sql.GRANTS, worker_sql.CLIENTS, sql.SWITCHES)]
                # Building a large picture in this thread would hold every call up.
                self.snapshot = await asyncio.to_thread(snapshot_from_rows, facts, *parts)
                self._on_change()
            if withdrawals != self._withdrawals:
                self._consents.clear()
                self._withdrawals = withdrawals
                self._on_change()

    async def _beat(self) -> None:
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    self._url, autocommit=True, connect_timeout=2, options="-c statement_timeout=500"
                ) as connection:
                    self.database = "ok"
                    while True:
                        await self._renew(connection)
                        await asyncio.sleep(_BEAT_SECONDS)
            except (psycopg.Error, OSError) as error:
                if self.database == "ok":
                    logger.error("the database does not answer; calls are refused when the lease ends: %s", error)
                self.database = f"{type(error).__name__}: {error}".strip()[:200]
                await asyncio.sleep(_BEAT_SECONDS)

    async def _renew(self, connection: "psycopg.AsyncConnection[TupleRow]") -> None:
        for _ in range(3):
            began = machine_clock()
            version = self.snapshot.version
            given = [version, worker_sql.LEASE_SECONDS, self.worker, version, self._withdrawals]
            cursor = await connection.execute(worker_sql.RENEW, given)
            if await cursor.fetchone():
                if self.lease_end and began > self.lease_end:
                    logger.warning("this worker was fenced for %.1f s and answers again", began - self.lease_end)
                self.lease_end = began + worker_sql.LEASE_SECONDS - _MARGIN_SECONDS
                return
            await connection.execute(worker_sql.REGISTER, [self.worker, self._node, self._slot, os.getpid()])
            await self.refresh()

    async def _listen(self) -> None:
        """Changes are known at once and acknowledged at once; a lost connection is made again, the beat is the net."""
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(self._url, autocommit=True) as connection:
                    await connection.execute(f"LISTEN {sql.CHANNEL}")
                    while True:
                        await self.refresh()
                        await self._renew(connection)
                        async for _ in connection.notifies(timeout=5.0, stop_after=1):
                            pass
            except (psycopg.Error, OSError) as error:
                logger.warning("listening for changed rights was interrupted: %s", error)
                await asyncio.sleep(0.5)

    async def consents(self, call: CallRequest, *, fresh: bool) -> list[ConsentFacts]:
        """Consents the call could stand on: kept ones of its matter, or read now (`fresh`, or a consent is named)."""
        if not fresh and call.consent_id is None and call.matter in self._consents:
            return self._consents[call.matter]
        named = [call.consent_id] if call.consent_id else []
        withdrawals = self._withdrawals
        found = [
            consent_facts(row) for row in await self.rows(sql.CONSENTS, [[call.matter] if call.matter else [], named])
        ]
        if not named and found and withdrawals == self._withdrawals:
            if len(self._consents) >= _LARGEST_MEMORY:
                self._consents.clear()
            self._consents[call.matter] = found
        return found

    async def report_crawl(self, grant: UUID, place: Sequence[str], calls: int, misses: int, seconds: int) -> None:
        """Leave word that a caller enumerates numbers; the worker process makes an event of it."""
        try:
            await self.rows(worker_sql.ALARM, [new_id(), *place, str(grant), calls, misses, seconds])
        except psycopg.Error:
            logger.exception("an alarm could not be written")
