"""The embedded server's life: born private, adopted, stopped without a trace, never mistaken."""

import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from onecity.site import configuration as settings
from onecity.site import postgres
from onecity.site.postgres.binaries import found_binaries
from onecity.site.postgres.place import locate

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="PostgreSQL is launched on Unix only")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "home"
    yield folder
    (folder / "postgres.id").unlink(missing_ok=True)
    postgres.erase(folder)


def _servers(home: Path) -> list[psutil.Process]:
    data = str(locate(home).data)
    found = []
    for process in psutil.process_iter(["cmdline", "status"]):
        if process.info["status"] != psutil.STATUS_ZOMBIE and data in (process.info["cmdline"] or []):
            found.append(process)
    return found


def _row_count(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM kept").fetchone()
    assert row is not None
    return int(row[0])


def test_answers_in_utf8_without_network_port(home: Path) -> None:
    address = postgres.ensure_running(home)
    with psycopg.connect(address.url) as connection:
        shown = connection.execute(
            "SELECT current_setting('server_encoding'), current_setting('listen_addresses'), current_setting('fsync')"
        ).fetchone()
    assert shown == ("UTF8", "", "on")


def test_server_outlives_its_killed_parent_and_is_adopted(home: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from onecity.site import postgres\n"
        "print(postgres.ensure_running(Path(sys.argv[1])).url, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", program, str(home)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    url = parent.stdout.readline().strip()
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    address = postgres.ensure_running(home)
    assert address.adopted
    assert _row_count(address.url) == 1


def test_killed_server_is_started_again_and_keeps_its_rows(home: Path) -> None:
    address = postgres.ensure_running(home)
    with psycopg.connect(address.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
    for server in _servers(home):
        server.kill()
    again = postgres.ensure_running(home)
    assert not again.adopted
    assert _row_count(again.url) == 1


def test_pid_of_a_stranger_does_not_block_the_start(home: Path) -> None:
    postgres.ensure_running(home)
    pid_file = locate(home).data / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    postgres.stop(home)
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]))
    assert not postgres.ensure_running(home).adopted


def test_stop_leaves_nothing_behind(home: Path) -> None:
    postgres.ensure_running(home)
    assert _servers(home)
    assert postgres.stop(home)
    assert _servers(home) == []
    assert not (locate(home).run / ".s.PGSQL.5432").exists()
    assert not postgres.stop(home)


def test_erase_removes_the_files(home: Path) -> None:
    postgres.ensure_running(home)
    postgres.erase(home)
    assert not locate(home).folder.exists()
    assert not postgres.status(home).initialised


def test_two_starts_at_once_give_one_server(home: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from onecity.site import postgres\n"
        "postgres.ensure_running(Path(sys.argv[1]))"
    )
    starters = [subprocess.Popen([sys.executable, "-c", program, str(home)]) for _ in range(2)]
    assert [starter.wait() for starter in starters] == [0, 0]
    assert len(_servers(home)) == 1


def test_newer_data_folder_is_refused_with_a_sentence(home: Path) -> None:
    postgres.ensure_running(home)
    postgres.stop(home)
    version = locate(home).data / "PG_VERSION"
    made_by = version.read_text()
    version.write_text("99\n")
    with pytest.raises(postgres.PostgresError, match=r"made by a newer PostgreSQL \(99\)"):
        postgres.ensure_running(home)
    version.write_text(made_by)


def test_password_is_required(home: Path) -> None:
    postgres.ensure_running(home)
    with pytest.raises(psycopg.OperationalError, match="no password supplied"):
        psycopg.connect(host=str(locate(home).run), user="city", dbname="onecity", password="")


def test_folders_are_private(home: Path) -> None:
    postgres.ensure_running(home)
    place = locate(home)
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (place.run, place.data, place.password_file)]
    assert modes == [0o700, 0o700, 0o600]


def test_parents_keep_their_modes(home: Path) -> None:
    home.parent.chmod(0o700)
    postgres.ensure_running(home)
    assert stat.S_IMODE(home.parent.stat().st_mode) == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to lend an account")
def test_root_lends_an_unprivileged_account(home: Path) -> None:
    postgres.ensure_running(home)
    assert [server.uids().real for server in _servers(home)] == [locate(home).account.uid]
    assert locate(home).account.uid != 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to lend an account")
def test_programs_out_of_reach_are_copied(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hidden = tmp_path / "hidden"
    package = found_binaries()[0].folder.parents[1]
    shutil.copytree(package, hidden / package.name, symlinks=True)
    shutil.copytree(package.with_name(f"{package.name}.libs"), hidden / f"{package.name}.libs")
    hidden.chmod(0o700)
    monkeypatch.setenv("PG_BIN", str(hidden / package.name / "pginstall/bin"))
    settings.configuration.cache_clear()
    try:
        postgres.ensure_running(home)
        copied = [Path(server.exe()) for server in _servers(home)]
        assert copied
        assert all(path.is_relative_to(locate(home).folder) for path in copied)
        assert stat.S_IMODE(hidden.stat().st_mode) == 0o700
    finally:
        postgres.stop(home)
        settings.configuration.cache_clear()


def test_a_lost_home_folder_is_not_silently_replaced(home: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("without root the database lies inside the home folder")
    postgres.ensure_running(home)
    postgres.stop(home)
    (home / "postgres.id").unlink()
    with pytest.raises(postgres.PostgresError, match="that is gone"):
        postgres.ensure_running(home)


def test_database_of_tests_whose_home_is_gone_is_made_anew(home: Path) -> None:
    address = postgres.ensure_running(home, profile=postgres.Profile.TEST)
    with psycopg.connect(address.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
    shutil.rmtree(home)
    again = postgres.ensure_running(home, profile=postgres.Profile.TEST)
    with psycopg.connect(again.url) as connection, pytest.raises(psycopg.errors.UndefinedTable):
        connection.execute("SELECT count(*) FROM kept")


def test_long_path_still_gets_a_private_short_socket_folder(tmp_path: Path) -> None:
    long_home = tmp_path / ("long-" * 20)
    try:
        postgres.ensure_running(long_home)
        assert len(str(locate(long_home).run)) <= 85
        assert stat.S_IMODE(locate(long_home).run.stat().st_mode) == 0o700
    finally:
        postgres.erase(long_home)
