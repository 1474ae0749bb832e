"""Start, adopt, stop and erase the one server of a home folder."""

import os
import shutil
import time
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
from psycopg import errors as pg
from psycopg import sql

from onecity.site.postgres.account import run_as
from onecity.site.postgres.binaries import Binaries, choose_binaries, executable_copy
from onecity.site.postgres.errors import PostgresError
from onecity.site.postgres.place import Place, is_bound_elsewhere, locate, locked, prepare
from onecity.site.postgres.profile import Profile, server_settings

__all__ = ["DatabaseAddress", "Status", "ensure_running", "erase", "status", "stop"]

_OWNER = "city"
_DATABASE = "onecity"
_START_SECONDS = 90


@dataclass(frozen=True)
class DatabaseAddress:
    """Where the database answers. `url` holds the password: show `shown` to people."""

    url: str
    shown: str
    adopted: bool


@dataclass(frozen=True)
class Status:
    """What is known about the server of a home folder without touching it."""

    running: bool
    initialised: bool
    version: int | None
    folder: Path
    log: Path
    account: str


class _Answer(Enum):
    YES = "it answers"
    STARTING = "it starts or recovers"
    NO = "nobody answers"


def _connect(place: Place, database: str = "postgres") -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(
        host=str(place.run), user=_OWNER, password=place.password, dbname=database, connect_timeout=5, autocommit=True
    )


def _answer(place: Place) -> _Answer:
    """A connection is the only proof of life: the pid may be a zombie's or a stranger's."""
    if not (place.run / ".s.PGSQL.5432").exists():
        return _Answer.NO
    try:
        _connect(place).close()
    except pg.CannotConnectNow:
        return _Answer.STARTING
    except psycopg.OperationalError as error:
        if "password authentication failed" in str(error):
            raise PostgresError(
                f"The database refuses the password in {place.password_file}. Restore that file from the backup."
            ) from error
        return _Answer.STARTING if "starting up" in str(error) else _Answer.NO
    return _Answer.YES


def _wait(place: Place, seconds: float) -> _Answer:
    end = time.monotonic() + seconds
    answer = _answer(place)
    while answer is _Answer.STARTING and time.monotonic() < end:
        time.sleep(0.1)
        answer = _answer(place)
    return answer


def _initialise(place: Place, binaries: Binaries) -> None:
    draft = place.run / "data.draft"
    shutil.rmtree(draft, ignore_errors=True)
    words = place.run / "initdb.password"
    words.unlink(missing_ok=True)
    words.touch(mode=0o600)
    words.write_text(place.password, encoding="ascii")
    place.account.own(words)
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    if binaries.major < 17:
        locale = ["--locale=C.UTF-8"]
    access = ["-A", "scram-sha-256", f"--pwfile={words}"]
    try:
        with (place.run / "initdb.log").open("wb") as log:
            code = run_as(
                place.account,
                [binaries.program("initdb"), "-D", draft, "-U", _OWNER, "-E", "UTF8", *locale, *access],
                output=log,
            )
    finally:
        words.unlink()
    if code != 0:
        raise PostgresError(f"PostgreSQL could not make its data folder. {_last_words(place.run / 'initdb.log')}")
    with (draft / "postgresql.conf").open("a", encoding="utf-8") as configuration:
        configuration.write("\ninclude_if_exists = 'onecity.conf'\n")
    _move(draft, place)


def _move(draft: Path, place: Place) -> None:
    """Only a finished data folder gets its final name; a half-made one is never mistaken for data."""
    if os.stat(draft).st_dev == os.stat(place.folder).st_dev:
        draft.rename(place.data)
        return
    shutil.copytree(draft, place.folder / "data.draft", symlinks=True)
    (place.folder / "data.draft").chmod(0o700)
    shutil.rmtree(draft)
    (place.folder / "data.draft").rename(place.data)


def _last_words(log: Path) -> str:
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-4:]
    except OSError:
        return ""
    return f"It said: {' / '.join(lines)} (whole text: {log})"


