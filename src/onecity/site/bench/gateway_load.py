"""Load for the gateway's bench: requests signed beforehand, `wrk` that sends each once, and a client with an open loop.

Every request is unique (its own nonce and matter number), so nothing here can be answered from memory or pass as a replay. The open
loop keeps its timetable whatever the server does and counts a call's time from the moment it was due: no coordinated omission.
"""

import gc
import hmac
import json
import secrets
import select
import socket
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

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


class _Caller:
    """One kept connection with at most one call under way."""

    __slots__ = ("_buffer", "_due", "_run", "wire")

    def __init__(self, run: OpenLoop, host: str, port: int) -> None:
        self._run, self._buffer, self._due = run, b"", 0.0
        self.wire = socket.create_connection((host, port))
        self.wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, due: float, request: bytes) -> None:
        """Send one call."""
        self._due = due
        self.wire.sendall(request)

    def hear(self) -> bool:
        """Read; True when the answer is whole. Raises ConnectionError when the server has gone."""
        data = self.wire.recv(65_536)
        if not data:
            raise ConnectionError("the gateway closed a connection under load")
        self._buffer += data
        head, found, body = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return False
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        if len(body) < length:
            return False
        self._run.latencies.append((time.perf_counter() - self._due) * 1000)
        if head[9:12] == b"200":
            self._run.answered.append(body[-38:-2].decode())
        else:
            self._run.refused.append(body.decode(errors="replace"))
        self._buffer = b""
        return True


def open_loop(host: str, port: int, requests: Sequence[bytes], *, rate: float, connections: int) -> OpenLoop:
    """Send the requests on a fixed timetable, `rate` a second, and wait for every answer.

    A call that finds no free connection waits for one, and its time runs from the moment it was due all the same.
    """
    run = OpenLoop()
    callers = [_Caller(run, host, port) for _ in range(connections)]
    by_wire = {caller.wire.fileno(): caller for caller in callers}
    gc.collect()
    gc.disable()
    try:
        with select.epoll() as waiting:
            for number in by_wire:
                waiting.register(number, select.EPOLLIN)
            _keep_timetable(run, requests, rate, callers, by_wire, waiting)
    finally:
        gc.enable()
        for caller in callers:
            caller.wire.close()
    return run


def _keep_timetable(
    run: OpenLoop, requests: Sequence[bytes], rate: float, idle: list[_Caller], by_wire: dict[int, _Caller],
    waiting: select.epoll,
) -> None:  # fmt: skip
    began, asked, count = time.perf_counter(), 0, len(requests)
    end = began + count / rate + 15
    while len(run.latencies) < count:
        now = time.perf_counter()
        if now > end:
            break
        due = min(count, int((now - began) * rate) + 1)
        while asked < due and idle:
            idle.pop().ask(began + asked / rate, requests[asked])
            asked += 1
        rest = began + asked / rate - time.perf_counter() if asked < count and idle else 0.05
        for number, _ in waiting.poll(max(0.0, rest)):
            caller = by_wire[number]
            if caller.hear():
                idle.append(caller)
    run.seconds = time.perf_counter() - began
