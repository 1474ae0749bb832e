"""The twin by itself: data, token, latency, quota, outage, garbage, sources switched off."""

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from onecity.simcity.twin.behaviour import Behaviour, configure, local_token, read_behaviour
from onecity.simcity.twin.server import Twin
from onecity.simcity.twin.store import Store, build

NUMBER = "370299199003070010"
TABLE = pa.table(
    {
        "citizen_number": [NUMBER, None],
        "name": ["王一", "无号"],
        "settlement_date": ["2015-01-02", ""],
        "from": ["甲", "乙"],
    }
)


def references(numbers: Sequence[str]) -> list[str]:
    return [f"ref-{number[-4:]}" for number in numbers]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    build(tmp_path, {"household_register": TABLE}, as_of=datetime(2026, 6, 1, tzinfo=UTC), references=references)
    configure(tmp_path, Behaviour(latency=(0, 0)))
    return tmp_path


def ask(twin: Twin, home: Path, path: str = "/v1/household_register", *, ref: str = "ref-0010", fields: str = "name",
        method: str = "GET", body: object = None, token: str | None = None) -> tuple[int, Any]:  # fmt: skip
    bearer = f"Bearer {local_token(home) if token is None else token}"
    raw = json.dumps(body).encode() if body is not None else b""
    query = f"key=citizen_number&ref={ref}&fields={fields}"
    status, content = asyncio.run(twin.handle(method, path, query, bearer, raw))
    try:
        return status, json.loads(content)
    except ValueError:
        return status, content


def test_rows_are_found_by_reference(home: Path) -> None:
    status, content = ask(Twin(home), home, fields="name,from,citizen_number")
    assert status == 200
    assert content == {
        "rows": [
            {
                "name": "王一",
                "from": "甲",
                "citizen_number_ref": "ref-0010",
                "citizen_number_mask": "370299********0010",
            }
        ],
        "as_of": "2026-06-01T00:00:00+00:00",
    }


def test_no_bare_number_is_kept(home: Path) -> None:
    assert NUMBER.encode() not in (home / "twin" / "household_register.sqlite").read_bytes()


def test_an_unknown_person_has_no_rows(home: Path) -> None:
    assert ask(Twin(home), home, ref="nobody")[1]["rows"] == []


@pytest.mark.parametrize(
    ("path", "fields"), [("/v1/unknown", "name"), ("/v1/household_register", "salary"), ("/v1/../x", "name")]
)
def test_unknown_sources_and_fields_are_not_found(home: Path, path: str, fields: str) -> None:
    assert ask(Twin(home), home, path, fields=fields)[0] == 404


def test_without_the_token_nothing_is_told(home: Path) -> None:
    assert ask(Twin(home), home, token="wrong")[0] == 401
    assert ask(Twin(home), home, "/control", method="POST", body={}, token="")[0] == 401


def test_a_source_is_switched_off_and_on(home: Path) -> None:
    twin = Twin(home)
    ask(twin, home, "/control", method="POST", body={"down": ["household_register"]})
    assert ask(twin, home)[0] == 503
    ask(twin, home, "/control", method="POST", body={"down": []})
    assert ask(twin, home)[0] == 200


def test_behaviour_survives_a_restart(home: Path) -> None:
    ask(Twin(home), home, "/control", method="POST", body={"quota": 5, "latency": [0, 0.1]})
    assert read_behaviour(home).quota == 5
    assert read_behaviour(home).latency == (0, 0.1)


def test_the_quota_of_a_day_ends(home: Path) -> None:
    configure(home, Behaviour(latency=(0, 0), quota=2))
    twin = Twin(home)
    assert [ask(twin, home)[0] for _ in range(3)] == [200, 200, 429]


def test_the_nightly_outage_says_when_it_ends(home: Path) -> None:
    configure(home, Behaviour(latency=(0, 0), outage=True))
    late = Twin(home, clock=lambda: datetime(2026, 6, 19, 15, 0, tzinfo=UTC))
    status, content = ask(late, home)
    assert status == 503
    assert content["expected_at"] == "2026-06-20T08:00:00+08:00"


def test_garbage_is_no_json(home: Path) -> None:
    configure(home, Behaviour(latency=(0, 0), garbage=frozenset({"*"})))
    assert isinstance(ask(Twin(home), home)[1], bytes)


@pytest.mark.parametrize("wish", [{"latency": [3, 1]}, {"speed": 9}, {"latency": "fast"}, []])
def test_a_wrong_wish_is_refused(home: Path, wish: object) -> None:
    assert ask(Twin(home), home, "/control", method="POST", body=wish)[0] == 422


def test_the_same_question_takes_the_same_time() -> None:
    behaviour = Behaviour()
    assert behaviour.wait_for("a", "r") == behaviour.wait_for("a", "r") != behaviour.wait_for("a", "s")
    assert 1 <= behaviour.wait_for("a", "r") <= 3


def test_new_data_are_seen_without_a_restart(home: Path) -> None:
    store = Store(home)
    store.answer("household_register", "citizen_number", "ref-0010", ["name"])
    build(home, {"household_register": TABLE.set_column(1, "name", [["王壹", "无号"]])}, references=references)
    assert store.answer("household_register", "citizen_number", "ref-0010", ["name"])[0] == [{"name": "王壹"}]
    store.close()
