"""The cascade to superior platforms over HTTP: time limit, quota answers, nightly outage, circuit breaker.

Owns: turning whatever comes back into SourceAnswer, SourceUnavailable (with the time it is expected again, when known) or
SourceGarbage. A superior whose quota is used up is left alone for a minute at a time. Refuses: the database; it is called from a
pool of threads.
"""

import threading
import time as monotonic_time
from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from typing import Any

import httpx

from onecity.hubs.exchange.errors import SourceGarbage, SourceUnavailable
from onecity.hubs.exchange.ports import SourceAnswer, SourceQuery
from onecity.kernel.clock import CITY_ZONE, wall_now

__all__ = ["CascadeSource", "outage_end"]

_OPENS_AFTER = 3
_STAYS_OPEN_SECONDS = 2.0
_SPENT_SECONDS = 60.0
_CONNECTIONS = httpx.Limits(max_connections=32, max_keepalive_connections=16)


def outage_end(window: str, at: datetime) -> datetime | None:
    """When the outage that `at` falls into ends; None outside of it. `window` "HH:MM-HH:MM" city time, may cross midnight."""
    if not window:
        return None
    begin, end = (time.fromisoformat(part) for part in window.split("-"))
    local = at.astimezone(CITY_ZONE)
    clock = local.time()
    inside = begin <= clock < end if begin <= end else clock >= begin or clock < end
    if not inside:
        return None
    day = local.date() + timedelta(days=1 if clock >= end else 0)
    return datetime.combine(day, end, CITY_ZONE)


class CascadeSource:
    """One superior platform. Thread-safe. `resource`: its name there, "" = as here."""

    def __init__(
        self, address: str, token: str, *, timeout: float = 6.0, outage: str = "",
        clock: Callable[[], datetime] = wall_now, transport: httpx.BaseTransport | None = None, resource: str = "",
    ) -> None:  # fmt: skip
        headers = {"Authorization": f"Bearer {token}"}
        self._client = httpx.Client(
            base_url=address,
            headers=headers,
            timeout=timeout,
            limits=_CONNECTIONS,
            transport=transport,
            trust_env=False,
        )
        self._outage, self._resource = outage, resource
        self._clock = clock
        self._failures = 0
        self._open_until = 0.0
        self._spent_until = 0.0
        self._lock = threading.Lock()

    def answer(self, query: SourceQuery) -> SourceAnswer:
        """Ask once. Raises SourceUnavailable, SourceGarbage."""
        ends = outage_end(self._outage, self._clock())
        if ends is not None:
            raise SourceUnavailable(text="上级平台夜间维护中", data={"expected_at": ends.isoformat()})
        if monotonic_time.monotonic() < self._spent_until:
            raise self._spent({})
        if monotonic_time.monotonic() < self._open_until:
            raise SourceUnavailable(data={"reason": "circuit"})
        try:
            response = self._client.get(
                f"/v1/{self._resource or query.resource}",
                params={
                    "key": query.key_field, "ref": query.subject, "fields": ",".join(query.fields),
                    "matter": query.matter, "consumer": query.consumer,
                },
            )  # fmt: skip
        except httpx.HTTPError as error:
            self._count(failed=True)
            raise SourceUnavailable(data={"reason": type(error).__name__}) from error
        return self._read(response)

    def _read(self, response: httpx.Response) -> SourceAnswer:
        if response.status_code == httpx.codes.OK:
            self._count(failed=False)
            return _answer(response)
        if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
            self._spent_until = monotonic_time.monotonic() + _SPENT_SECONDS
            raise self._spent(_expected(response))
        if response.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            raise SourceUnavailable(data={"reason": "down", **_expected(response)})
        self._count(failed=True)
        raise SourceGarbage(data={"status": response.status_code})

    def _spent(self, told: Mapping[str, str]) -> SourceUnavailable:
        """Back tomorrow at midnight, unless the platform says otherwise."""
        tomorrow = self._clock().astimezone(CITY_ZONE).date() + timedelta(days=1)
        back = {"expected_at": datetime.combine(tomorrow, time.min, CITY_ZONE).isoformat(), **told}
        return SourceUnavailable(text="上级平台当日调用额度已用完", data={"reason": "quota", **back})

    def _count(self, *, failed: bool) -> None:
        with self._lock:
            self._failures = self._failures + 1 if failed else 0
            if self._failures >= _OPENS_AFTER:
                self._failures, self._open_until = 0, monotonic_time.monotonic() + _STAYS_OPEN_SECONDS

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()


def _answer(response: httpx.Response) -> SourceAnswer:
    try:
        content = response.json()
        as_of = datetime.fromisoformat(content["as_of"])
        rows = tuple(_row(row) for row in content["rows"])
    except (ValueError, KeyError, TypeError) as error:
        raise SourceGarbage(data={"reason": type(error).__name__}) from error
    if as_of.tzinfo is None:
        raise SourceGarbage(data={"reason": "as_of"})
    return SourceAnswer(rows, as_of)


def _row(row: Mapping[str, Any]) -> dict[str, str]:
    if not isinstance(row, Mapping) or not all(
        isinstance(name, str) and isinstance(value, str) for name, value in row.items()
    ):
        raise TypeError("every value of a row is text")
    return dict(row)


def _expected(response: httpx.Response) -> dict[str, str]:
    """The time the platform says it will be back, if it says so and the time can be read."""
    try:
        expected = datetime.fromisoformat(response.json()["expected_at"])
    except (ValueError, KeyError, TypeError):
        return {}
    return {"expected_at": expected.isoformat()} if expected.tzinfo else {}
