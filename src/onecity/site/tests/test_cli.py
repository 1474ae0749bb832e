"""The `onecity` command: quick, quiet about secrets, plain when something is wrong."""

import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg

from onecity.site import postgres, snapshot


def _onecity(home: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return subprocess.run(
        [sys.executable, "-m", "onecity.site", *arguments],
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=inherited | {"ONECITY_HOME": str(home), **variables},
    )


def test_the_door_opens_without_django(tmp_path: Path) -> None:
    program = "import sys, onecity.site.cli; print('django' in sys.modules, 'psycopg' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["False", "False"]


def test_a_wrong_setting_is_one_sentence(tmp_path: Path) -> None:
    done = _onecity(tmp_path, "settings", PORT="eight")
    assert done.returncode == 2
    assert done.stderr.strip() == "onecity: PORT='eight' is not a whole number from 1 to 65535. Correct or unset PORT."


def test_settings_hide_secrets(tmp_path: Path) -> None:
    done = _onecity(tmp_path, "settings", "--json", SECRET_KEY="s" * 40)
    assert json.loads(done.stdout)["SECRET_KEY"] == "(set)"
    assert "s" * 40 not in done.stdout


def test_doctor_finds_open_secrets_and_says_the_mend(tmp_path: Path) -> None:
    _onecity(tmp_path, "settings")
    (tmp_path / "secrets/secret_key").chmod(0o644)
    done = _onecity(tmp_path, "doctor", "--json")
    findings = {finding["subject"]: finding for finding in json.loads(done.stdout)["findings"]}
    assert done.returncode == 1
    assert findings["Secrets"]["grade"] == "bad"
    assert findings["Secrets"]["mend"].startswith("chmod 600")


def test_database_by_hand(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert _onecity(home, "db", "status").returncode == 3
    started = _onecity(home, "db", "start")
    assert "city:***@" in started.stdout
    assert json.loads(_onecity(home, "db", "status", "--json").stdout)["running"]
    assert _onecity(home, "db", "stop").stdout.strip() == "stopped"
    assert _onecity(home, "db", "erase", "--yes").stdout.strip() == "erased"


def test_unknown_bench_names_the_known_ones(tmp_path: Path) -> None:
    done = _onecity(tmp_path, "bench", "nothing")
    assert done.returncode == 2
    assert "there is no bench" in done.stderr


def test_a_reset_brings_the_first_day_back(tmp_path: Path) -> None:
    address = postgres.ensure_running(tmp_path, profile=postgres.Profile.TEST)
    try:
        with psycopg.connect(address.url) as connection:
            connection.execute("CREATE TABLE day AS SELECT 1 AS number")
        snapshot.take(address.url)
        open_elsewhere = psycopg.connect(address.url, autocommit=True)
        open_elsewhere.execute("INSERT INTO day VALUES (2)")
        snapshot.restore(address.url)
        open_elsewhere.close()
        with psycopg.connect(address.url) as connection:
            assert connection.execute("SELECT number FROM day").fetchall() == [(1,)]
    finally:
        postgres.erase(tmp_path)


def test_a_reset_without_first_day_says_so(tmp_path: Path) -> None:
    done = _onecity(tmp_path / "home", "demo", "reset")
    postgres.erase(tmp_path / "home")
    assert done.returncode == 2
    assert "no first day" in done.stderr
