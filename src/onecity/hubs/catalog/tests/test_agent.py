"""The front machine against a real front database and a real HTTP hub, or through a folder: nothing lost, doubled, altered."""

import json
import os
import sqlite3
import struct
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from pytest_django.live_server_helper import LiveServer

from onecity.hubs.catalog import api
from onecity.hubs.catalog.contracts import Permission
from onecity.hubs.catalog.edge.agent import Agent, AgentRefused, make_key, read_settings
from onecity.hubs.catalog.edge.batch import MAGIC
from onecity.hubs.catalog.edge.sending import over_http, through_gap
from onecity.hubs.catalog.errors import BatchNotTaken
from onecity.hubs.catalog.testkit import PROVIDER, publish
from onecity.hubs.identity.testkit import citizen_number, staff
from onecity.kernel.actor import Actor

pytestmark = pytest.mark.django_db(transaction=True)

NUMBERS = [citizen_number(n) for n in range(1, 12)]
MOMENT = datetime(2026, 6, 1, 8, tzinfo=UTC)


def owner() -> Actor:
    return staff([Permission.RECEIVE], organisation=PROVIDER)


class Front:
    """A department's own database, and the settings of its front machine."""

    def __init__(self, folder: Path, *, where: str, watermark: bool = True) -> None:
        self.database, self.settings = folder / "front.sqlite", folder / "agent.toml"
        self.run("CREATE TABLE person (sfzh TEXT PRIMARY KEY, xm TEXT, djrq TEXT, mj REAL, changed INTEGER)")
        marks = 'watermark = "changed"\nkeys = ["number"]\n' if watermark else ""
        self.settings.write_text(
            f'name = "front-1"\n{where}\nfolder = "agent"\n[[source]]\nresource = "test_resource"\nname = "户籍前置库"\n'
            f'dsn = "sqlite:///{self.database}"\ntable = "person"\nevery_minutes = 0\n{marks}'
            '[source.columns]\nnumber = "sfzh"\nname = "xm"\nsince = "djrq"\narea = "mj"\n',
            "utf-8",
        )

    def run(self, statement: str, *values: Any) -> None:
        with sqlite3.connect(self.database) as database:
            database.execute(statement, values)

    def put(self, number: str, name: str, changed: int) -> None:
        self.run("INSERT OR REPLACE INTO person VALUES (?, ?, '2020-01-02', 60.5, ?)", number, name, changed)


def at_hub(settings: Path) -> None:
    publish()
    key = make_key(read_settings(settings).folder)
    api.register_agent(
        Actor.system("catalog"), name="front-1", provider=PROVIDER, public_key=key, resources=["test_resource"]
    )


def names() -> dict[str, str]:
    found = api.version_file(owner(), resource="test_resource")
    return {row["name"]: row["number_mask"] for row in pq.read_table(found.path).to_pylist()}


def one_pass(settings: Path, send: Any, moment: datetime = MOMENT) -> int:
    front = Agent(read_settings(settings), send)
    try:
        return front.run_once(moment)
    finally:
        front.close()


def test_whole_then_increments_arrive_over_http_in_pieces(tmp_path: Path, live_server: LiveServer) -> None:
    front = Front(tmp_path, where=f'hub = "{live_server.url}"')
    for n in range(6):
        front.put(NUMBERS[n], f"人{n}", 1)
    at_hub(front.settings)
    send = over_http(live_server.url, piece=700)
    one_pass(front.settings, send)
    assert sorted(names()) == [f"人{n}" for n in range(6)]
    front.put(NUMBERS[0], "改名", 2)
    front.put(NUMBERS[6], "新来", 2)
    one_pass(front.settings, send, MOMENT + timedelta(hours=1))
    assert sorted(names()) == sorted(["改名", "新来", *(f"人{n}" for n in range(1, 6))])
    assert api.versions("test_resource")[0].number >= 2
    one_pass(front.settings, send, MOMENT + timedelta(hours=2))
    settled = api.versions("test_resource")[0].number
    one_pass(front.settings, send, MOMENT + timedelta(hours=3))
    assert api.versions("test_resource")[0].number == settled  # nothing changed, nothing is sent


def test_the_daily_reconciliation_is_green_when_all_arrived_and_red_when_not(tmp_path: Path) -> None:
    front = Front(tmp_path, where='outbox = "outbox"')
    for n in range(4):
        front.put(NUMBERS[n], f"人{n}", n)
    at_hub(front.settings)
    send, outbox = through_gap(tmp_path / "outbox"), tmp_path / "outbox"
    one_pass(front.settings, send)
    api.take_folder(outbox)
    (green,) = api.reconciliations(owner())
    assert (green.matches, green.front_rows, green.here_rows) == (True, 4, 4)
    front.run("DELETE FROM person WHERE sfzh = ?", NUMBERS[0])
    front.run("UPDATE person SET xm = '悄悄改' WHERE sfzh = ?", NUMBERS[1])
    one_pass(front.settings, send, MOMENT + timedelta(days=1))
    api.take_folder(outbox)
    red = api.reconciliations(owner())[0]
    assert (red.matches, red.front_rows, red.here_rows) == (False, 3, 4)
    assert "删除" in red.text


