"""The row API in the gateway process: GET /open/v1/<dataset>/rows. Raw ASGI, no Django, no ORM.

Key → rate → dataset → query → rows of an immutable file. What is open is learnt by NOTIFY and every second besides; facts that could
not be confirmed for five seconds serve nobody. Reads DATABASE_URL and ONECITY_HOME. Errors are RFC 9457 problem documents.
"""

import asyncio
import contextlib
import logging
import os
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import orjson
import psycopg

from onecity.hubs.opendata.edge import sql
from onecity.hubs.opendata.edge.allowance import DAY, MINUTE, Slices, granted, slice_of, window_of
from onecity.hubs.opendata.edge.feed import size_of, turtle_page
from onecity.hubs.opendata.edge.shelf import (
    FRESH_SECONDS,
    KeyFacts,
    OpenFacts,
    Shelf,
    Tables,
    digest_of,
    shelf_from_rows,
)
from onecity.hubs.opendata.errors import DatasetUnknown, Slowly
from onecity.hubs.opendata.rules.dcat import MEDIA
from onecity.kernel.clock import CITY_ZONE
from onecity.kernel.errors import CityError, Unavailable
from onecity.kernel.http_status import plain_problem, status_of

__all__ = ["PREFIX", "RowService", "application"]

logger = logging.getLogger("onecity.opendata")

