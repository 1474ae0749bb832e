"""What other rooms' tests may import of the exchange: an interface with a grant over a published resource, and a source on strings."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import httpx

from onecity.hubs.catalog import testkit as catalog
from onecity.hubs.exchange import api
from onecity.hubs.exchange.adapters.superior import Credential, HttpSuperior
from onecity.hubs.exchange.contracts import Basis, CallRequest, Mode, Permission
from onecity.hubs.exchange.edge.cascade import CascadeSource
from onecity.hubs.exchange.models import AccessRequest, Interface
from onecity.hubs.exchange.ports import (
    Declaration,
    DeclaredInterface,
    DeclaredSource,
    SourceAnswer,
    SourceQuery,
    register_source,
)
from onecity.hubs.exchange.services.ask_access import Wish, answer_request, ask_access
from onecity.hubs.exchange.services.judging import forget
from onecity.hubs.exchange.services.superiors import use_line
from onecity.hubs.identity.testkit import staff
from onecity.kernel import clock
from onecity.kernel.actor import Actor
from onecity.kernel.clock import today

__all__ = [
    "CONSUMER",
    "CONSUMER_NAME",
    "GATEWAY",
    "PURPOSE",
    "CascadeSource",
    "HttpSuperior",
    "StringSource",
    "business_time",
    "caller",
    "forget",
    "grant",
    "interface",
    "request",
    "serving",
    "token_line",
    "use_line",
]  # fmt: skip

CONSUMER = "11370299MB0000019N"
CONSUMER_NAME = "青岛测试使用局"
PURPOSE = "测试事项办理"
GATEWAY = "onecity.site.gateway_app:application"
"""The gateway as it is served, behind its own listener."""


def grant(
    key: str = "test_interface", *, fields: Sequence[str] = (), purpose: str = PURPOSE, basis: Basis | None = None,
    quota: int = 0, days: int = 30, consumer: str = CONSUMER, terms: Mapping[str, Any] | None = None,
) -> Any:  # fmt: skip
    """A grant of the interface to the test consumer; returns its id."""
    from django.db import transaction

    row = Interface.objects.get(key=key)
    wish = Wish(
        consumer=consumer, consumer_name=CONSUMER_NAME, fields=tuple(fields) or tuple(row.fields), purpose=purpose,
        reason="测试", basis=basis or Basis(row.basis), legal_basis=row.legal_basis, quota_per_day=quota, valid_from=today(),
        valid_to=today().fromordinal(today().toordinal() + days), pack="test", consumer_key=f"{consumer}{purpose}", terms=dict(terms or {}),
    )  # fmt: skip
    with transaction.atomic():
        made = ask_access(Actor.system("exchange"), interface=row, wish=wish)
        answer_request(Actor.system("exchange"), request_id=made.id, granted=True)
    return AccessRequest.objects.get(pk=made.id).grant.id


def interface(
    key: str = "test_interface", *, resource: str = "test_resource", basis: Basis = Basis.STATUTORY, source: str = "",
    mode: Mode = Mode.LOOKUP, address: str = "http://127.0.0.1:1", **resource_changes: Any,
) -> None:  # fmt: skip
    """A resource of the test provider and an interface over it, keyed by the person's number."""
    catalog.publish(resource, live=bool(source), **resource_changes)
    declared = DeclaredInterface(
        key=key,
        resource=resource,
        key_field="number",
        basis=basis,
        source=source,
        mode=mode,
        legal_basis="测试法第一条",
    )
    sources = (DeclaredSource(name=source, address=address, timeout=1.0),) if source else ()
    api.apply_declaration(Actor.system("exchange"), f"test_{key}", Declaration(sources=sources, interfaces=(declared,)))


def caller() -> Actor:
    """A staff member of the consumer who may call."""
    made = staff([Permission.CALL], organisation=CONSUMER, area="")
    return made.for_purpose(PURPOSE)


def request(subject: str, key: str = "test_interface", **changes: Any) -> CallRequest:
    """A call for the usual purpose."""
    return CallRequest(**{"interface": key, "subject": subject, "purpose": PURPOSE, "matter": "办1", **changes})


class StringSource:
    """A live source made of rows in memory; `fault` makes it fail. Register it with `StringSource(...).register(name)`."""

    def __init__(self, rows: Mapping[str, Sequence[Mapping[str, str]]], fault: Exception | None = None) -> None:
        self.rows = rows
        self.fault = fault
        self.asked: list[SourceQuery] = []

    def register(self, name: str) -> "StringSource":
        """Answer interfaces that name this source."""
        register_source(name, self)
        return self

    def answer(self, query: SourceQuery) -> SourceAnswer:
        """See `ports.Source`."""
        self.asked.append(query)
        if self.fault is not None:
            raise self.fault
        return SourceAnswer(tuple(self.rows.get(query.subject, ())), datetime(2026, 6, 1, tzinfo=UTC))


def token_line(address: str, token: str, transport: httpx.BaseTransport) -> HttpSuperior:
    """A line to an upper level that knows us by token, over a transport of one's own."""
    return HttpSuperior(address, Credential(token=token), transport=transport)


@contextmanager
def business_time(moment: datetime) -> Iterator[None]:
    """Let business time stand at `moment` (and run on from there)."""
    kept, away = clock._offset, moment - clock.wall_now()
    clock.shift_by(lambda: away)
    try:
        yield
    finally:
        clock.shift_by(kept)


_PATIENCE_SECONDS = 60


@contextmanager
def serving(target: str, environment: Mapping[str, str], *, workers: int = 1) -> Iterator[str]:
    """Serve an ASGI application; yields its address once /healthz answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--no-ws"]
    if target == GATEWAY:
        command = [sys.executable, "-m", "onecity.site.gateway_server"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--workers", str(workers), "--log-level", "warning", target]
    process = subprocess.Popen(command, env={**os.environ, **environment})
    try:
        _wait(process, f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: "subprocess.Popen[bytes]", address: str) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    with httpx.Client(trust_env=False, timeout=2) as client:
        while time.monotonic() < until and process.poll() is None:
            try:
                if client.get(f"{address}/healthz").status_code == 200:
                    return
            except httpx.HTTPError:
                time.sleep(0.1)
    raise AssertionError(f"the server at {address} did not come up")
