"""Features, levels and clusters of entity resolution, without a database. SQL and Python must agree on every level."""

from datetime import date
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from onecity.codes.checks import citizen_check
from onecity.hubs.registers.adapters.feature_columns import feature_table
from onecity.hubs.registers.rules.resolution.clustering import Refusal, cluster
from onecity.hubs.registers.rules.resolution.features import COLUMNS, features, name_of, number_of
from onecity.hubs.registers.rules.resolution.levels import COMPARISONS, MISSING, keys_of, levels_of


def _made(body: str) -> str:
    return body + citizen_check(body)


FIRST = {
    "number": _made("37029919800307001"), "name": "王小伟", "birth_date": date(1980, 3, 7), "sex": "男",
    "phone": "13800001234", "address": "山东省青岛市市南区听霞路12号3号楼2单元501户",
}  # fmt: skip
NUMBER, NAME, BIRTH, SEX, CONTACT = range(5)


def _level(place: int, **changed: Any) -> str:
    level = levels_of(features(FIRST), features(FIRST | changed))[place]
    said = COMPARISONS[place].level(level)
    return "missing" if said is None else said.words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("370299198003070016", "号码相同，校验位正确"),
        ("３７０２９９19800307001 6", "号码相同，校验位正确"),
        ("370299800307001", "号码相同，校验位正确"),
        ("370299198003070061", "差一位或相邻两位颠倒，且至少一方校验不符"),
        ("370299198003970016", "差一位或相邻两位颠倒，且至少一方校验不符"),
        ("370299199003070010", "两个有效号码不同"),
        ("370299199003079999", "号码不同，至少一方校验不符"),
        ("", "missing"),
        (None, "missing"),
    ],
)
def test_levels_of_numbers(number: str | None, words: str) -> None:
    assert _level(NUMBER, number=number) == words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("王小偉", "姓名相同（繁简、异体已统一）"),
        ("王 小 伟", "姓名相同（繁简、异体已统一）"),
        ("王晓玮", "读音相同"),
        ("WANG XIAOWEI", "读音相同"),
        ("王小?", "生僻字缺字，其余相同"),
        ("王小\ue5e5", "生僻字缺字，其余相同"),
        ("小伟王", "姓与名次序颠倒"),
        ("王小刚", "差一个字"),
        ("王伟", "差一个字"),
        ("王建国", "仅姓氏读音相同"),
        ("李建国", "姓名不同"),
        ("", "missing"),
        ("?", "姓名不同"),
    ],
)
def test_levels_of_names(name: str, words: str) -> None:
    assert _level(NAME, name=name) == words


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("张𬭎", "张鋐", "text"),
        ("李𬱖", "李頔", "text"),
        ("欧陽䶮", "欧阳龑", "text"),
        ("周𠅤", "周希", "sound"),
        ("赵㛃", "赵洁", "sound"),
    ],
)
def test_rare_characters_meet_their_other_forms(one: str, other: str, same: str) -> None:
    assert getattr(name_of(one), same) == getattr(name_of(other), same)


@pytest.mark.parametrize(
    ("birth", "words"),
    [
        ("1980-03-07", "出生日期相同"), ("1981-03-07", "出生日期差一项或相差不过一个月"), ("1980-07-03", "出生日期不同"),
        ("1980-03-17", "出生日期差一项或相差不过一个月"), ("1980-04-02", "出生日期差一项或相差不过一个月"),
        ("1955-01-01", "出生日期不同"), ("不详", "出生日期相同"),
    ],
)  # fmt: skip
def test_levels_of_birth_dates_and_what_a_number_tells(birth: str, words: str) -> None:
    assert _level(BIRTH, birth_date=birth) == words


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, "电话和住址都相同"),
        ({"address": "青岛市南区听霞路１２号3#2-501室"}, "电话和住址都相同"),
        ({"phone": "13900000000"}, "住址相同"),
        ({"address": "李沧区甲路1号"}, "电话相同"),
        ({"phone": "13800001243", "address": None}, "电话差一位"),
        ({"phone": None, "address": "听霞路 12号"}, "同一门牌"),
        ({"phone": None, "address": None}, "missing"),
    ],
)
def test_levels_of_contact(changed: dict[str, Any], words: str) -> None:
    assert _level(CONTACT, **changed) == words


def test_an_upgraded_number_was_never_checked() -> None:
    assert number_of("370299800307001").text == "370299198003070016"
    assert not number_of("370299800307001").sure


def test_twins_are_two_valid_numbers_and_one_character_apart() -> None:
    twin = features(FIRST | {"number": _made("37029919800307003"), "name": "王大伟"})
    levels = levels_of(features(FIRST), twin)
    assert COMPARISONS[NUMBER].levels[-1].words == "两个有效号码不同"
    assert (levels[NUMBER], levels[NAME], levels[BIRTH], levels[CONTACT]) == (0, 2, 2, 5)