def test_the_worker_takes_what_the_gap_laid_down_once_it_is_whole(tmp_path: Path, settings: Any) -> None:
    front = Front(tmp_path, where='outbox = "outbox"')
    front.put(NUMBERS[0], "人0", 1)
    at_hub(front.settings)
    one_pass(front.settings, through_gap(tmp_path / "outbox"))
    settings.GAP_FOLDER = ""
    assert api.watch_gap() == 0
    settings.GAP_FOLDER = str(tmp_path / "outbox")
    assert api.watch_gap() == 0, "just written: the gap may still be at it"
    for path in (tmp_path / "outbox").glob("*.ocb"):
        os.utime(path, (1, 1))
    assert api.watch_gap() >= 1
    assert api.versions("test_resource")[0].number == 1
    assert api.watch_gap() == 0
    settings.GAP_FOLDER = str(tmp_path / "gone")
    assert api.watch_gap() == 0


def test_batches_cross_the_gap_as_files_and_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    front = Front(tmp_path, where='outbox = "outbox"')
    front.put(NUMBERS[0], "人0", 1)
    at_hub(front.settings)
    one_pass(front.settings, through_gap(tmp_path / "outbox"))
    said = api.take_folder(tmp_path / "outbox")
    assert "已收 test_resource 1 行" in said[0]
    taken = sorted((tmp_path / "outbox" / "taken").glob("*.ocb"))
    assert api.take_batch_file(taken[0])["sequence"] == 1
    assert len(api.versions("test_resource")) == 1


def spooled(tmp_path: Path, count: int = 3) -> list[Path]:
    front = Front(tmp_path, where='outbox = "outbox"')
    at_hub(front.settings)
    for n in range(count):
        front.put(NUMBERS[n], f"人{n}", n + 1)
        one_pass(front.settings, through_gap(tmp_path / "outbox"), MOMENT + timedelta(hours=n))
    return sorted((tmp_path / "outbox").glob("*.ocb"))


def test_a_missing_batch_is_asked_for_by_number_and_the_later_ones_wait(tmp_path: Path) -> None:
    paths = spooled(tmp_path)
    assert api.take_batch_file(paths[0])["sequence"] == 1
    with pytest.raises(BatchNotTaken, match="应收批次 2，来的是 3"):
        api.take_batch_file(paths[2])
    hidden = paths[1].rename(tmp_path / "later")
    assert all("留待补齐" in line for line in api.take_folder(tmp_path / "outbox")[1:])
    hidden.rename(paths[1])
    assert len(api.take_folder(tmp_path / "outbox")) == len(paths) - 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda body: body[:-3], "不完整"), (lambda body: body[:-3] + b"abc", "被改动"),
            (lambda body: b"XXXX" + body[4:], "不是前置机批次"),
        (lambda body: body.replace(b'"rows":1', b'"rows":9'), "签名不符"), (lambda body: body[:40], "损坏"),
        (lambda body: MAGIC + struct.pack(">I", 2**31) + body[8:], "损坏"), (lambda body: body.replace(b"front-1", b"front-9"), "没有登记"),
    ],
)  # fmt: skip
def test_an_altered_batch_is_refused_in_clear_words(tmp_path: Path, change: Any, words: str) -> None:
    (path, *_) = spooled(tmp_path, 1)
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(BatchNotTaken, match=words):
        api.take_batch_file(path)
    assert api.resource("test_resource").version == 0


def test_a_machine_set_back_to_an_old_state_is_noticed(tmp_path: Path) -> None:
    (path, *_) = spooled(tmp_path, 1)
    api.take_batch_file(path)
    (tmp_path / "agent" / "state.sqlite").unlink()
    (tmp_path / "front.sqlite").unlink()
    front = Front(tmp_path, where='outbox = "outbox2"')
    front.put(NUMBERS[5], "另一个", 9)
    one_pass(front.settings, through_gap(tmp_path / "outbox2"))
    (other,) = sorted((tmp_path / "outbox2").glob("*1.ocb"))
    with pytest.raises(BatchNotTaken, match="重放"):
        api.take_batch_file(other)


