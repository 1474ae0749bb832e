"""The row API as machines meet it: keys, rates, queries, crawling, conditional data; and the take-down across processes."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import httpx
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from onecity.hubs.identity.testkit import resident, staff
from onecity.hubs.opendata import api, testkit
from onecity.hubs.opendata.contracts import ApplicationState, Permission
from onecity.hubs.opendata.models import ApiKey, Crawl, KeyDay, UsageDay
from onecity.hubs.opendata.services import meter

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = "/open/v1/parking/rows"


@pytest.fixture(autouse=True)
def _no_slices() -> Iterator[None]:
    meter.forget_slices()
    yield
    meter.forget_slices()


def _key(owner: Any = None) -> str:
    return api.make_key(owner or resident(account_id=uuid4()), name="测试应用")[1]


def _get(address: str, key: str = "") -> Any:
    return Client().get(address, headers={"X-Api-Key": key} if key else {})


def _url() -> str:
    held = connection.get_connection_params()
    place = f"?host={held['host']}" if str(held["host"]).startswith("/") else ""
    host = "" if place else held["host"]
    port = f":{held['port']}" if held.get("port") and not place else ""
    query = f"{place}&port={held['port']}" if place and held.get("port") else place
    return f"postgresql://{held['user']}:{held['password']}@{host}{port}/{held['dbname']}{query}"


@contextmanager
def _serving() -> Iterator[httpx.Client]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "asgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--workers",
        "1",
        "--no-ws",
    ]
    environment = {**os.environ, "DATABASE_URL": _url(), "ONECITY_HOME": str(settings.ONECITY_HOME)}
    process = subprocess.Popen([*command, "onecity.hubs.opendata.edge.rows:application"], env=environment)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=5) as client:
            for _ in range(150):
                try:
                    client.get("/open/v1/nothing/rows")
                    break
                except httpx.HTTPError:
                    time.sleep(0.1)
            yield client
    finally:
        process.terminate()
        process.wait(10)


def test_no_key_no_rows_and_a_revoked_key_no_more() -> None:
    testkit.opened()
    owner = resident(account_id=uuid4())
    view, secret = api.make_key(owner, name="测试应用")
    assert _get(ROWS).status_code == 401
    assert _get(ROWS, "oc_guess").status_code == 401
    assert _get(ROWS, secret).status_code == 200
    api.revoke_key(owner, key_id=view.id)
    assert _get(ROWS, secret).status_code == 401
    assert secret not in str(ApiKey.objects.values())


def test_rows_are_filtered_sorted_and_paged_by_cursor() -> None:
    testkit.opened()
    key = _key()
    body = _get(f"{ROWS}?district=李沧区&seats.gte=300&sort=-seats&limit=2&fields=name,seats", key).json()
    assert body["rows"] == [{"name": "第39停车场", "seats": 390}, {"name": "第37停车场", "seats": 370}]
    seen, cursor = [], ""
    for _ in range(10):
        body = _get(f"{ROWS}?sort=-seats&limit=7" + (f"&cursor={cursor}" if cursor else ""), key).json()
        seen += [row["seats"] for row in body["rows"]]
        cursor = body["next"]
        if not cursor:
            break
    assert seen == sorted((row["seats"] for row in testkit.ROWS), reverse=True)
    assert [row["name"] for row in _get(f"{ROWS}?name.prefix=第4停", key).json()["rows"]] == ["第4停车场"]
    assert len(_get(f"{ROWS}?seats.in=10,20,30", key).json()["rows"]) == 3
    assert _get(f"{ROWS}?format=csv&limit=1", key).content.decode().splitlines()[0].startswith("_id,name")


@pytest.mark.parametrize(
    "query",
    [
        "name'%20OR%201=1=x", "latitude=1", "sort=latitude", "limit=0", "limit=100000", "offset=99999999", "seats=many", "seats.like=1",
        "cursor=%3B", "cursor=WzEsIngiXQ", "fields=secret", "format=xml", "limit=1&limit=2", "seats=1e400", "seats.in=" + "1," * 200,
    ],
)  # fmt: skip
def test_a_hostile_query_is_refused_with_a_sentence(query: str) -> None:
    testkit.opened()
    answer = _get(f"{ROWS}?{query}", _key())
    assert answer.status_code == 422, answer.content
    assert answer.json()["title"]


def test_values_are_bound_never_run() -> None:
    testkit.opened()
    assert _get(f"{ROWS}?name=' OR '1'='1", _key()).json()["rows"] == []


def test_the_limit_of_a_key_holds_to_the_call_and_says_when_to_come_back() -> None:
    testkit.opened()
    key = _key()
    ApiKey.objects.update(per_minute=5)
    api_generation()
    codes = [_get(ROWS, key).status_code for _ in range(7)]
    assert codes in ([200] * 5 + [429] * 2, [200] * 5 + [429, 200])  # the minute may turn
    assert any(code == 429 for code in codes)


def api_generation() -> None:
    from onecity.hubs.opendata.services.generation import touch

    touch()


def test_crawling_by_enumerated_ids_is_slowed_and_reported() -> None:
    testkit.opened()
    key = _key()
    ApiKey.objects.update(per_minute=20)
    api_generation()
    codes = [_get(f"{ROWS}?_id={n}", key).status_code for n in range(1, 15)]
    assert codes.count(200) <= 11
    assert codes[-1] == 429
    assert Crawl.objects.get().dataset == "parking"


def test_calls_are_counted_per_dataset_and_key() -> None:
    testkit.opened()
    key = _key()
    for _ in range(3):
        _get(ROWS, key)
    _get(ROWS, "oc_guess")
    assert (UsageDay.objects.get(channel="api").count, KeyDay.objects.get().calls) == (3, 3)


def test_conditional_data_open_after_application_answer_and_agreement_and_end_by_date() -> None:
    testkit.opened(conditional=True)
    person = resident(account_id=uuid4())
    key = _key(person)
    assert _get(ROWS, key).status_code == 403
    made = api.apply(
        person, key="parking", purpose="研究停车需求与公共交通的关系", safety="只在本单位内网使用，用后删除"
    )
    desk = staff([str(Permission.ANSWER)], organisation=testkit.PROVIDER)
    assert api.answer_application(desk, application_id=made.id, agreed=True).state is ApplicationState.AGREED
    assert _get(ROWS, key).status_code == 403
    active = api.agree(person, application_id=made.id)
    assert active.valid_to is not None
    assert _get(ROWS, key).status_code == 200
    assert _get(ROWS, _key()).status_code == 403
    from onecity.hubs.opendata.models import Application

    Application.objects.update(valid_to="2020-01-01")
    api_generation()
    assert _get(ROWS, key).status_code == 403
    assert Client().get("/open/datasets/parking/data.csv").status_code == 403


def test_a_take_down_reaches_the_other_process_within_seconds_and_so_does_a_new_version() -> None:
    testkit.opened()
    key = {"X-Api-Key": _key()}
    with _serving() as client:
        assert client.get(ROWS, headers=key).json()["total_rows"] == len(testkit.ROWS)
        assert client.get(f"{ROWS}?seats=10", headers=key).json()["rows"][0]["name"] == "第1停车场"
        assert client.get(f"{ROWS}?latitude=1", headers=key).status_code == 422
        assert client.get(ROWS).status_code == 401
        assert "a dcat:Dataset" in client.get("/open/catalog.ttl").text
        testkit.staged("parking", testkit.ROWS[:3], version=2)
        assert _until(lambda: client.get(ROWS, headers=key).json()["total_rows"] == 3) < 2
        tag = client.get(ROWS, headers=key).headers["etag"]
        assert client.get(ROWS, headers={**key, "If-None-Match": tag}).status_code == 304
        api.take_down(
            staff([str(Permission.TAKE_DOWN)], organisation=testkit.PROVIDER), key="parking", reason="发现涉密点位"
        )
        assert _until(lambda: client.get(ROWS, headers={**key, "If-None-Match": tag}).status_code == 410) < 2
        assert "a dcat:Dataset" not in client.get("/open/catalog.ttl").text
        time.sleep(1.2)
    assert UsageDay.objects.get(channel="api").count >= 4


def _until(reached: Any) -> float:
    began = time.monotonic()
    while not reached():
        assert time.monotonic() - began < 10
        time.sleep(0.05)
    return time.monotonic() - began
