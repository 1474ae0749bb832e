"""A client that costs almost nothing: one kept connection a thread, JSON in and out. A phone's work is not the city's.

Owns the connections of one bench. Refuses TLS and redirects: benches speak to their own instance.
"""

import http.client
import json
import threading
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

__all__ = ["Answer", "Caller"]


class Answer:
    """Status and body of one answer."""

    def __init__(self, status: int, body: bytes) -> None:
        self.status, self.body = status, body

    def json(self) -> dict[str, Any]:
        """The body as an object; {} when it is none."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


class Caller:
    """Calls to one address from any number of threads. Raises OSError when nobody answers, also at a second try."""

    def __init__(self, base: str, *, timeout: float = 30.0) -> None:
        parts = urlsplit(base)
        self._host, self._port, self._timeout = parts.hostname or "127.0.0.1", parts.port, timeout
        self._own = threading.local()

    def call(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, *, headers: Mapping[str, str]
    ) -> Answer:
        """One call. A connection the server has closed in between is opened anew, once: writes carry idempotency keys."""
        content = None if body is None else json.dumps(body).encode()
        sent = {"Content-Type": "application/json", **headers} if content else dict(headers)
        for last in (False, True):
            connection = self._connection()
            try:
                connection.request(method, path, content, sent)
                answer = connection.getresponse()
                return Answer(answer.status, answer.read())
            except (OSError, http.client.HTTPException):
                connection.close()
                if last:
                    raise
        raise AssertionError("unreachable")

    def _connection(self) -> http.client.HTTPConnection:
        kept: http.client.HTTPConnection | None = getattr(self._own, "connection", None)
        if kept is None:
            kept = http.client.HTTPConnection(self._host, self._port, timeout=self._timeout)
            self._own.connection = kept
        return kept
