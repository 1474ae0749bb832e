"""Lists, batches, files and subscriptions at the gateway: recognised here, answered by a process of their own, let go under the lease.

A caller is known by the same session and signature as for single calls. The process beside (`start_with`) judges, counts, masks and
proves; what comes back leaves only while this worker's lease runs and the grant it stands on holds. A file leaves in pieces, and a right
withdrawn in the middle ends it there. Refuses to do any of the work in this process: it would hold single calls up.
"""

import asyncio
import contextlib
import os
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson

from onecity.hubs.exchange.contracts import CallRequest
from onecity.hubs.exchange.edge.desk import Desk, machine_clock
from onecity.hubs.exchange.edge.proof_log import ProofLog
from onecity.hubs.exchange.edge.records import gateway_proof
from onecity.hubs.exchange.edge.sessions import Caller, Sessions
from onecity.hubs.exchange.edge.wish import read_object
from onecity.hubs.exchange.errors import BulkUnavailable, GatewayFenced, GrantExpired, ProofUnavailable, RequestRefused
from onecity.hubs.exchange.rules.limits_of_grant import has_ended
from onecity.hubs.exchange.rules.proof import canonical
from onecity.hubs.exchange.rules.snapshot import GrantFacts
from onecity.kernel.clock import CITY_ZONE
from onecity.kernel.errors import CityError
from onecity.kernel.subject import SubjectRef

__all__ = ["WAYS", "Bulk", "Piece", "start_with"]

WAYS = ("list", "batch", "changes", "file")
_START_SECONDS = 90.0
_AGAIN_SECONDS = 10.0
_ANSWER_SECONDS = 600.0
_LARGEST_LINE = 64 * 1024 * 1024
_MOST_WAITING = 16
_PIECE = 1 << 20
_command: tuple[str, ...] = ()


def start_with(command: Sequence[str]) -> None:
    """Say which program answers; it gets the socket's address as its last argument."""
    global _command
    _command = tuple(command)


class Piece:
    """A part of a file on its way: `pieces` yields it while the right holds."""

    def __init__(self, path: str, begin: int, end: int, size: int, sha256: str, may_go: Callable[[], None]) -> None:
        self.begin, self.end, self.size, self.sha256 = begin, end, size, sha256
        self._path, self._may_go = path, may_go

    async def pieces(self) -> AsyncIterator[bytes]:
        """Bytes in order. Raises GatewayFenced, GrantExpired in the middle, OSError."""
        handle = await asyncio.to_thread(os.open, self._path, os.O_RDONLY)
        try:
            place = self.begin
            while place < self.end:
                part = await asyncio.to_thread(os.pread, handle, min(_PIECE, self.end - place), place)
                if not part:
                    return
                self._may_go()
                place += len(part)
                yield part
        finally:
            os.close(handle)


