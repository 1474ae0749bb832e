"""The hard set of entity resolution is frozen, and as hard as its profile says."""

from collections import Counter
from functools import cache

import pytest

from onecity.codes import CitizenNumber, CodeError
from onecity.simcity.resolution.hard import HardSet, fingerprint, hard_copies

FROZEN = "b00f87bd3a5bfc33a0b398eab750aefb2346cc9f477b883c3734b5930b4f1f74"


@cache
def small() -> HardSet:
    """Five thousand persons, made once."""
    return hard_copies(5_000)


def _by_entity() -> dict[int, list[dict[str, object]]]:
    out: dict[int, list[dict[str, object]]] = {}
    truth = small().truth["entity"].to_pylist()
    for row, entity in zip(small().records.to_pylist(), truth, strict=True):
        out.setdefault(entity, []).append(row)
    return out


def _valid(number: object) -> bool:
    try:
        return bool(CitizenNumber.parse(str(number)))
    except CodeError:
        return False


def test_the_hard_set_is_frozen() -> None:
    assert fingerprint(small()) == FROZEN


def test_another_seed_gives_other_people() -> None:
    assert fingerprint(hard_copies(5_000, seed=2)) != FROZEN


def test_the_truth_is_not_among_the_records() -> None:
    assert "entity" not in small().records.column_names
    assert small().records["record_id"].equals(small().truth["record_id"])


def test_about_three_records_a_person_from_three_departments() -> None:
    assert 2.7 < small().records.num_rows / 5_000 < 3.0
    assert set(small().records["department"].to_pylist()) == {"police", "hr", "health"}


def test_one_department_knows_some_persons_twice() -> None:
    twice = sum(
        count > 1 for rows in _by_entity().values() for count in Counter(row["department"] for row in rows).values()
    )
    assert twice > 200


@pytest.mark.parametrize(("length", "least"), [(15, 150), (18, 11_000)])
def test_numbers_of_both_generations(length: int, least: int) -> None:
    numbers = [number for number in small().records["number"].to_pylist() if number]
    assert sum(len(number) == length for number in numbers) > least


def test_most_wrong_numbers_fail_their_check() -> None:
    numbers = [n for n in small().records["number"].to_pylist() if n and n.startswith("370299") and len(n) == 18]
    assert 200 < sum(not _valid(number) for number in numbers) < 800


def test_twins_share_birth_date_and_home_and_differ_in_number() -> None:
    seen: dict[tuple[object, object], set[str]] = {}
    for row in small().records.to_pylist():
        if row["birth_date"] and row["address"] and _valid(row["number"]):
            seen.setdefault((row["birth_date"], row["address"]), set()).add(row["number"])
    assert sum(len(numbers) > 1 for numbers in seen.values()) > 20


def test_rare_characters_are_lost_by_some_departments() -> None:
    names = "".join(name for name in small().records["name"].to_pylist() if name)
    assert any(ord(letter) > 0xFFFF for letter in names)
    assert "?" in names
    assert "\ue5e5" in names


def test_foreigners_have_long_names_and_passports() -> None:
    rows = [row for row in small().records.to_pylist() if row["number"] and row["number"].startswith("E")]
    assert rows
    assert max(len(row["name"]) for row in rows) > 20
