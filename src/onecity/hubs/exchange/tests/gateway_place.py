"""A gateway of two real workers over one published row, for the tests of its faults."""

import contextlib
import json
import re
import socket
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import psutil
from django.conf import settings
from django.db import connection

from onecity.hubs.catalog import testkit as catalog
from onecity.hubs.exchange import api
from onecity.hubs.exchange.contracts import Basis
from onecity.hubs.exchange.edge.client import GatewayClient, GatewayProblem
from onecity.hubs.exchange.models import Interface
from onecity.hubs.exchange.services.build_snapshots import build_snapshots
from onecity.hubs.exchange.services.ship_proofs import ship_proofs
from onecity.hubs.exchange.testkit import CONSUMER, CONSUMER_NAME, GATEWAY, PURPOSE, forget, interface, serving
from onecity.hubs.identity.testkit import citizen_number
from onecity.kernel.actor import Actor
from onecity.kernel.crypto import Algorithm, Signer, generate_signer

__all__ = ["NUMBER", "ROW", "SYSTEM", "Line", "Place", "database_url", "gateway_place", "ship"]

NUMBER = citizen_number(1)
ROW = {"number": NUMBER, "name": "王一", "since": "2020-01-02", "area": "88.5"}
SYSTEM = Actor.system("exchange")


def database_url() -> str:
    parameters = connection.get_connection_params()
    who = quote(str(parameters.get("user", "")), safe="")
    secret = f":{quote(str(parameters['password']), safe='')}" if parameters.get("password") else ""
    place = {"host": parameters.get("host"), "port": parameters.get("port")}
    query = "&".join(f"{name}={quote(str(value), safe='')}" for name, value in place.items() if value)
    return f"postgresql://{who}{secret}@/{parameters['dbname']}?{query}"


class Place:
    """A running gateway and a registered machine."""

    def __init__(self, address: str, client_id: str, signer: Signer) -> None:
        self.address, self.client_id, self.signer = address, client_id, signer

    def client(self, **options: Any) -> GatewayClient:
        return GatewayClient(self.address, self.client_id, self.signer, **options)

    def ask(self, client: GatewayClient | None = None, **wish: Any) -> dict[str, Any]:
        """One call; a refusal is returned as {"code": …, "status": …}."""
        given = client or self.client()
        try:
            return given.call("test_interface", **{"number": NUMBER, "purpose": PURPOSE, **wish})
        except GatewayProblem as problem:
            return {"code": problem.code, "status": problem.status, "problem": problem.problem}

    def processes(self) -> list[int]:
        """The workers' process ids, from their own health."""
        found: set[int] = set()
        until = time.monotonic() + 15
        while len(found) < 2 and time.monotonic() < until:
            found.add(int(httpx.get(f"{self.address}/healthz", trust_env=False).json()["process"]))
        return sorted(found)

    def server(self) -> psutil.Process:
        """The process above the workers."""
        return psutil.Process(self.processes()[0]).parent()

    def hammer(self, threads: int, calls: int, stop: threading.Event | None = None) -> list[dict[str, Any]]:
        """Many calls from several connections at once."""
        answers: list[dict[str, Any]] = []

        def work() -> None:
            with self.client() as client:
                for _ in range(calls):
                    if stop is not None and stop.is_set():
                        return
                    try:
                        answers.append(self.ask(client))
                    except (httpx.HTTPError, json.JSONDecodeError):
                        return

        working = [threading.Thread(target=work) for _ in range(threads)]
        for thread in working:
            thread.start()
        for thread in working:
            thread.join(60)
        return answers

    def raw(self, client: GatewayClient, body: bytes, path: str = "test_interface", **headers: str) -> httpx.Response:
        """A call with its own headers laid over the signed ones."""
        signed = {**client.headers("test_interface", body), **headers}
        return httpx.post(f"{self.address}/v1/call/{path}", content=body, headers=signed, trust_env=False)


class Line:
    """A way to the database that can be taken away and given back: to the gateway the server stops and starts."""

    def __init__(self, folder: Path) -> None:
        found = connection.get_connection_params()
        self._port = int(found.get("port") or 5432)
        self._real = Path(str(found["host"])) / f".s.PGSQL.{self._port}"
        self._own = folder / self._real.name
        self.address = re.sub(r"host=[^&]*", f"host={quote(str(folder), safe='')}", database_url())
        self._open: list[socket.socket] = []
        self.start()

    def start(self) -> None:
        self._door = socket.socket(socket.AF_UNIX)
        self._own.unlink(missing_ok=True)
        self._door.bind(str(self._own))
        self._door.listen(64)
        threading.Thread(target=self._accept, args=(self._door,), daemon=True).start()

    def stop(self) -> None:
        self._own.unlink()
        for one in (self._door, *self._open):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._open.clear()

    def _accept(self, door: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = door.accept()
                far = socket.socket(socket.AF_UNIX)
                far.connect(str(self._real))
                self._open += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while part := one.recv(65_536):
                other.sendall(part)
        for end in (one, other):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


def ship() -> None:
    while ship_proofs():
        pass


@contextmanager
def gateway_place(
    *, workers: int = 2, basis: Basis = Basis.STATUTORY, build: bool = True, rows: Sequence[dict[str, str]] = (ROW,),
    contract: Mapping[str, Any] | None = None, line: "Line | None" = None,
) -> Iterator[Place]:  # fmt: skip
    """`contract`: what the interface says beside its usual columns; `line`: the gateway's way to the database."""
    forget()
    interface(basis=basis)
    if contract:
        Interface.objects.update(**contract)
    catalog.deliver("test_resource", list(rows))
    if build:
        assert build_snapshots() == 1
    signer = generate_signer(Algorithm.ED25519)
    machine = api.register_client(
        SYSTEM,
        organisation=CONSUMER,
        organisation_name=CONSUMER_NAME,
        name="入学系统",
        public_key=signer.verifier.pem(),
    )
    environment = {
        "DATABASE_URL": line.address if line else database_url(),
        "ONECITY_HOME": str(settings.ONECITY_HOME),
        "PYTHONUNBUFFERED": "1",
    }
    with serving(GATEWAY, environment, workers=workers) as address:
        place = Place(address, str(machine.id), signer)
        if workers > 1:
            place.processes()
        yield place