class Bulk:
    """One worker's line to the process beside."""

    def __init__(self, desk: Desk, sessions: Sessions, address: Path, count: Callable[[int, int, int], None]) -> None:
        """`count` (grant, rate, second) holds the rate over all workers of the node."""
        self._desk, self._sessions, self._address, self._count = desk, sessions, address, count
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._starting = asyncio.Lock()
        self._waiting = 0
        self.log: ProofLog | None = None

    async def answer(self, path: str, headers: Mapping[bytes, bytes], body: bytes) -> bytes | Piece | dict[str, Any]:
        """The body of the answer, a piece of a file, or a problem document. Raises what the session, the lease and the grant raise."""
        way, _, target = path[4:].partition("/")
        self._fence()
        caller = self._sessions.caller(self._desk.snapshot, path, headers, body, time.time())
        content = read_object(body)
        client = caller.client
        try:
            self._pace(caller, target, content)
        except CityError as error:
            await self._refused(caller, way, target, content, error)
            raise
        told = {
            "way": way, "target": target, "path": path, "body": content,
            "client": {
                "id": str(client.id), "name": client.name, "organisation": client.organisation,
                "organisation_name": client.organisation_name,
            },
        }  # fmt: skip
        reply: dict[str, Any] = orjson.loads(await self._asked(orjson.dumps(told)))
        if "problem" in reply:
            return dict(reply["problem"])
        grant = UUID(reply["grant"])
        self._may_go(caller, grant)
        if way == "file":
            begin, end = _range(content, int(reply["bytes"]))
            return Piece(
                reply["path"], begin, end, int(reply["bytes"]), reply["sha256"], lambda: self._may_go(caller, grant)
            )
        return orjson.dumps(reply["answer"])

    def _fence(self) -> None:
        if machine_clock() > self._desk.lease_end:
            raise GatewayFenced(data={"database": self._desk.database})

    def _pace(self, caller: Caller, interface: str, content: Mapping[str, Any]) -> None:
        """Count the call in its second where the grant it will stand on has a rate. Raises RateExceeded."""
        grants = self._desk.snapshot.grants.get((caller.client.organisation, interface), ())
        grant = next((one for one in grants if one.active and one.purpose == content.get("purpose")), None)
        if grant is not None and grant.rate:
            self._count(grant.id.int, grant.rate, int(time.time()))

    async def _refused(
        self, caller: Caller, way: str, interface: str, content: Mapping[str, Any], error: CityError
    ) -> None:
        """Prove what was refused here. Raises ProofUnavailable."""
        call = CallRequest(
            interface, SubjectRef(""), purpose=str(content["purpose"]), matter=str(content.get("matter", ""))
        )
        proof = gateway_proof(
            self._desk.snapshot, caller.client, call, str(content.get("person", ""))[:60], judgement=None, outcome=error.code,
            rows=(), as_of=None, milliseconds=0,
        )  # fmt: skip
        log = self.log
        kind = "batch" if way == "batch" else "list"
        if log is None or not await log.append(canonical(replace(proof, kind=kind, chain=log.chain, seq=log.seq + 1))):
            raise ProofUnavailable() from None
        error.data = {**error.data, "proof_id": str(proof.id)}

    def _may_go(self, caller: Caller, grant_id: UUID) -> None:
        """The lease runs, the machine is registered, the grant holds, now. Raises GatewayFenced, GrantExpired."""
        self._fence()
        snapshot, now = self._desk.snapshot, datetime.now(UTC)
        if caller.client.id not in snapshot.clients:
            raise GatewayFenced(data={"reason": "client"})
        held = next((one for found in snapshot.grants.values() for one in found if one.id == grant_id), None)
        if held is None or not _holds(held, now):
            raise GrantExpired(data={"grant": str(grant_id)})

    async def _asked(self, line: bytes) -> bytes:
        if self._waiting >= _MOST_WAITING:
            raise BulkUnavailable(text="批量任务较多，请稍后再试", data={"waiting": self._waiting})
        self._waiting += 1
        try:
            reader, writer = await self._line()
            try:
                writer.write(line + b"\n")
                await writer.drain()
                answer = await asyncio.wait_for(reader.readline(), _ANSWER_SECONDS)
            finally:
                writer.close()
        except (OSError, ValueError, TimeoutError) as error:
            raise BulkUnavailable(data={"cause": type(error).__name__}) from error
        finally:
            self._waiting -= 1
        if not answer:
            raise BulkUnavailable(data={"cause": "ended"})
        return answer

    async def _line(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        until = time.monotonic() + _START_SECONDS
        while True:
            try:
                return await asyncio.open_unix_connection(str(self._address), limit=_LARGEST_LINE)
            except OSError:
                if not _command or time.monotonic() > until:
                    raise
            async with self._starting:
                ended = None if self._process is None else self._process.poll()
                if ended and time.monotonic() - self._started_at < _AGAIN_SECONDS:
                    raise OSError(f"the process beside ended with {ended}")
                if self._process is None or ended is not None:
                    self._started_at = time.monotonic()
                    self._process = await asyncio.to_thread(_started, self._address)
            await asyncio.sleep(0.1)

    def close(self) -> None:
        """Let the process end."""
        if self._process is not None and self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()


def _started(address: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([*_command, str(address)], stdin=subprocess.PIPE)


def _holds(grant: GrantFacts, now: datetime) -> bool:
    today = now.astimezone(CITY_ZONE).date()
    return grant.active and grant.valid_from <= today <= grant.valid_to and not has_ended(grant, now)


def _range(content: Mapping[str, Any], size: int) -> tuple[int, int]:
    """First byte and the one behind the last. Raises RequestRefused."""
    begin, length = content.get("offset", 0), content.get("length", size)
    if type(begin) is not int or type(length) is not int or not 0 <= begin <= size or length < 0:
        raise RequestRefused(text=f"offset须在0至{size}之间，length不小于0", data={"bytes": size})
    return begin, min(size, begin + length)
