"""The twin as a raw ASGI application.

GET /healthz · GET /v1/<source>?key=&ref=&fields= · /cascade/v1/… (the province's errands) · GET and POST /control (behaviour).
Everything but /healthz wants the local token (`Authorization: Bearer`, kept in <home>/twin/token). Home is ONECITY_HOME, `.onecity`
when unset.
"""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import UTC, date, datetime
from hmac import compare_digest
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from onecity.simcity.twin.behaviour import Behaviour, configure, local_token, read_behaviour
from onecity.simcity.twin.province import Province
from onecity.simcity.twin.store import Store

__all__ = ["Twin", "application"]

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Answer = tuple[int, bytes]

_LARGEST_BODY = 4 * 1024 * 1024
_ERRANDS = "/cascade/v1/"


class Twin:
    """One home's twin."""

    def __init__(self, home: Path, clock: Callable[[], datetime] | None = None) -> None:
        self._home = home
        self._store = Store(home)
        self._token = local_token(home)
        self._behaviour = read_behaviour(home)
        self._clock = clock or (lambda: datetime.now(UTC))
        self._used: dict[tuple[str, date], int] = {}
        self._province = Province(home)

    async def handle(self, method: str, path: str, query: str, token: str, body: bytes) -> Answer:
        """Answer one request."""
        if path == "/healthz":
            return _json(200, {"status": "ok", "sources": self._store.sources()})
        if not compare_digest(token, f"Bearer {self._token}"):
            return _json(401, {"error": "token"})
        if path == "/control":
            return self._control(method, body)
        if path.startswith(_ERRANDS):
            return await self._errand(method, path.removeprefix(_ERRANDS), parse_qs(query), body)
        if path.startswith("/v1/") and method == "GET":
            return await self._ask(path.removeprefix("/v1/"), parse_qs(query))
        return _json(404, {"error": "path"})

    def _control(self, method: str, body: bytes) -> Answer:
        if method == "POST":
            try:
                self._set(self._behaviour.changed(json.loads(body)))
            except (ValueError, TypeError) as error:
                return _json(422, {"error": str(error)})
        return _json(200, self._behaviour.to_json())

    def _set(self, behaviour: Behaviour) -> None:
        self._behaviour = behaviour
        configure(self._home, behaviour)

    async def _ask(self, source: str, query: dict[str, list[str]]) -> Answer:
        behaviour, reference = self._behaviour, query.get("ref", [""])[0]
        refusal = self._refusal(source)
        if refusal is not None:
            return refusal
        await asyncio.sleep(behaviour.wait_for(source, reference))
        if self._behaviour.is_down(source):
            return _json(503, {"error": "down"})
        if behaviour.talks_garbage(source):
            return 200, b"\xff\xfe<html>502 Bad Gateway"
        fields = query.get("fields", [""])[0].split(",")
        try:
            rows, as_of = self._store.answer(source, query.get("key", [""])[0], reference, fields)
        except LookupError as error:
            return _json(404, {"error": str(error)})
        return _json(200, {"rows": rows, "as_of": as_of})

    async def _errand(self, method: str, path: str, query: dict[str, list[str]], body: bytes) -> Answer:
        """The province itself: slow, out at night, talking nonsense like any source ("province")."""
        behaviour, now = self._behaviour, self._clock()
        back = behaviour.back_at(now)
        if back is not None:
            return _json(503, {"error": "outage", "expected_at": back.isoformat()})
        await asyncio.sleep(behaviour.wait_for("province", path))
        if self._behaviour.is_down("province"):
            return _json(503, {"error": "down"})
        if behaviour.talks_garbage("province"):
            return 200, b"\xff\xfe<html>502 Bad Gateway"
        if (method, path) == ("GET", "standing"):
            used = sum(count for (_source, day), count in self._used.items() if day == now.date())
            return _json(200, {"used_today": used, "quota_per_day": behaviour.quota, "back_at": None})
        status, answer = self._province.handle(method, path, query, body, now)
        return (status, answer) if isinstance(answer, bytes) else _json(status, answer)

    def _refusal(self, source: str) -> Answer | None:
        behaviour, now = self._behaviour, self._clock()
        back = behaviour.back_at(now)
        if back is not None:
            return _json(503, {"error": "outage", "expected_at": back.isoformat()})
        if behaviour.is_down(source):
            return _json(503, {"error": "down"})
        day = (source, now.date())
        if behaviour.quota and self._used.get(day, 0) >= behaviour.quota:
            return _json(429, {"error": "quota"})
        self._used[day] = self._used.get(day, 0) + 1
        return None


def _json(status: int, content: object) -> Answer:
    return status, json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


_twins: dict[Path, Twin] = {}


def _twin() -> Twin:
    home = Path(os.environ.get("ONECITY_HOME", ".onecity")).expanduser().absolute()
    if home not in _twins:
        _twins[home] = Twin(home)
    return _twins[home]


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """ASGI entry."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
        return
    body = b""
    while scope["method"] == "POST":
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body") or len(body) > _LARGEST_BODY:
            break
    headers = dict(scope["headers"])
    token = headers.get(b"authorization", b"").decode("latin-1")
    query = scope["query_string"].decode("latin-1")
    status, content = await _twin().handle(scope["method"], scope["path"], query, token, body)
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": content})


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
