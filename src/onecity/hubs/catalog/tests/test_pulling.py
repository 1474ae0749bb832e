"""Front databases of the zone: a real PostgreSQL beside ours is read whole, then by its watermark, by the job, from the desk."""

from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest
from django.db import connection
from django.test import Client

from onecity.hubs.catalog import api
from onecity.hubs.catalog.contracts import FrontDatabase, Permission, PullSourceView
from onecity.hubs.catalog.errors import PullRefused
from onecity.hubs.catalog.models import Arrival, PullSource
from onecity.hubs.catalog.testkit import PROVIDER, publish
from onecity.hubs.identity.testkit import citizen_number, sign_in, staff
from onecity.kernel.actor import Actor
from onecity.kernel.errors import NotPermitted
from onecity.kernel.testkit import run_jobs

ONE, TWO, THREE, FOUR = map(citizen_number, (1, 3, 5, 7))


def steward() -> Actor:
    return staff([*Permission], organisation=PROVIDER)


def described(**changes: object) -> FrontDatabase:
    own = connection.settings_dict
    front = FrontDatabase(
        "postgresql", own["HOST"], 0, "postgres", own["USER"], own["PASSWORD"], "onecity_front.person",
        {"number": "sfzh", "name": "xm", "since": "djrq"}, "gxsj", ("number",),
    )  # fmt: skip
    return replace(front, **changes)  # type: ignore[arg-type]


@pytest.fixture
def front(transactional_db: None) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    publish()
    own = connection.settings_dict
    with psycopg.connect(
        host=own["HOST"], dbname="postgres", user=own["USER"], password=own["PASSWORD"], autocommit=True
    ) as there:
        there.execute("DROP SCHEMA IF EXISTS onecity_front CASCADE; CREATE SCHEMA onecity_front")
        there.execute("CREATE TABLE onecity_front.person (sfzh text, xm text, djrq date, gxsj timestamp)")
        there.execute(
            "INSERT INTO onecity_front.person VALUES (%s, '王一', '2020-01-02', '2026-05-01 08:00'), "
            "(%s, '李二', NULL, '2026-05-02 08:00'), ('123', '坏', NULL, '2026-05-01 09:00'), (%s, '孙四', NULL, '2026-05-01 10:00')",
            [ONE, TWO, FOUR],
        )
        try:
            yield there
        finally:
            there.execute("DROP SCHEMA onecity_front CASCADE")


def source() -> PullSourceView:
    (one,) = api.pull_sources(steward())
    return one


def test_the_table_is_read_whole_then_only_what_is_new(front: "psycopg.Connection[tuple[object, ...]]") -> None:
    api.set_pull_source(steward(), resource="test_resource", front=described())
    run_jobs()
    assert (source().text, source().last_rows, source().failed, api.resource("test_resource").rows) == (
        "v1",
        4,
        False,
        3,
    )
    arrival = Arrival.objects.get()
    assert (arrival.way, arrival.quarantined, arrival.merging) == ("pull", 1, [])
    front.execute("INSERT INTO onecity_front.person VALUES (%s, '赵三', '2021-03-04', '2026-05-03 08:00')", [THREE])
    front.execute("UPDATE onecity_front.person SET xm = '改名', gxsj = '2026-05-03 09:00' WHERE xm = '王一'")
    api.pull_now(steward(), resource="test_resource")
    run_jobs()
    view = api.resource("test_resource")
    assert (source().last_rows, view.version, view.rows) == (3, 2, 4)  # the two, and the last instant again
    assert Arrival.objects.latest("at").merging == ["number"]
    PullSource.objects.update(next_at="2026-01-01T00:00:00Z")
    assert (api.pull_due(), api.pull_due()) == (1, 0)
    run_jobs()
    assert (source().text, api.resource("test_resource").version) == ("没有新数据", 2)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"password": "wrong"}, "拒绝了用户名或口令"), ({"relation": "onecity_front.nothing"}, "中没有表"),
        ({"columns": {"number": "sfzh", "name": "xingming"}}, "没有列 xingming"), ({"database": "no_such"}, "连不上"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why_without_address_or_password(
    front: "psycopg.Connection[tuple[object, ...]]", change: dict[str, object], words: str
) -> None:
    api.set_pull_source(steward(), resource="test_resource", front=described(**change))
    run_jobs()
    assert source().failed
    assert words in source().text
    assert str(connection.settings_dict["PASSWORD"]) not in source().text
    assert not Arrival.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"host": "8.8.8.8"}, "不在本区域内网"), ({"host": "169.254.169.254"}, "不在本区域内网"), ({"kind": "sqlite"}, "不支持"),
        ({"relation": "a; DROP TABLE b"}, "不是表名"), ({"keys": ()}, "同时填写"), ({"every_minutes": 0}, "间隔"),
        ({"columns": {"nothing": "x"}}, "不是本资源的信息项"), ({"database": "own"}, "本平台自己的数据库"),
    ],
)  # fmt: skip
def test_settings_that_must_not_be_are_refused(change: dict[str, object], words: str) -> None:
    publish()
    change = {**change, "database": connection.settings_dict["NAME"]} if change.get("database") == "own" else change
    with pytest.raises(PullRefused) as refused:
        api.set_pull_source(steward(), resource="test_resource", front=described(**change))
    assert words in str(refused.value.text)
    assert not PullSource.objects.exists()


@pytest.mark.django_db
def test_the_desk_sets_one_up_sealed_and_strangers_neither_see_nor_touch_it(client: Client) -> None:
    publish()
    sign_in(client, steward())
    assert "没有设置库表抽取" in client.get("/desk/catalog/pulls").content.decode()
    assert "test_resource" in client.get("/desk/catalog/pulls/new").content.decode()
    form = {
        "resource": "test_resource", "kind": "postgresql", "host": "10.1.2.3", "port": "5432", "database": "front",
        "user": "reader", "password": "s3cret-Word", "relation": "person", "columns": "number=sfzh\nname", "every": "30",
    }  # fmt: skip
    refused = client.post("/desk/catalog/pulls/new", {**form, "host": "8.8.8.8"}).content.decode()
    assert "不在本区域内网" in refused
    assert "s3cret-Word" not in refused
    assert client.post("/desk/catalog/pulls/new", form).status_code == 302
    row = PullSource.objects.get()
    assert (row.columns, row.every_minutes, "s3cret" in row.address) == ({"number": "sfzh", "name": "name"}, 30, False)
    client.post("/desk/catalog/pulls/test_resource/act", {"wish": "pause"})
    page = client.get("/desk/catalog/pulls").content.decode()
    assert "已暂停" in page
    assert "postgresql://10.1.2.3:5432/front" in page
    assert "reader" not in page
    stranger = staff([*Permission], organisation="11370299MB0000019N")
    assert api.pull_sources(stranger) == []
    with pytest.raises(NotPermitted):
        api.pause_pull(stranger, resource="test_resource")
