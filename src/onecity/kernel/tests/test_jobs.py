"""Jobs: enqueued with their transaction, run by a worker, run again when the worker is killed."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection, transaction

from onecity.kernel import jobs
from onecity.kernel.jobs import backlog, claim_next, defer_named

WORKER = """
import sys, time
from onecity.site.bootstrap import wake_django
wake_django()
from onecity.kernel import jobs
from onecity.site.worker import run_worker

@jobs.task(name="test.note")
def note(path, pause):
    with open(path, "a") as out:
        out.write("x")
    if pause and open(path).read() == "x":
        time.sleep(60)

run_worker()
"""


def _address() -> str:
    given = connection.get_connection_params()
    user, password = quote(str(given.get("user", ""))), quote(str(given.get("password") or ""))
    host = str(given.get("host") or "")
    where = f"@{host}:{given.get('port', 5432)}" if not host.startswith("/") else "@"
    query = f"?host={quote(host, safe='')}&port={given.get('port', 5432)}" if host.startswith("/") else ""
    return f"postgresql://{user}:{password}{where}/{given['dbname']}{query}"


@contextmanager
def worker() -> Iterator["subprocess.Popen[bytes]"]:
    """A real worker process on this test's database."""
    process = subprocess.Popen([sys.executable, "-c", WORKER], env={**os.environ, "DATABASE_URL": _address()})
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)


def _until(reached: Callable[[], bool], seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < end, "the worker did not get there"
        time.sleep(0.1)


def _written(path: Path) -> str:
    return path.read_text() if path.exists() else ""


@pytest.mark.django_db(transaction=True)
def test_a_job_is_there_when_its_transaction_is() -> None:
    with transaction.atomic():
        defer_named("service.prefill", application_id="1")
        transaction.set_rollback(True)
    assert (backlog(), claim_next()) == (0, None)
    with transaction.atomic():
        defer_named("service.prefill", application_id="2")
    job = claim_next()
    assert job is not None
    assert (job.task_name, job.arguments) == ("service.prefill", {"application_id": "2"})
    job.finish()
    assert backlog() == 0


@pytest.mark.django_db(transaction=True)
def test_a_job_taken_by_one_is_not_taken_by_another() -> None:
    defer_named("service.prefill", application_id="1")
    assert claim_next() is not None
    assert claim_next() is None


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_job_of_a_killed_worker_runs_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    note = tmp_path / "note"
    defer_named("test.note", path=str(note), pause=True)
    with worker() as first:
        _until(lambda: _written(note) == "x")
        first.kill()
        first.wait(10)
    assert jobs.rescue_stalled() == 0
    monkeypatch.setattr(jobs, "STALLED_SECONDS", 0)
    assert jobs.rescue_stalled() >= 1  # and whatever else the killed worker had begun
    with worker():
        _until(lambda: _written(note) == "xx" and backlog() == 0)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_job_of_a_living_worker_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    note = tmp_path / "note"
    defer_named("test.note", path=str(note), pause=True)
    with worker():
        _until(lambda: _written(note) == "x")
        monkeypatch.setattr(jobs, "STALLED_SECONDS", 12)
        assert jobs.rescue_stalled() == 0
    assert _written(note) == "x"
