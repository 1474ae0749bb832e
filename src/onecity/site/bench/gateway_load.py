"""Load for the gateway's bench: requests signed beforehand, `wrk` that sends each once, and a client with an open loop.

Every request is unique (its own nonce and matter number), so nothing here can be answered from memory or pass as a replay. The open
loop keeps its timetable whatever the server does and counts a call's time from the moment it was due: no coordinated omission.
"""

import asyncio
import hmac
import json
import secrets
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import uvloop

__all__ = ["OpenLoop", "Right", "WrkRun", "open_loop", "presign", "wrk"]

_LUA = """
local ids = nil
local counter = 0
function setup(thread) thread:set("number", counter); counter = counter + 1 end
function init(args)
  requests, at = {}, 0
  local source = io.open(args[1] .. "." .. number, "rb")
  local all = source:read("*a"); source:close()
  local place = 1
  while place < #all do
    local size = tonumber(all:sub(place, place + 7))
    requests[#requests + 1] = all:sub(place + 8, place + 7 + size)
    place = place + 8 + size
  end
  all = nil
  ids = io.open(args[2] .. "." .. number, "wb")
end
function request()
  at = at + 1
  return requests[at] or requests[#requests]
end
function response(status, headers, body)
  if status == 200 then ids:write(body:sub(-38, -3), "\\n") else ids:write("!", status, " ", body, "\\n") end
end
"""


@dataclass(frozen=True, slots=True)
class Right:
    """One grant as a caller holds it: a session, its key, what to ask."""

    session: str
    key: bytes
    interface: str
    purpose: str
    fields: tuple[str, ...]


def presign(right: Right, numbers: Sequence[str], label: str, at: int, host: str) -> list[tuple[str, bytes]]:
    """(matter, raw HTTP request) for each number."""
    path = f"/v1/call/{right.interface}"
    begin = f"onecity.gateway.call.v1\nPOST\n{path}\n{at}\n"
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nx-session: {right.session}\r\n"
        f"x-time: {at}\r\n"
    )
    keep = {"purpose": right.purpose, "person": "窗口01", "fields": list(right.fields)}
    made, salt = [], secrets.token_hex(6)
    for index, number in enumerate(numbers):
        matter, nonce = f"{label}-{index:07d}", f"{salt}{index:010d}"
        body = json.dumps({"number": number, "matter": matter, **keep}, ensure_ascii=False).encode()
        signed = hmac.digest(right.key, f"{begin}{nonce}\n{sha256(body).hexdigest()}".encode(), "sha256").hex()
        rest = f"x-nonce: {nonce}\r\nx-signature: {signed}\r\nContent-Length: {len(body)}\r\n\r\n"
        made.append((matter, (head + rest).encode() + body))
    return made


@dataclass(slots=True)
class WrkRun:
    """What wrk saw. Latencies in milliseconds."""

    per_second: float
    p50: float
    p99: float
    answered: list[str]
    refused: list[str]


def wrk(folder: Path, address: str, requests: Sequence[bytes], *, seconds: int, connections: int) -> WrkRun:
    """Run wrk with one thread over these requests, each sent at most once if there are enough."""
    script, source, ids = folder / "calls.lua", folder / "requests", folder / "answers"
    script.write_text(_LUA)
    with (folder / "requests.0").open("wb") as target:
        for one in requests:
            target.write(b"%08d" % len(one) + one)
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", str(script), address]
    done = subprocess.run([*command, "--", str(source), str(ids)], capture_output=True, text=True, check=True)
    answered, refused = list[str](), list[str]()
    for line in (folder / "answers.0").read_text().splitlines():
        (refused if line.startswith("!") else answered).append(line)
    found = {words[0]: words[1] for words in map(str.split, done.stdout.splitlines()) if len(words) == 2}
    return WrkRun(
        float(found.get("Requests/sec:", 0)), _milliseconds(found.get("50%", "0ms")),
        _milliseconds(found.get("99%", "0ms")), answered, refused,
    )  # fmt: skip


def _milliseconds(text: str) -> float:
    for unit, factor in (("us", 0.001), ("ms", 1.0), ("s", 1000.0)):
        if text.endswith(unit):
            return round(float(text.removesuffix(unit)) * factor, 3)
    return 0.0


@dataclass(slots=True)
class OpenLoop:
    """What the open loop saw. Latencies in milliseconds from the moment a call was due."""

    latencies: list[float] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    seconds: float = 0.0


class _Line(asyncio.Protocol):
    """One kept connection with at most one call under way."""

    def __init__(self, run: OpenLoop, idle: "list[_Line]", waiting: "list[tuple[float, bytes]]") -> None:
        self._run, self._idle, self._waiting = run, idle, waiting
        self._buffer, self._due = b"", 0.0
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ready for the first call."""
        self.transport = transport  # type: ignore[assignment]
        self._idle.append(self)

    def ask(self, due: float, request: bytes) -> None:
        """Send one call."""
        self._due = due
        assert self.transport is not None
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        """An answer, perhaps in parts."""
        self._buffer += data
        head, found, body = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        if len(body) < length:
            return
        self._run.latencies.append((time.perf_counter() - self._due) * 1000)
        if head[9:12] == b"200":
            self._run.answered.append(body[-38:-2].decode())
        else:
            self._run.refused.append(body.decode(errors="replace"))
        self._buffer = b""
        if self._waiting:
            self.ask(*self._waiting.pop())
        else:
            self._idle.append(self)


def open_loop(host: str, port: int, requests: Sequence[bytes], *, rate: float, connections: int) -> OpenLoop:
    """Send the requests on a fixed timetable, `rate` a second, and wait for every answer."""
    run = OpenLoop()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_timetable(run, host, port, requests, rate, connections))
    return run


async def _timetable(
    run: OpenLoop, host: str, port: int, requests: Sequence[bytes], rate: float, connections: int
) -> None:
    loop = asyncio.get_running_loop()
    idle: list[_Line] = []
    waiting: list[tuple[float, bytes]] = []
    lines = [await loop.create_connection(lambda: _Line(run, idle, waiting), host, port) for _ in range(connections)]
    began, sent = time.perf_counter(), 0
    while sent < len(requests):
        due_now = min(len(requests), int((time.perf_counter() - began) * rate) + 1)
        while sent < due_now:
            due = began + sent / rate
            if idle:
                idle.pop().ask(due, requests[sent])
            else:
                waiting.insert(0, (due, requests[sent]))
            sent += 1
        await asyncio.sleep(0.0005)
    end = time.perf_counter() + 15
    while len(run.latencies) < len(requests) and time.perf_counter() < end:
        await asyncio.sleep(0.01)
    run.seconds = time.perf_counter() - began
    for transport, _ in lines:
        transport.close()
