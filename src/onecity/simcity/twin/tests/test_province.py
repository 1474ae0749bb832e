"""The city's errands to the recorded province, over the twin's own application: good days, quotas, nights, nonsense."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from onecity.hubs.catalog import api as catalog
from onecity.hubs.catalog import testkit as catalogue
from onecity.hubs.catalog.ports import Declaration
from onecity.hubs.exchange import api
from onecity.hubs.exchange.testkit import HttpSuperior, token_line, use_line
from onecity.kernel.actor import Actor
from onecity.kernel.paging import PageRequest
from onecity.simcity.load.province import DOWNFLOW, ENTRY
from onecity.simcity.twin.behaviour import Behaviour, configure, local_token
from onecity.simcity.twin.province import recorded
from onecity.simcity.twin.server import Twin

SYSTEM = Actor.system("simcity")


class Wire(httpx.BaseTransport):
    """The twin without a socket."""

    def __init__(self, twin: Twin) -> None:
        self.twin = twin

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        query = request.url.query.decode()
        token = request.headers.get("authorization", "")
        made = self.twin.handle(request.method, request.url.path, query, token, request.read())
        status, body = asyncio.run(made)
        return httpx.Response(status, content=body)


@pytest.fixture
def twin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Twin]:
    configure(tmp_path, Behaviour(latency=(0, 0)))
    monkeypatch.setitem(recorded(), "approve_after_seconds", 0)
    made = Twin(tmp_path, clock=lambda: datetime(2026, 6, 8, 2, tzinfo=UTC))
    token = local_token(tmp_path)

    def line() -> HttpSuperior:
        return token_line("http://twin/cascade/v1", token, Wire(made))

    use_line("province", line)
    yield made
    use_line("province", None)


def told(twin: Twin, wish: dict[str, object]) -> None:
    status, _ = asyncio.run(twin.handle("POST", "/control", "", f"Bearer {twin._token}", json.dumps(wish).encode()))
    assert status == 200


def connected() -> None:
    connection = api.Connection("province", "省平台", "http://twin/cascade/v1", handler="test_provider")
    api.connect_superior(SYSTEM, connection=connection)


@pytest.mark.django_db(transaction=True)
def test_catalogue_subscription_and_downflow_with_a_province(twin: Twin) -> None:
    catalogue.publish("good", abstract="全市住宅小区的名录与位置")
    catalogue.publish("thin", pack="test_thin", abstract="短")
    catalog.apply_declaration(SYSTEM, "simcity_province", Declaration(resources=(ENTRY,)))
    connected()
    assert api.tend_now(SYSTEM, superior="province")
    every = PageRequest(1, 500)
    reports = {one.resource: one for one in api.reported(superior="province", page=every).items}
    assert reports["good"].state.value == "accepted"
    assert "摘要" in reports["thin"].reasons[0]
    assert api.superiors()[0].offers == 4
    for remote in ("sd_household", "sd_reserved"):
        api.subscribe(
            SYSTEM,
            superior="province",
            remote=remote,
            fields=("name", "address"),
            purpose="义务教育入学核验",
            quota_per_day=90_000,
        )
    assert api.tend_now(SYSTEM, superior="province")
    held = {one.remote: one for one in api.subscriptions()}
    assert (held["sd_household"].state.value, held["sd_household"].quota_per_day) == ("approved", 5000)
    assert held["sd_household"].interface == "up_province_sd_household"
    assert "仅供省级部门" in held["sd_reserved"].reason
    came = {one.remote: one for one in api.downflows().items}
    assert (came["HL-SD-2026-001"].state.value, came["HL-SD-2026-001"].rows) == ("arrived", 14)
    assert (came["HL-SD-2026-002"].rows, came["HL-SD-2026-002"].rows_bad) == (18, 2)
    assert came["HL-SD-2026-003"].state.value == "broken"
    assert catalog.resource(DOWNFLOW).version == 2


@pytest.mark.django_db(transaction=True)
def test_the_night_nonsense_and_silence_lose_nothing(twin: Twin) -> None:
    catalogue.publish("good", abstract="全市住宅小区的名录与位置")
    connected()
    told(twin, {"outage": True})
    assert not api.tend_now(SYSTEM, superior="province")
    (night,) = api.superiors()
    assert night.expected_at == datetime(2026, 6, 9, 0, tzinfo=UTC), night.trouble
    assert night.reports.accepted == 0
    told(twin, {"outage": False, "garbage": ["province"]})
    assert not api.tend_now(SYSTEM, superior="province")
    told(twin, {"garbage": [], "down": ["province"]})
    assert not api.tend_now(SYSTEM, superior="province")
    told(twin, {"down": []})
    assert api.tend_now(SYSTEM, superior="province")
    (day,) = api.superiors()
    assert (day.reports.accepted > 0, day.reports.waiting, day.trouble, day.expected_at) == (True, 0, "", None)
