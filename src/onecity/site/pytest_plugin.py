"""Gives every test run a PostgreSQL, before Django reads its settings.

Owns: an embedded server on a fast, unsafe profile, shared by the runs of one checkout and stopped by the last of them.
Refuses: to touch the database of `onecity run`; with DATABASE_URL set it uses that server instead.
"""

import atexit
import contextlib
import fcntl
import os
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit, urlunsplit

import psutil
import psycopg
import pytest
from psycopg import sql

from onecity.site import postgres
from onecity.site.configuration import use_database


def _with_database(url: str, name: str) -> str:
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, "/" + name, parts.query, ""))


def _drop_left_behind(url: str) -> None:
    """Remove test databases of runs that were killed; a live run's databases carry its process number."""
    with psycopg.connect(_with_database(url, "postgres"), autocommit=True) as connection:
        names = connection.execute(r"SELECT datname FROM pg_database WHERE datname LIKE 'test\_onecity\_%'").fetchall()
        for (name,) in names:
            owner = name.split("_")[2]
            if owner.isdigit() and not psutil.pid_exists(int(owner)):
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _leave(home: Path, seat: IO[str]) -> None:
    """The last run to leave turns off the light."""
    with seat, contextlib.suppress(BlockingIOError):
        fcntl.flock(seat, fcntl.LOCK_EX | fcntl.LOCK_NB)
        postgres.stop(home)


def _start(root: Path) -> None:
    home = root / "test"
    home.mkdir(parents=True, exist_ok=True)
    os.environ["ONECITY_HOME"] = str(home)
    seat = (home / "pytest.lock").open("w")
    fcntl.flock(seat, fcntl.LOCK_SH)  # blocks only while the last run stops the server
    atexit.register(_leave, home, seat)
    address = postgres.ensure_running(home, profile=postgres.Profile.TEST)
    _drop_left_behind(address.url)
    use_database(_with_database(address.url, f"onecity_{os.getpid()}"))


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: Any) -> None:
    """Before pytest-django imports the settings; workers of xdist inherit the address from their parent."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    given = os.environ.get("DATABASE_URL")
    if given:
        use_database(_with_database(given, f"onecity_{os.getpid()}"))
    else:
        _start(Path(os.environ.get("ONECITY_HOME", early_config.rootpath / ".onecity")).absolute())
