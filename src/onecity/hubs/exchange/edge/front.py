"""The gateway's own listener: signed calls of the plain form are answered here, every other byte goes on to the server behind.

A call as programs send it (`POST /v1/call/{interface} HTTP/1.1`, a Content-Length, nothing unusual) costs a quarter of what it costs
through ASGI. Nothing is interpreted twice: from the first request on a connection that is not exactly of that form, the whole
connection is handed to the HTTP server of this same process, which answers signed calls too. So this file need not be a web server,
only sure of what it takes. Owns framing, the time a half-sent call may take and how many answers may wait unread.
"""

import asyncio
import logging
import os
import re
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from email.utils import formatdate
from functools import partial
from hashlib import sha256
from typing import Any

import orjson

from onecity.kernel.errors import Broken, CityError
from onecity.kernel.http_status import plain_problem, status_of

__all__ = ["Front", "Line", "front_from_environment"]

logger = logging.getLogger("onecity.gateway")

_LARGEST_HEAD = 8 * 1024
_LARGEST_BODY = 64 * 1024
_PATIENCE_SECONDS = 10.0
_IDLE_SECONDS = 120.0
_SWEEP_SECONDS = 2.0
_BEGIN = b"POST /v1/call/"
_REQUEST = re.compile(r"POST (/v1/call/[A-Za-z_][A-Za-z0-9_]{0,127}) HTTP/1\.1")
_NAME = re.compile(r"[a-z0-9-]+")
_SIGNING = ("x-session", "x-time", "x-nonce", "x-signature")
_ONCE = {"connection", "content-length", *_SIGNING}
_NOT_HERE = {"transfer-encoding", "expect", "upgrade", "te", "trailer"}
_REASONS = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 429: "Too Many Requests"}

Answer = Callable[[str, Sequence[str], bytes], Coroutine[Any, Any, bytes]]
"""(path, session · time · nonce · signature, body) → body of the answer; raises CityError."""

_LARGEST_MEMORY = 1000
_read_as: dict[str, str] = {}
_kept_date: tuple[int, bytes] = (0, b"")


def _date() -> bytes:
    global _kept_date
    second = int(time.time())
    if _kept_date[0] != second:
        _kept_date = (second, formatdate(second, usegmt=True).encode())
    return _kept_date[1]


def _learn(raw: str) -> str:
    """How a header's name is read: one we use, "" = of no interest here, "?" = not for us."""
    name = raw.lower()
    read = "?" if not _NAME.fullmatch(name) or name in _NOT_HERE else name if name in _ONCE else ""
    if len(_read_as) < _LARGEST_MEMORY:
        _read_as[raw] = read
    return read


def plain_head(head: str) -> tuple[str, Sequence[str], int] | None:
    """(path, signing values, length of the body) of a request of the plain form; None for everything else."""
    lines = head.split("\r\n")
    asked = _REQUEST.fullmatch(lines[0])
    if asked is None:
        return None
    headers: dict[str, str] = {}
    del lines[0]
    for line in lines:
        raw, colon, value = line.partition(":")
        name = _read_as.get(raw)
        if name is None:
            name = _learn(raw)
        if not colon or name == "?" or name in headers:
            return None
        if name:
            headers[name] = value.strip(" \t")
    length = headers.get("content-length", "")
    whole = head.count("\r") == head.count("\n") == len(lines)
    if not (whole and length.isascii() and length.isdecimal() and len(length) < 6):
        return None
    if headers.get("connection", "keep-alive").lower() != "keep-alive":
        return None
    return asked[1], [headers.get(name, "") for name in _SIGNING], int(length)


