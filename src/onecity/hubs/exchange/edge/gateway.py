"""The gateway: machines of other organisations call interfaces over HTTP. Raw ASGI, no Django.

POST /v1/session opens a session by signature · POST /v1/call/{interface} answers a signed call · POST /v1/{list,batch,changes,file}/…
delivers many rows, by a process beside · GET /v1/openapi.json describes them · GET /healthz.
It serves published versions, and live what was subscribed at an upper level; other live interfaces belong to the web process.
Every outcome of a known caller is proven before it leaves. Reads DATABASE_URL and ONECITY_HOME. Errors are RFC 9457 problem documents.
"""

import asyncio
import contextlib
import gc
import logging
import os
import sys
import time
from collections.abc import Awaitable, Callable, MutableMapping
from functools import cache
from hashlib import sha256
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any

import orjson

from onecity.hubs.exchange.edge.board import Board, Slot, board_folder, node_name
from onecity.hubs.exchange.edge.bulk import WAYS, Bulk, Piece
from onecity.hubs.exchange.edge.calls import Calls
from onecity.hubs.exchange.edge.description import description
from onecity.hubs.exchange.edge.desk import Desk, machine_clock
from onecity.hubs.exchange.edge.front import Front, front_from_environment
from onecity.hubs.exchange.edge.live import LiveCalls
from onecity.hubs.exchange.edge.places import database_name, proofs_of, snapshots_of
from onecity.hubs.exchange.edge.proof_log import ProofLog
from onecity.hubs.exchange.edge.sessions import Sessions
from onecity.hubs.exchange.edge.stores import Stores
from onecity.hubs.exchange.errors import ProofUnavailable, RequestRefused
from onecity.kernel.crypto import Algorithm, KeyRing
from onecity.kernel.errors import Broken, CityError, NotFound, TooLarge
from onecity.kernel.http_status import plain_problem, status_of

__all__ = ["Gateway", "application"]

logger = logging.getLogger("onecity.gateway")

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_LARGEST_BODY = 64 * 1024
_LOOK_SECONDS = 0.25
_SWITCH_SECONDS = 0.001
_FIRST_GENERATION = 20_000
_JSON = (b"content-type", b"application/json")
_PROBLEM = (b"content-type", b"application/problem+json")


class Gateway:
    """One process's gateway; made inside its event loop."""

    def __init__(self, database_url: str, home: Path) -> None:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        ring = KeyRing(home / "keys")
        master = ring.current("exchange-gateway", Algorithm.SECRET).derive("session", 32)
        self._home, self._slot = home, Slot(home / "gateway")
        node = node_name(home / "gateway")
        self._board = Board(board_folder(home), self._slot.number)
        self.sessions = Sessions(master, node, self._board)
        self._database = database_name(database_url)
        self.stores = Stores(snapshots_of(home, self._database))
        self.desk = Desk(database_url, node, self._slot.number, self._forget)
        self._subject_key = ring.first("subject", Algorithm.SECRET).secret
        self._looking: asyncio.Task[None] | None = None
        self._front: Front | None = None
        self.log: ProofLog | None = None
        self.calls: Calls | None = None
        address = board_folder(home) / f"bulk-{sha256(self._database.encode()).hexdigest()[:12]}"
        self.bulk = Bulk(self.desk, self.sessions, address, self._board.count)

    def _forget(self) -> None:
        if self.calls is not None:
            self.calls.forget()

    async def open(self) -> None:
        """Open the proof log, the versions and the desk. Raises what the database or the disk raises."""
        # The writer of proofs must not wait long for its turn beside the loop.
        sys.setswitchinterval(_SWITCH_SECONDS)
        self.log = ProofLog(proofs_of(self._home, self._database))
        self.bulk.log = self.log
        live = LiveCalls(self._home, self.desk.rows).answer
        self.calls = Calls(self.desk, self.sessions, self.stores, self._board, self.log, self._subject_key, live)
        await self.stores.look()
        await self.desk.open()
        self._looking = asyncio.create_task(self._look())
        self._front = front_from_environment(self.calls.answer_signed)
        if self._front is not None:
            await self._front.open()
        # What lives by now lives on: the collector need not look at it again, nor at the rest often.
        gc.collect()
        gc.freeze()
        gc.set_threshold(_FIRST_GENERATION, 20, 20)

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            try:
                self._board.look()
                await self.stores.look()
            except OSError:
                logger.exception("looking for new versions failed; it goes on")

    async def close(self) -> None:
        """Answer nobody any more, write what is gathered, give everything back."""
        if self._front is not None:
            await self._front.close()
        if self._looking is not None:
            self._looking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._looking
        await self.desk.close()
        if self.log is not None:
            await self.log.close()
        self.stores.close()
        self.bulk.close()
        self._slot.release()

    def health(self) -> dict[str, Any]:
        """For the operator and the supervisor."""
        left = self.desk.lease_end - machine_clock()
        calls, log = self.calls, self.log
        return {
            "status": "ok" if left > 0 else "fenced", "version": _version(), "database": self.desk.database,
            "worker": self._slot.number, "process": os.getpid(), "lease_seconds": round(left, 2),
            "backlog": {"proofs": log.waiting if log else 0}, "snapshot": self.desk.snapshot.version,
            "versions": self.stores.versions(), "faults": self.stores.faults,
            "calls": calls.answered if calls else 0, "records": calls.records if calls else 0,
        }  # fmt: skip


@cache
def _version() -> str:
    return installed_version("onecity")


