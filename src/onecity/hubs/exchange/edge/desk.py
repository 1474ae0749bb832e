"""The gateway's own state: database pool, snapshot kept fresh by NOTIFY, quota slices, proof writer. No Django."""

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool

from onecity.hubs.exchange.contracts import CallRequest
from onecity.hubs.exchange.edge import sql
from onecity.hubs.exchange.edge.proof_writer import ProofWriter
from onecity.hubs.exchange.edge.quota import QuotaSlices
from onecity.hubs.exchange.edge.snapshot import consent_facts, snapshot_from_rows
from onecity.hubs.exchange.errors import QuotaExceeded
from onecity.hubs.exchange.rules.judge import Judgement
from onecity.hubs.exchange.rules.quota import slice_size
from onecity.hubs.exchange.rules.snapshot import ConsentFacts, Snapshot

__all__ = ["Desk"]

logger = logging.getLogger("onecity.gateway")

_REFRESH_SECONDS = 5.0


class Desk:
    """Opened once per process, inside its event loop."""

    def __init__(self, database_url: str) -> None:
        self._url = database_url
        self._pool: AsyncConnectionPool[psycopg.AsyncConnection[TupleRow]] | None = None
        self._slices = QuotaSlices()
        self._listener: asyncio.Task[None] | None = None
        self.snapshot = Snapshot(0)
        self.writer: ProofWriter | None = None

    async def open(self) -> None:
        """Connect, load the first snapshot, begin to listen."""
        # A prepared statement would not survive the swap of a resource's view.
        options = {"autocommit": True, "prepare_threshold": None, "application_name": "onecity-gateway"}
        self._pool = AsyncConnectionPool(self._url, min_size=1, max_size=16, kwargs=options, open=False)
        await self._pool.open(wait=True, timeout=20)
        await self.refresh()
        url = self._url
        self.writer = ProofWriter(
            lambda: psycopg.connect(url, autocommit=True, application_name="onecity-proof"), "gateway"
        )
        self._listener = asyncio.create_task(self._listen())

    async def close(self) -> None:
        """Write what is queued, give connections back."""
        if self._listener is not None:
            self._listener.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._listener
        if self.writer is not None:
            await asyncio.to_thread(self.writer.close)
        if self._pool is not None:
            await self._pool.close()

    async def rows(self, statement: str, parameters: Sequence[Any] = ()) -> list[TupleRow]:
        """Rows of one statement in its own transaction."""
        assert self._pool is not None
        async with self._pool.connection() as connection:
            cursor = await connection.execute(statement, list(parameters))
            found: list[TupleRow] = await cursor.fetchall() if cursor.description else []
            return found

    async def refresh(self) -> None:
        """Load the snapshot if its version moved."""
        found = await self.rows(sql.VERSION)
        version = int(found[0][0]) if found else 0
        if version != self.snapshot.version:
            parts = [await self.rows(one) for one in (sql.INTERFACES, sql.GRANTS, sql.CLIENTS, sql.SWITCHES)]
            self.snapshot = snapshot_from_rows(version, *parts)

    async def _listen(self) -> None:
        """New grants and revocations work at once; a lost connection is made again, and a pass every few seconds is the net."""
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(self._url, autocommit=True) as connection:
                    await connection.execute(f"LISTEN {sql.CHANNEL}")
                    await self.refresh()
                    while True:
                        async for _ in connection.notifies(timeout=_REFRESH_SECONDS, stop_after=1):
                            pass
                        await self.refresh()
            except psycopg.Error as error:
                logger.warning("listening for new grants was interrupted: %s", error)
                await asyncio.sleep(0.5)

    async def consents(self, call: CallRequest) -> list[ConsentFacts]:
        """Consents the call could stand on, read now."""
        named = [call.consent_id] if call.consent_id else []
        found = await self.rows(sql.CONSENTS, [[call.matter] if call.matter else [], named])
        return [consent_facts(row) for row in found]

    async def count(self, judgement: Judgement, day: date) -> None:
        """Count one call against the day's quota. Raises QuotaExceeded."""
        grant = judgement.grant
        if grant.quota <= 0 or self._slices.take(grant.id, day):
            return
        calls = await self._lease(grant.id, day, grant.quota)
        if calls == 0:
            raise QuotaExceeded(data={"interface": judgement.interface.key, "quota": grant.quota})
        self._slices.add(grant.id, day, calls - 1)

    async def _lease(self, grant: UUID, day: date, quota: int) -> int:
        await self.rows(sql.QUOTA_OPEN, [grant, day])
        leased = int((await self.rows(sql.QUOTA_LEFT, [grant, day]))[0][0])
        for calls in dict.fromkeys((slice_size(quota, leased), 1)):
            if calls and await self.rows(sql.QUOTA_LEASE, [calls, grant, day, calls, quota]):
                return calls
        return 0