@pytest.mark.parametrize(
    "hostile",
    [
        "\x00",
        "王\x00小伟",
        "👨‍👩‍👧‍👦" * 40,
        "王" * 100_000,
        "'; DROP TABLE person;--",
        "\ud800",
        "%s %(x)s {}",
        "\u202e倒写",
        "٣٧٠٢٩٩",
        "-1e999",
    ],
)
def test_hostile_values_never_fail(hostile: str) -> None:
    made = features(dict.fromkeys(FIRST, hostile))
    assert all(len(str(getattr(made, column))) < 500 for column in COLUMNS)
    assert levels_of(made, features(FIRST))
    assert len(keys_of(made)) <= 8


def test_values_of_other_types_count_as_missing() -> None:
    made = features({"number": 5, "name": None, "birth_date": 19800307, "sex": "X", "phone": 1, "address": ["a"]})
    assert keys_of(made) == []


def test_sql_and_python_agree_on_every_level(hard_copies: Any) -> None:
    records = hard_copies(700, 11)
    table = feature_table(records)
    connection = duckdb.connect()
    connection.register("f", table)
    cases = ", ".join(
        f"CASE WHEN {one.missing} THEN -1 "
        + " ".join(
            f"WHEN {level.sql} THEN {len(one.levels) - 1 - place}"
            for place, level in enumerate(one.levels)
            if level.sql != "ELSE"
        )
        + " ELSE 0 END"
        for one in COMPARISONS
    )
    sides = ", ".join(f"{side}.{column} AS {column}_{side}" for side in "lr" for column in ("row", *COLUMNS))
    found = connection.execute(
        f"WITH p AS (SELECT {sides} FROM f l JOIN f r ON l.row < r.row AND "
        "(l.birth = r.birth OR l.family = r.family OR l.gate = r.gate OR l.number[1:14] = r.number[1:14])) "
        f"SELECT row_l, row_r, {cases} FROM p USING SAMPLE 60000"
    ).fetchall()
    made = [features(row) for row in records.to_pylist()]
    seen: set[tuple[int, int]] = set()
    for left, right, *levels in found:
        assert tuple(levels) == levels_of(made[left], made[right]), (made[left], made[right])
        seen |= set(enumerate(levels))
    assert len(found) > 5_000
    assert len(seen) > 20


def test_bulk_features_are_the_single_record_s(hard_copies: Any) -> None:
    records = hard_copies(300, 12)
    rows = feature_table(records).to_pylist()
    for record, row in zip(records.to_pylist(), rows, strict=True):
        one = features(record)
        assert {column: row[column] or "" for column in COLUMNS if column not in ("sure", "wild")} == {
            column: getattr(one, column) for column in COLUMNS if column not in ("sure", "wild")
        }
        assert (row["sure"], row["wild"]) == (one.sure, one.wild)


def test_bulk_features_of_hostile_values() -> None:
    nasty = ["\x00", "👨‍👩‍👧‍👦", None, "王" * 5_000]
    columns = dict.fromkeys(("number", "name", "sex", "phone", "address"), nasty) | {"birth_date": [None] * 4}
    made = feature_table(pa.table(columns))
    assert made.num_rows == 4
    assert made["name"][2].as_py() is None


# numbers: -1 = none known; departments: bits; links heaviest first.
@pytest.mark.parametrize(
    ("numbers", "departments", "links", "labels", "reasons"),
    [
        ([1, -1], [1, 2], [(0, 1, 9.0)], [0, 0], []),
        ([1, 2], [1, 2], [(0, 1, 30.0)], [0, 1], [Refusal.NUMBERS]),
        ([1, -1, 2], [1, 2, 4], [(1, 2, 25.0), (0, 1, 20.0)], [0, 1, 1], [Refusal.NUMBERS]),
        ([-1, -1], [1, 1], [(0, 1, 6.0)], [0, 1], [Refusal.DEPARTMENT]),
        ([-1, -1], [1, 1], [(0, 1, 20.0)], [0, 0], []),
        ([-1, -1, -1], [1, 2, 1], [(0, 1, 15.0), (1, 2, 8.0)], [0, 0, 2], [Refusal.DEPARTMENT]),
    ],
    ids=["one person", "two numbers", "twins and one without number", "relative", "duplicate", "chain"],
)
def test_clusters(
    numbers: list[int],
    departments: list[int],
    links: list[tuple[int, int, float]],
    labels: list[int],
    reasons: list[Refusal],
) -> None:
    found, refused = cluster(numbers, departments, *map(list, zip(*links, strict=True)))
    assert found == labels
    assert [one.reason for one in refused] == reasons


def test_the_two_tongues_name_every_level() -> None:
    for one in COMPARISONS:
        assert one.levels[-1].sql == "ELSE"
        assert one.level(MISSING) is None
