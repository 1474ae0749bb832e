"""Deliveries at the desk as a steward opens them: handing in, the result, quarantine and its downloads, fronts, lineage; the push API."""

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from onecity.hubs.catalog import api
from onecity.hubs.catalog.contracts import Permission
from onecity.hubs.catalog.models import Arrival
from onecity.hubs.catalog.testkit import PROVIDER, deliver, publish
from onecity.hubs.identity.testkit import citizen_number, sign_in, staff
from onecity.hubs.support.contracts import Permission as Support
from onecity.kernel.actor import Actor
from onecity.kernel.testkit import run_jobs

pytestmark = pytest.mark.django_db(transaction=True)

ONE, TWO = citizen_number(1), citizen_number(3)
GOOD = f"身份证号码,姓名,登记日期,面积\n{ONE},王一,2020-01-02,88.5\n{TWO},李二,,60\n".encode()
MIXED = GOOD + f"{ONE},=1+1,2020-13-01,1\n{TWO},李,2020-01-01,2\n{TWO},李,2020-01-01,3\n".encode()


def steward() -> Actor:
    return staff([*Permission, Support.TABLE_EXPORT], organisation=PROVIDER)


@pytest.fixture
def desk(client: Client) -> Client:
    publish()
    sign_in(client, steward())
    return client


def handed_in(desk: Client, content: bytes, name: str = "报送.csv") -> str:
    file = SimpleUploadedFile(name, content)
    answer = desk.post("/desk/catalog/arrivals/new", {"resource": "test_resource", "as_of": "2026-06-01", "file": file})
    assert answer.status_code == 302, answer.content[:500]
    return str(answer["Location"])


def test_an_empty_list_says_what_to_do(desk: Client) -> None:
    page = desk.get("/desk/catalog/arrivals").content.decode()
    assert "还没有报送" in page
    assert "/desk/catalog/arrivals/new" in page
    assert "test_resource" in desk.get("/desk/catalog/arrivals/new").content.decode()


def test_a_file_waits_is_taken_by_the_worker_and_shows_its_result(desk: Client) -> None:
    place = handed_in(desk, MIXED)
    assert "正在检查" in desk.get(place).content.decode()
    run_jobs()
    page = desk.get(place).content.decode()
    assert "登记日期：不是有效日期" in page
    assert "规范性" in page
    assert ONE not in page
    assert "v1" in desk.get("/desk/catalog/arrivals").content.decode()


def test_rows_held_back_are_downloaded_masked_and_harmless(desk: Client) -> None:
    place = handed_in(desk, MIXED)
    run_jobs()
    text = b"".join(desk.get(f"{place}/held.csv").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert "'=1+1" in text
    assert ONE not in text
    assert text.splitlines()[1].startswith("3,")
    sheet = desk.get(f"{place}/held.xlsx")
    assert sheet.content[:2] == b"PK"


def test_a_refused_file_says_why_and_that_the_old_version_serves(desk: Client) -> None:
    deliver("test_resource", [{"number": ONE, "name": "王一"}])
    place = handed_in(desk, "姓名\n王\n".encode())
    run_jobs()
    page = desk.get(place).content.decode()
    assert "整批退回，原有版本继续使用" in page
    assert "缺少必填信息项：身份证号码" in page
    assert api.resource("test_resource").version == 1


def test_the_job_running_twice_delivers_once(desk: Client) -> None:
    handed_in(desk, GOOD)
    found = Arrival.objects.get()
    api.take_waiting(found.id)
    api.take_waiting(found.id)
    run_jobs()
    assert api.resource("test_resource").version == 1


def test_a_stranger_sees_neither_list_nor_file(desk: Client, client: Client) -> None:
    place = handed_in(desk, MIXED)
    run_jobs()
    sign_in(client, staff([*Permission], organisation="11370299MB0000019N"))
    assert "报送.csv" not in client.get("/desk/catalog/arrivals").content.decode()
    assert client.get(place).status_code == 403
    assert client.get(f"{place}/held.csv").status_code == 403


def test_lineage_shows_source_version_and_consumer_down_to_the_column(desk: Client) -> None:
    handed_in(desk, GOOD)
    run_jobs()
    ticket = api.mint_ticket(resource="test_resource", consumer="测试使用局", fields=["name"], purpose="核验")
    api.version_file(ticket, resource="test_resource")
    page = desk.get("/desk/catalog/resources/test_resource/lineage").content.decode()
    assert "报送.csv · 身份证号码" in page
    assert "身份证号码（摘要）" in page
    assert "测试使用局 · 姓名" in page
    assert "<svg" in page
    lines = desk.get("/desk/catalog/resources/test_resource/lineage.ndjson").content.decode().splitlines()
    events = [json.loads(line) for line in lines]
    assert {"eventType", "eventTime", "producer", "schemaURL", "run", "job", "inputs", "outputs"} <= set(events[0])
    origin = events[0]["outputs"][0]["facets"]["columnLineage"]["fields"]["number_ref"]["inputFields"][0]
    assert (origin["field"], origin["transformations"][0]["masking"]) == ("number", True)


def test_fronts_page_without_machines_says_how_to_register(desk: Client) -> None:
    page = desk.get("/desk/catalog/fronts").content.decode()
    assert "onecity agent register" in page


def push(client: Client, body: bytes, key: str = "", query: str = "") -> tuple[int, dict[str, object]]:
    headers = {"Idempotency-Key": key} if key else {}
    answer = client.post(
        f"/api/v1/catalog/arrivals/test_resource?name=a.csv{query}", body, content_type="text/csv", headers=headers
    )
    return answer.status_code, answer.json()


def test_a_pushed_delivery_is_taken_once_per_key(desk: Client) -> None:
    status, first = push(desk, GOOD, "k1")
    _, second = push(desk, GOOD, "k1")
    assert (status, first["id"]) == (202, second["id"])
    run_jobs()
    found = desk.get(f"/api/v1/catalog/arrivals/{first['id']}").json()
    assert (found["state"], found["rows_published"], found["version"]) == ("done", 2, 1)


def test_a_pushed_increment_replaces_rows_by_key(desk: Client) -> None:
    push(desk, GOOD)
    run_jobs()
    push(desk, f"number,name\n{ONE},改名\n".encode(), query="&merge_by=number")
    run_jobs()
    view = api.resource("test_resource")
    assert (view.version, view.rows) == (2, 2)


def test_nobody_pushes_without_a_session(client: Client) -> None:
    publish()
    assert push(client, GOOD)[0] == 401


@pytest.mark.parametrize("name", ["../../etc/passwd", "a\x00b.csv", "x" * 400])
def test_hostile_names_are_only_names(desk: Client, name: str) -> None:
    day = api.resource("test_resource").published_on
    assert day
    made = api.hand_in(
        steward(),
        resource="test_resource",
        content=io.BytesIO(GOOD),
        name=name.replace("\x00", ""),
        as_of=day,
    )
    assert api.take_waiting(made.id).accepted