PREFIX, FEED = "/open/v1/", "/open/catalog.ttl"
_FEED_PER_MINUTE = 120
_POLL_SECONDS, _FLUSH_SECONDS = 1.0, 1.0
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class RowService:
    """One process's row API."""

    def __init__(self, database_url: str, home: Path) -> None:
        self._url = database_url
        self._tables = Tables(home)
        self._slices = Slices()
        self._shelf = Shelf()
        self._fresh = 0.0
        self._connection: psycopg.AsyncConnection[Any] | None = None
        self._lock = asyncio.Lock()
        self._tasks: list[asyncio.Task[None]] = []
        self._opening = asyncio.Lock()
        self._used: dict[tuple[str, str], int] = {}
        self._key_used: dict[str, int] = {}

    async def ready(self) -> None:
        """Connect and load once, also under servers that know no lifespan."""
        if self._tasks:
            return
        async with self._opening:
            if not self._tasks:
                await self.refresh()
                self._tasks = [asyncio.create_task(self._watch()), asyncio.create_task(self._keep_counting())]

    async def close(self) -> None:
        """Write what was counted and end."""
        for task in self._tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        if self._connection is not None:
            await self._flush()
            await self._connection.close()

    async def _rows(self, statement: str, parameters: tuple[Any, ...] = ()) -> list[Any]:
        async with self._lock:
            if self._connection is None or self._connection.closed:
                self._connection = await psycopg.AsyncConnection.connect(
                    self._url, autocommit=True, application_name="onecity-opendata", connect_timeout=5
                )
            cursor = await self._connection.execute(statement, parameters)
            return await cursor.fetchall() if cursor.description else []

    async def refresh(self) -> None:
        """Load what is open if its number moved."""
        began = time.monotonic()
        found = await self._rows(sql.GENERATION)
        number = int(found[0][0]) if found else 0
        if number != self._shelf.generation:
            parts = [await self._rows(one) for one in (sql.DATASETS, sql.KEYS, sql.ACCESS)]
            self._shelf = shelf_from_rows(number, *parts)
            self._tables.keep_only(self._shelf)
        self._fresh = began

    async def _watch(self) -> None:
        while True:
            try:
                listener = await psycopg.AsyncConnection.connect(self._url, autocommit=True, connect_timeout=5)
                async with listener:
                    await listener.execute(f"LISTEN {sql.CHANNEL}")
                    while True:
                        await self.refresh()
                        async for _ in listener.notifies(timeout=_POLL_SECONDS, stop_after=1):
                            pass
            except (psycopg.Error, OSError) as error:
                logger.warning("open data: what is open could not be confirmed: %s", error)
                await asyncio.sleep(0.5)

    async def _keep_counting(self) -> None:
        while True:
            await asyncio.sleep(_FLUSH_SECONDS)
            try:
                await self._flush()
            except (psycopg.Error, OSError) as error:
                logger.warning("open data: counts wait: %s", error)

    async def _flush(self) -> None:
        used, self._used = self._used, {}
        keys, self._key_used = self._key_used, {}
        day = datetime.now(CITY_ZONE).date()
        try:
            for (dataset, channel), count in list(used.items()):
                await self._rows(sql.USAGE, (dataset, day, channel, count))
                del used[dataset, channel]
            for key, count in list(keys.items()):
                await self._rows(sql.KEY_DAY, (key, day, count))
                del keys[key]
        finally:
            for name, count in used.items():
                self._used[name] = self._used.get(name, 0) + count
            for key, count in keys.items():
                self._key_used[key] = self._key_used.get(key, 0) + count

    async def _spend(self, subject: str, seconds: int, limit: int) -> bool:
        window = window_of(seconds)
        if self._slices.spend(subject, window):
            return True
        wanted = slice_of(limit)
        found = await self._rows(sql.TAKE, (subject, window, wanted, limit))
        got = granted(wanted, limit, int(found[0][0]) if found else None)
        if got:
            self._slices.add(subject, window, got - 1)
        return got > 0

    async def _meter(self, key: KeyFacts) -> None:
        for seconds, limit in ((MINUTE, key.per_minute), (DAY, key.per_day)):
            if not await self._spend(f"key:{key.id}:{seconds}", seconds, limit):
                raise Slowly(data={"limit": limit, "seconds": seconds, "retry_after": _rest(seconds)})

    async def _enumerating(self, key: KeyFacts, facts: OpenFacts) -> None:
        """Rows named one by one have half the allowance; beyond it the caller is slowed and reported."""
        limit = max(1, key.per_minute // 2)
        if not await self._spend(f"single:{key.id}:{facts.key}", MINUTE, limit):
            await self._rows(sql.CRAWL, (f"key:{key.id}", facts.key, window_of(MINUTE), 1))
            await asyncio.sleep(0.25)
            raise Slowly(
                text="正在逐条枚举数据，已放慢并记录",
                data={"limit": limit, "seconds": MINUTE, "retry_after": _rest(MINUTE)},
            )

    async def answer(self, name: str, secret: str, pairs: list[tuple[str, str]]) -> tuple[bytes, str, OpenFacts]:
        """Body, media type and facts. Raises errors of the family."""
        if time.monotonic() - self._fresh > FRESH_SECONDS:
            raise Unavailable("opendata.unconfirmed", "暂时无法确认数据集的开放状态", data={"retry_after": 2})
        shelf = self._shelf
        key = shelf.key(secret)
        await self._meter(key)
        facts = shelf.dataset(name, key.account, datetime.now(CITY_ZONE).date())
        try:
            body, media, query = self._tables.answer(facts, pairs)
        except FileNotFoundError:
            raise Unavailable("opendata.file_missing", "该版本的数据文件暂不可读", data={"retry_after": 5}) from None
        if query.single:
            await self._enumerating(key, facts)
        self._used[name, "api"] = self._used.get((name, "api"), 0) + 1
        self._key_used[str(key.id)] = self._key_used.get(str(key.id), 0) + 1
        return body, media, facts

    async def feed(self, client: str, secret: str, given: Mapping[str, str]) -> bytes:
        """A page of the DCAT feed. Raises Slowly when the address or key has used up its minute."""
        held = self._shelf.keys.get(digest_of(secret)) if secret else None
        subject, limit = (f"feed:{held.id}", held.per_minute) if held else (f"feed:{client}", _FEED_PER_MINUTE)
        if not await self._spend(subject, MINUTE, limit):
            raise Slowly(data={"limit": limit, "seconds": MINUTE, "retry_after": _rest(MINUTE)})
        after, size = given.get("after", "")[:60], size_of(given.get("size", ""))
        total = int((await self._rows(sql.FEED_TOTAL))[0][0])
        rows = await self._rows(sql.FEED, (after, size + 1))
        return turtle_page(_base(), after, size, total, rows, datetime.now(UTC).isoformat())


def _base() -> str:
    """The portal's address, as the web process writes it into the pieces."""
    shown = f"http://{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
    return (os.environ.get("PUBLIC_URL") or shown).rstrip("/")


def _rest(seconds: int) -> int:
    return max(1, window_of(seconds) + seconds - int(time.time()))


def _secret(scope: Scope, pairs: list[tuple[str, str]]) -> str:
    for name, value in scope["headers"]:
        if name == b"x-api-key":
            return str(value.decode("latin-1"))
    return next((value for name, value in pairs if name == "key"), "")


_services: dict[int, RowService] = {}


def _service() -> RowService:
    pid = os.getpid()
    if pid not in _services:
        home = Path(os.environ.get("ONECITY_HOME", ".onecity")).expanduser().absolute()
        _services[pid] = RowService(os.environ["DATABASE_URL"], home)
    return _services[pid]


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """ASGI entry; mounted in the gateway process under /open/."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
        return
    service = _service()
    try:
        await service.ready()
        body, media, headers = await _routed(service, scope)
    except (psycopg.Error, OSError):
        await _refuse(send, Unavailable("opendata.unconfirmed", data={"retry_after": 2}), scope["path"])
        return
    except CityError as error:
        await _refuse(send, error, scope["path"])
        return
    status = 304 if not media else 200
    if media:
        headers = [(b"content-type", media.encode()), (b"content-length", str(len(body)).encode()), *headers]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _routed(service: RowService, scope: Scope) -> tuple[bytes, str, list[tuple[bytes, bytes]]]:
    path = scope["path"]
    if path == FEED:
        given = dict(parse_qsl(scope["query_string"].decode("latin-1"), max_num_fields=10))
        body = await service.feed(str(scope.get("client", ("local",))[0]), _secret(scope, []), given)
        return body, MEDIA["ttl"], [(b"cache-control", b"no-cache")]
    name, _, rest = path.removeprefix(PREFIX).partition("/")
    if scope["method"] not in ("GET", "HEAD") or not path.startswith(PREFIX) or rest != "rows":
        raise DatasetUnknown(data={"path": path[:100]})
    try:
        pairs = parse_qsl(
            scope["query_string"].decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=30
        )
    except (ValueError, UnicodeError):
        raise DatasetUnknown("opendata.bad_query", "查询条件无法识别") from None
    body, media, facts = await service.answer(name, _secret(scope, pairs), pairs)
    etag = b'W/"%s-%d"' % (facts.key.encode(), facts.version)
    headers = [(b"etag", etag), (b"cache-control", b"private, no-cache"), (b"vary", b"X-Api-Key")]
    if facts.as_of is not None:
        headers.append((b"last-modified", format_datetime(facts.as_of.astimezone(UTC), usegmt=True).encode()))
    if any(header == b"if-none-match" and etag in value for header, value in scope["headers"]):
        return b"", "", headers
    return (b"" if scope["method"] == "HEAD" else body), media, headers


async def _refuse(send: Send, error: CityError, path: str) -> None:
    body = orjson.dumps(plain_problem(error, path), default=str)
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    if wait := error.data.get("retry_after"):
        headers.append((b"retry-after", str(wait).encode()))
    await send({"type": "http.response.start", "status": status_of(error), "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            try:
                await _service().ready()
            except Exception as error:  # noqa: BLE001 - a failed start must be told to the server, whatever it was
                await send({"type": "lifespan.startup.failed", "message": str(error)})
                return
            await send({"type": "lifespan.startup.complete"})
        else:
            await _service().close()
            await send({"type": "lifespan.shutdown.complete"})
            return