_gateways: dict[int, "asyncio.Task[Gateway]"] = {}


async def _opened() -> Gateway:
    home = Path(os.environ.get("ONECITY_HOME", ".onecity")).expanduser().absolute()
    gateway = Gateway(os.environ["DATABASE_URL"], home)
    await gateway.open()
    return gateway


async def _gateway() -> Gateway:
    """This process's gateway, opened once, also under servers that know no lifespan."""
    pid = os.getpid()
    task = _gateways.get(pid)
    if task is None or (task.done() and (task.cancelled() or task.exception() is not None)):
        task = _gateways[pid] = asyncio.get_running_loop().create_task(_opened())
    return await asyncio.shield(task)


_ready: Gateway | None = None


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """ASGI entry."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
        return
    path = scope["path"]
    try:
        if path[:9] == "/v1/call/" and scope["method"] == "POST":
            headers = dict(scope["headers"])
            message = await receive()
            body = message["body"]
            # The server tells the end of a body in a message of its own; what the header promised is known to be all.
            if message.get("more_body") and headers.get(b"content-length") != b"%d" % len(body):
                body = await _body(receive, message)
            if len(body) > _LARGEST_BODY:
                raise TooLarge()
            if not path[9:].isidentifier():
                raise NotFound(data={"path": path})
            gateway = _ready or await _awake()
            assert gateway.calls is not None
            answer = await gateway.calls.answer(path, headers, body)
        elif path[4:].partition("/")[0] in WAYS and scope["method"] == "POST":
            await _deliver(scope, receive, send)
            return
        else:
            answer = orjson.dumps(await _rest(scope, receive))
    except CityError as error:
        await _refuse(send, error, path)
        return
    except Exception as error:
        logger.exception("a call failed")
        await _refuse(send, Broken(data={"cause": type(error).__name__}), path)
        return
    await _answer(send, 200, answer)


async def _answer(send: Send, status: int, answer: bytes, kind: tuple[bytes, bytes] = _JSON) -> None:
    told = [kind, (b"content-length", b"%d" % len(answer))]
    await send({"type": "http.response.start", "status": status, "headers": told})
    await send({"type": "http.response.body", "body": answer})


async def _deliver(scope: Scope, receive: Receive, send: Send) -> None:
    """Many rows, or a piece of a file; a right withdrawn while the file runs cuts the connection."""
    body = await _body(receive, await receive())
    gateway = await _awake()
    found = await gateway.bulk.answer(scope["path"], dict(scope["headers"]), body)
    if isinstance(found, bytes):
        await _answer(send, 200, found)
    elif isinstance(found, dict):
        await _answer(send, int(found["status"]), orjson.dumps(found), _PROBLEM)
    else:
        await _stream(found, send)


async def _stream(piece: Piece, send: Send) -> None:
    headers = [
        (b"content-type", b"application/vnd.apache.parquet"), (b"content-length", b"%d" % (piece.end - piece.begin)),
        (b"content-range", b"bytes %d-%d/%d" % (piece.begin, max(piece.begin, piece.end - 1), piece.size)),
        (b"x-sha256", piece.sha256.encode()),
    ]  # fmt: skip
    await send({"type": "http.response.start", "status": 206 if piece.begin else 200, "headers": headers})
    try:
        async for part in piece.pieces():
            await send({"type": "http.response.body", "body": part, "more_body": True})
    except (CityError, OSError) as error:
        # The answer has begun: ending it short of its length is the only word left.
        logger.warning("a file was cut off: %s", error)
        return
    await send({"type": "http.response.body", "body": b""})


async def _awake() -> Gateway:
    global _ready
    try:
        _ready = await _gateway()
    except OSError as error:
        raise ProofUnavailable(data={"cause": type(error).__name__}) from error
    return _ready


async def _rest(scope: Scope, receive: Receive) -> dict[str, Any]:
    method, path = scope["method"], scope["path"]
    body = await _body(receive, await receive()) if method == "POST" else b""
    if (method, path) == ("GET", "/v1/openapi.json"):
        return description(_version())
    if (method, path) == ("GET", "/healthz"):
        return (await _awake()).health()
    if (method, path) == ("POST", "/v1/session"):
        gateway = await _awake()
        return gateway.sessions.open(gateway.desk.snapshot, _object(body), int(time.time()))
    raise NotFound(data={"path": path})


def _object(body: bytes) -> dict[str, Any]:
    try:
        content = orjson.loads(body)
    except orjson.JSONDecodeError:
        content = None
    if not isinstance(content, dict):
        raise RequestRefused(text="请求内容须是JSON对象")
    return content


async def _body(receive: Receive, message: MutableMapping[str, Any]) -> bytes:
    parts = bytes(message.get("body", b""))
    while message.get("more_body"):
        if len(parts) > _LARGEST_BODY:
            raise TooLarge()
        message = await receive()
        parts += message.get("body", b"")
    if len(parts) > _LARGEST_BODY:
        raise TooLarge()
    return parts


async def _refuse(send: Send, error: CityError, path: str) -> None:
    body = orjson.dumps(plain_problem(error, path), default=str)
    await _answer(send, status_of(error), body, _PROBLEM)


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            try:
                await _awake()
            except Exception as error:  # noqa: BLE001 - a failed start must be told to the server, whatever it was
                await send({"type": "lifespan.startup.failed", "message": str(error)})
                return
            await send({"type": "lifespan.startup.complete"})
        else:
            if _ready is not None:
                await _ready.close()
            await send({"type": "lifespan.shutdown.complete"})
            return