class Line(asyncio.Protocol):
    """One connection: calls in the order they came, one at a time; or, after the first unusual byte, a pipe to the server behind."""

    def __init__(self, front: "Front") -> None:
        self._front = front
        self._transport: asyncio.Transport | None = None
        self._held = b""
        self._busy = self._paused = self._handed = self._pumping = False
        self._behind: asyncio.Transport | None = None
        self.since = time.monotonic()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A caller has come."""
        self._transport = transport  # type: ignore[assignment]
        self._front.lines.add(self)

    def connection_lost(self, _: Exception | None) -> None:
        """The caller has gone; a call under way is proven all the same."""
        self._transport = None
        self._front.lines.discard(self)
        if self._behind is not None:
            self._behind.close()

    def data_received(self, data: bytes) -> None:
        """Bytes of the caller."""
        if self._behind is not None:
            self._behind.write(data)
            return
        self._held = self._held + data if self._held else data
        if not self._busy:
            self._pump()
        elif len(self._held) > _LARGEST_BODY and self._transport is not None:
            self._transport.pause_reading()

    def _pump(self) -> None:
        """Begin the calls that are there, each after the answer to the one before."""
        if self._pumping:
            return
        self._pumping = True
        while self._held and not (self._busy or self._paused or self._handed) and self._transport is not None:
            if not self._next():
                break
        self._pumping = False

    def _next(self) -> bool:
        """Begin the next call; False when it is not there as a whole, or not a plain one."""
        held = self._held
        self.since = time.monotonic()
        end = held.find(b"\r\n\r\n", 0, _LARGEST_HEAD)
        if end < 0 and len(held) < _LARGEST_HEAD and held[: len(_BEGIN)] == _BEGIN[: len(held)]:
            return False
        plain = plain_head(held[:end].decode("latin-1")) if end > 0 else None
        if plain is None or plain[2] > _LARGEST_BODY:
            self._hand_on()
            return False
        path, signed, length = plain
        begin = end + 4
        if len(held) < begin + length:
            return False
        self._held = held[begin + length :]
        self._busy = True
        self._step(path, self._front.answer(path, signed, held[begin : begin + length]))
        return True

    def _step(self, path: str, call: Coroutine[Any, Any, bytes], _: object = None) -> None:
        """Run a call up to its next future. A task would cost as much as the rest of this file."""
        try:
            future = call.send(None)
        except StopIteration as done:
            self._reply(b"200 OK", b"application/json", done.value)
        except CityError as error:
            self._refuse(path, error)
        except Exception as error:
            logger.exception("a call failed")
            self._refuse(path, Broken(data={"cause": type(error).__name__}))
        else:
            future._asyncio_future_blocking = False
            future.add_done_callback(partial(self._step, path, call))

    def _refuse(self, path: str, error: CityError) -> None:
        status = status_of(error)
        told = f"{status} {_REASONS.get(status, 'Refused')}".encode()
        self._reply(told, b"application/problem+json", orjson.dumps(plain_problem(error, path), default=str))

    def _reply(self, status: bytes, kind: bytes, body: bytes) -> None:
        self._busy = False
        if self._transport is None:
            return
        self._transport.write(
            b"HTTP/1.1 %b\r\ndate: %b\r\ncontent-type: %b\r\ncontent-length: %d\r\n\r\n%b"
            % (status, _date(), kind, len(body), body)
        )
        if self._held:
            self._transport.resume_reading()
            self._pump()

    def pause_writing(self) -> None:
        """The caller does not read its answers: take no more from it."""
        self._paused = True
        if self._behind is not None:
            self._behind.pause_reading()

    def resume_writing(self) -> None:
        """It reads again."""
        self._paused = False
        if self._behind is not None:
            self._behind.resume_reading()
        self._pump()

    def _hand_on(self) -> None:
        assert self._transport is not None
        self._handed = True
        self._transport.pause_reading()
        self._front.beside(self._joined(self._transport))

    async def _joined(self, transport: asyncio.Transport) -> None:
        try:
            behind = await self._front.connect(transport, partial(_Behind, self, transport))
        except OSError:
            transport.close()
            return
        if transport.is_closing():
            behind.close()
            return
        behind.write(self._held)
        self._held, self._behind = b"", behind
        transport.resume_reading()

    def overdue(self, now: float) -> bool:
        """Whether a half-sent call or silence has lasted too long."""
        if self._handed or self._busy:
            return False
        return now - self.since > (_PATIENCE_SECONDS if self._held else _IDLE_SECONDS)

    def close(self) -> None:
        """End the connection."""
        if self._transport is not None:
            self._transport.close()


class _Behind(asyncio.Protocol):
    """The other end of a pipe: what the server behind says goes to the caller."""

    def __init__(self, line: Line, caller: asyncio.Transport) -> None:
        self._line, self._caller = line, caller

    def data_received(self, data: bytes) -> None:
        """Bytes of the server behind."""
        self._caller.write(data)

    def connection_lost(self, _: Exception | None) -> None:
        """It has ended the connection."""
        self._caller.close()

    def pause_writing(self) -> None:
        """The server behind is slower than the caller."""
        self._caller.pause_reading()

    def resume_writing(self) -> None:
        """It takes more."""
        self._caller.resume_reading()


class Front:
    """One worker's listener. Workers of a node listen on the same address; the kernel deals connections out."""

    def __init__(self, answer: Answer, host: str, port: int, behind: int) -> None:
        self.answer, self._host, self._port, self._behind = answer, host, port, behind
        self.lines: set[Line] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Listen. Raises OSError when the address is taken by somebody else."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: Line(self), self._host, self._port, reuse_port=True, backlog=1024
        )
        self.beside(self._sweep())

    async def close(self) -> None:
        """Take no more calls and end all connections."""
        if self._server is not None:
            self._server.close()
        for task in tuple(self._tasks):
            task.cancel()
        for line in tuple(self.lines):
            line.close()

    def beside(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something of a connection on its own."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(_SWEEP_SECONDS)
            now = time.monotonic()
            for line in [line for line in self.lines if line.overdue(now)]:
                line.close()

    async def connect(self, caller: asyncio.Transport, protocol: Callable[[], asyncio.Protocol]) -> asyncio.Transport:
        """Join the server behind, from a loopback address that stands for the caller's, so that limits per address still hold."""
        loop = asyncio.get_running_loop()
        known = caller.get_extra_info("peername")
        place = _stand_in(str(known[0]) if known else "")
        make: Callable[..., Awaitable[Any]] = partial(loop.create_connection, protocol, "127.0.0.1", self._behind)
        try:
            made, _ = await make(local_addr=(place, 0))
        except OSError:
            made, _ = await make()
        transport: asyncio.Transport = made
        return transport


def _stand_in(address: str) -> str:
    """A caller on this machine keeps its address; another gets one of 127.0.0.0/8 made from its own."""
    if address in ("127.0.0.1", "::1", ""):
        return "127.0.0.1"
    one, two, three = sha256(address.encode()).digest()[:3]
    return f"127.{one}.{two}.{max(2, three % 255)}"


def front_from_environment(answer: Answer) -> Front | None:
    """As GATEWAY_FRONT (host:port) and GATEWAY_BEHIND (port) say; None when the server behind stands alone."""
    place, behind = os.environ.get("GATEWAY_FRONT", ""), os.environ.get("GATEWAY_BEHIND", "")
    host, _, port = place.rpartition(":")
    return Front(answer, host, int(port), int(behind)) if port.isdecimal() and behind.isdecimal() else None