def _drop_stale_pid(place: Place) -> None:
    """After a reboot or in a container the recorded pid may be a zombie or belong to another program."""
    pid_file = place.data / "postmaster.pid"
    try:
        pid = int(pid_file.read_text(encoding="ascii").splitlines()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return
    if _is_our_server(pid, place):
        return
    pid_file.unlink(missing_ok=True)
    (place.run / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
    (place.run / ".s.PGSQL.5432").unlink(missing_ok=True)


def _is_our_server(pid: int, place: Place) -> bool:
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        return "postgres" in process.name() and Path(process.cwd()) == place.data.resolve()
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:
        return True


def _start(place: Place, binaries: Binaries, profile: Profile) -> None:
    _drop_stale_pid(place)
    statistics = any(binaries.folder.parent.glob("lib/**/pg_stat_statements.*"))
    included = place.data / "onecity.conf"
    included.write_text(server_settings(profile, place.run, statistics=statistics), encoding="utf-8")
    place.account.own(included)
    command: list[str | Path] = [
        binaries.program("pg_ctl"),
        "-D",
        place.data,
        "-l",
        place.log,
        "-w",
        "-t",
        str(_START_SECONDS),
        "start",
    ]
    code = run_as(place.account, command, timeout=_START_SECONDS + 30)
    if code != 0 and _wait(place, 10) is not _Answer.YES:
        # the shared memory of a killed server is freed when its last child has noticed, moments later
        time.sleep(2)
        code = run_as(place.account, command, timeout=_START_SECONDS + 30)
    if _wait(place, _START_SECONDS) is not _Answer.YES:
        raise PostgresError(f"PostgreSQL did not start (code {code}). {_last_words(place.log)}")


def _ensure_database(place: Place) -> None:
    with _connect(place) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [_DATABASE]).fetchone()
        if known is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(_DATABASE)))


def ensure_running(home: Path, profile: Profile = Profile.SAFE) -> DatabaseAddress:
    """A server that answers for this home: adopted if it lives, else started, made first if there is none.

    Returns its address. Raises PostgresError with a sentence. Takes about 0.7 s the first time, 0.2 s later.
    What tests left behind under this path is thrown away; any other database whose home is gone is refused.
    """
    home = home.absolute()
    with locked(home):
        if profile is Profile.TEST and is_bound_elsewhere(locate(home)):
            _remove(locate(home))
        place = prepare(locate(home))
        adopted = place.data_major is not None and _wait(place, _START_SECONDS) is _Answer.YES
        if not adopted:
            binaries = executable_copy(choose_binaries(place.data_major), place.account, place.folder)
            if place.data_major is None:
                _initialise(place, binaries)
            _start(place, binaries, profile)
        _ensure_database(place)
    place_query = f"host={quote(str(place.run), safe='/')}"
    return DatabaseAddress(
        url=f"postgresql://{_OWNER}:{quote(place.password, safe='')}@/{_DATABASE}?{place_query}",
        shown=f"postgresql://{_OWNER}:***@/{_DATABASE}?{place_query}",
        adopted=adopted,
    )


def stop(home: Path) -> bool:
    """Stop the server of this home and wait until it is gone. Returns False when none was running."""
    home = home.absolute()
    if not home.exists() and not locate(home).folder.exists():
        return False
    with locked(home):
        return _stop(locate(home))


def _stop(place: Place) -> bool:
    major = place.data_major
    if major is None:
        return False
    _drop_stale_pid(place)
    if not (place.data / "postmaster.pid").exists():
        return False
    binaries = executable_copy(choose_binaries(major), place.account, place.folder)
    for haste in ("fast", "immediate"):
        if run_as(place.account, [binaries.program("pg_ctl"), "-D", place.data, "-m", haste, "-w", "stop"]) == 0:
            return True
    raise PostgresError(f"PostgreSQL in {place.data} does not stop. {_last_words(place.log)}")


def erase(home: Path) -> bool:
    """Stop the server and delete its database for good. Returns False when there was nothing."""
    home = home.absolute()
    place = locate(home)
    if not place.folder.exists():
        return False
    with locked(home):
        _remove(locate(home))
    return True


def _remove(place: Place) -> None:
    _stop(place)
    shutil.rmtree(place.run, ignore_errors=True)
    shutil.rmtree(place.folder)
    (place.home / "postgres.id").unlink(missing_ok=True)


def status(home: Path) -> Status:
    """Look without touching: is it there, is it up, who runs it, where are its files."""
    place = locate(home)
    initialised = place.data_major is not None
    return Status(
        running=initialised and _answer(place) is _Answer.YES,
        initialised=initialised,
        version=place.data_major,
        folder=place.folder,
        log=place.log,
        account=place.account.name,
    )
