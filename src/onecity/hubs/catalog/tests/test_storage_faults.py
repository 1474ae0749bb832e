"""Disk full, killed in the middle, two at once: the version before serves, each publisher gets one number, nothing half is seen."""

import os
import resource
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.conf import settings
from django.db import connection, connections

from onecity.hubs.catalog import api
from onecity.hubs.catalog.adapters import lake
from onecity.hubs.catalog.contracts import Permission
from onecity.hubs.catalog.errors import StorageFull
from onecity.hubs.catalog.models import Resource, Version
from onecity.hubs.catalog.testkit import PROVIDER, deliver, publish
from onecity.hubs.identity.testkit import citizen_number, staff
from onecity.hubs.support import api as support
from onecity.hubs.support.contracts import Permission as Support
from onecity.kernel.actor import Actor

pytestmark = pytest.mark.django_db(transaction=True)

DAY = datetime(2026, 6, 1, tzinfo=UTC)


def big(path: Path, rows: int = 60_000) -> Path:
    names = [f"人{n:06d}{os.urandom(8).hex()}" for n in range(rows)]
    pq.write_table(pa.table({"number": [citizen_number(n % 900 + 1) for n in range(rows)], "name": names}), path)
    return path


def names() -> list[str]:
    found = api.version_file(staff([Permission.RECEIVE], organisation=PROVIDER), resource="test_resource")
    return [str(name) for name in pq.read_table(found.path).column("name").to_pylist()]


def test_a_full_disk_is_said_and_the_version_before_serves(tmp_path: Path) -> None:
    publish()
    deliver("test_resource", [{"number": citizen_number(1), "name": "王一"}])
    path = big(tmp_path / "big.parquet")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, before[1]))
        with pytest.raises(StorageFull):
            api.receive_file(Actor.system("catalog"), resource="test_resource", path=path, as_of=DAY)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    assert names() == ["王一"]
    assert api.receive_file(Actor.system("catalog"), resource="test_resource", path=path, as_of=DAY).version == 2


_TAKEN = """
import sys, django
django.setup()
from datetime import datetime, UTC
from pathlib import Path
from onecity.hubs.catalog import api
from onecity.hubs.support import api as support
from onecity.hubs.support.contracts import Permission as Support
from onecity.kernel.actor import Actor
print("begun", flush=True)
api.receive_file(Actor.system("catalog"), resource="test_resource", path=Path(sys.argv[1]), as_of=datetime(2026, 6, 1, tzinfo=UTC))
"""


def test_kill_9_in_the_middle_leaves_the_version_before_and_no_half_file(tmp_path: Path) -> None:
    publish()
    deliver("test_resource", [{"number": citizen_number(1), "name": "王一"}])
    path = big(tmp_path / "big.parquet", 150_000)
    parameters = connection.get_connection_params()
    address = "postgresql://{user}:{password}@/{dbname}?host={host}&port={port}".format(
        **{"port": "", "password": "", **parameters}
    )
    variables = {**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "onecity.site.django_settings"}
    worker = subprocess.Popen([sys.executable, "-c", _TAKEN, str(path)], env=variables, stdout=subprocess.PIPE)
    assert worker.stdout is not None
    worker.stdout.readline()
    time.sleep(0.3)
    worker.kill()
    worker.wait()
    held = {version.number: version.file for version in Version.objects.filter(resource__key="test_resource")}
    assert all(lake.absolute(file).exists() for file in held.values())
    assert api.resource("test_resource").version == max(held)
    assert len(names()) in (1, 150_000)
    assert (
        api.receive_file(Actor.system("catalog"), resource="test_resource", path=path, as_of=DAY).version
        == max(held) + 1
    )


def test_two_publishers_at_once_get_one_number_each(tmp_path: Path) -> None:
    publish()
    paths = [big(tmp_path / f"{n}.parquet", 3_000) for n in range(4)]
    found: list[int] = []

    def take(path: Path) -> None:
        try:
            found.append(
                api.receive_file(Actor.system("catalog"), resource="test_resource", path=path, as_of=DAY).version
            )
        finally:
            connections.close_all()

    threads = [threading.Thread(target=take, args=(path,)) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [1, 2, 3, 4]
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT _version FROM catalog_data.test_resource")
        assert cursor.fetchall() == [(4,)]


def test_the_sweep_removes_what_nobody_needs_and_nothing_else() -> None:
    publish()
    for _ in range(12):
        deliver("test_resource", [{"number": citizen_number(1), "name": "王一"}])
    orphan = lake.drafts() / "0-killed.parquet"
    orphan.write_bytes(b"half")
    others = {path for path in (Path(settings.ONECITY_HOME) / "lake").rglob("*") if "test_resource" not in str(path)}
    os.utime(orphan, (1, 1))
    for version in Version.objects.filter(resource__key="test_resource"):
        os.utime(lake.absolute(version.file), (1, 1))
    first = Version.objects.get(resource__key="test_resource", number=1).file
    api.sweep_lake(safe_seconds=3600)
    assert not orphan.exists()
    assert not lake.absolute(first).exists()
    assert len(names()) == 1
    assert Version.objects.filter(resource__key="test_resource").count() == 12
    assert all(path.exists() for path in others - {orphan} if path.suffix == ".lock")


def test_late_data_raise_one_alarm_that_ends_when_they_arrive() -> None:
    publish(update_cycle="weekly")
    deliver("test_resource", [{"number": citizen_number(1), "name": "王一"}], as_of=datetime(2020, 1, 1, tzinfo=UTC))
    steward = staff([Support.MESSAGE_READ], organisation=PROVIDER)
    Resource.objects.filter(key="test_resource").update(steward=steward.account_id)
    assert api.announce_lateness() >= 1
    api.announce_lateness()
    owner = staff([Permission.RECEIVE], organisation=PROVIDER)
    (told,) = support.messages(steward).items
    assert told.title == "测试资源test_resource逾期未更新", "one message, though the job ran twice"
    (late,) = [one for one in api.lateness(owner) if one.resource == "test_resource"]
    assert late.work_item is not None
    deliver("test_resource", [{"number": citizen_number(1), "name": "王一"}], as_of=datetime.now(UTC))
    assert not [one for one in api.lateness(owner) if one.resource == "test_resource"]


def test_unique_and_reference_rules_hold_rows_back_and_keep_the_first() -> None:
    publish("people", pack="people", code="307001/3")
    deliver("people", [{"number": citizen_number(1), "name": "在册"}])
    publish(fields=(
        {"name": "number", "label": "身份证号码", "type": "citizen_number", "required": True,
         "quality": [{"kind": "unique"}, {"kind": "reference", "params": {"resource": "people", "field": "number"}}]},
        {"name": "name", "label": "姓名"},
    ))  # fmt: skip
    rows = [{"number": citizen_number(1), "name": f"甲{n}"} for n in range(2)] + [{"number": "坏", "name": "乙"}]
    refused = deliver("test_resource", [*rows, {"number": citizen_number(2), "name": "丙"}])
    assert not refused.accepted
    found = api.quarantined(staff([Permission.RECEIVE], organisation=PROVIDER), refused.id).items
    assert [one.position for one in found] == [2, 3, 4]
    good = deliver(
        "test_resource",
        [{"number": citizen_number(1), "name": "甲0"}] * 2 + [{"number": citizen_number(1), "name": "x"}],
    )
    assert not good.accepted  # two of three are repetitions: more than three in ten