def test_a_machine_sends_only_what_it_was_registered_for_and_nothing_once_stopped(tmp_path: Path) -> None:
    (path, *_) = spooled(tmp_path, 1)
    key = make_key(tmp_path / "agent")
    publish("other_resource", pack="other", code="307001/2")
    api.register_agent(
        Actor.system("catalog"), name="front-1", provider=PROVIDER, public_key=key, resources=["other_resource"]
    )
    with pytest.raises(BatchNotTaken, match="没有登记资源"):
        api.take_batch_file(path)
    api.stop_agent(owner(), name="front-1")
    with pytest.raises(BatchNotTaken, match="停用"):
        api.take_batch_file(path)


def test_pieces_of_a_stranger_are_not_taken(tmp_path: Path, live_server: LiveServer) -> None:
    front = Front(tmp_path, where=f'hub = "{live_server.url}"')
    front.put(NUMBERS[0], "人0", 1)
    at_hub(front.settings)
    (tmp_path / "agent" / "key.pem").unlink()
    with pytest.raises(AgentRefused, match="签名不符"):
        one_pass(front.settings, over_http(live_server.url))
    assert api.batch_offset("front-1", 1) == (0, False)


def test_a_hub_that_cannot_be_reached_loses_nothing(tmp_path: Path, live_server: LiveServer) -> None:
    front = Front(tmp_path, where=f'hub = "{live_server.url}"')
    front.put(NUMBERS[0], "人0", 1)
    at_hub(front.settings)
    with pytest.raises(AgentRefused, match="下次续传"):
        one_pass(front.settings, over_http("http://127.0.0.1:9"))
    one_pass(front.settings, over_http(live_server.url), MOMENT + timedelta(minutes=5))
    assert list(names()) == ["人0"]


_KILLED = """
import os, sys
from pathlib import Path
from datetime import datetime, UTC
from onecity.hubs.catalog.edge import agent, sending
place, outbox = sys.argv[1], Path(sys.argv[3])
if place == "after-batch-file":
    whole = agent.write_batch
    def write(*given):
        whole(*given)
        os.kill(os.getpid(), 9)
    agent.write_batch = write
gap = sending.through_gap(outbox)
def send(*given):
    gap(*given)
    if place == "after-sending":
        os.kill(os.getpid(), 9)
agent.Agent(agent.read_settings(Path(sys.argv[2])), send).run_once(datetime(2026, 6, 1, tzinfo=UTC))
"""


@pytest.mark.parametrize("place", ["after-batch-file", "after-sending"])
def test_kill_9_of_the_machine_loses_and_doubles_nothing(tmp_path: Path, place: str) -> None:
    front = Front(tmp_path, where='outbox = "outbox"')
    for n in range(5):
        front.put(NUMBERS[n], f"人{n}", 1)
    at_hub(front.settings)
    outbox = tmp_path / "outbox"
    killed = subprocess.run([sys.executable, "-c", _KILLED, place, str(front.settings), str(outbox)], check=False)
    assert killed.returncode == -9
    one_pass(front.settings, through_gap(outbox), MOMENT)
    said = api.take_folder(outbox)
    assert not [line for line in said if "拒收" in line], said
    assert len(names()) == 5
    assert api.reconciliations(owner())[0].matches


def test_a_front_database_that_is_down_is_named_without_its_address(tmp_path: Path) -> None:
    front = Front(tmp_path, where='outbox = "outbox"')
    front.run("ALTER TABLE person RENAME TO gone")
    said: list[str] = []
    machine = Agent(read_settings(front.settings), through_gap(tmp_path / "outbox"))
    machine.run_once(MOMENT, say=said.append)
    machine.close()
    assert "户籍前置库" in said[0]
    assert "sqlite:" not in " ".join(said)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("name = 1 2", "无法读取"), ('name = "a"', "source"), ('name = "a"\nhub = "h"\noutbox = "o"\nsource = []', "其中之一"),
        ('name = "a"\nhub = "h"\n[[source]]\nresource = "r"\ndsn = "d"\ntable = "t"\nwatermark = "w"\ncolumns = {a = "b"}', "主键"),
    ],
)  # fmt: skip
def test_settings_that_cannot_be_right_are_refused(tmp_path: Path, text: str, word: str) -> None:
    (tmp_path / "a.toml").write_text(text, "utf-8")
    with pytest.raises(AgentRefused, match=word):
        read_settings(tmp_path / "a.toml")


def test_the_machine_needs_no_django() -> None:
    code = (
        "import sys, onecity.hubs.catalog.edge.agent, onecity.hubs.catalog.edge.sending; print('django' in sys.modules)"
    )
    assert json.loads(subprocess.check_output([sys.executable, "-c", code]).decode().strip().lower()) is False
