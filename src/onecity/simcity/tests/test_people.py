"""Families hang together: kin exist, are old enough, share names; ages look like a city's."""

from collections import Counter
from datetime import date
from typing import Any

import pytest

from onecity.simcity.city import City


@pytest.fixture(scope="module")
def people(town: City) -> dict[str, dict[str, Any]]:
    """Persons of the town by number."""
    return {row["citizen_number"]: row for row in town.persons.to_pylist()}


def _years(row: dict[str, Any], other: dict[str, Any]) -> float:
    return float((row["birth_date"] - other["birth_date"]).days) / 365.25


def test_parents_exist_have_the_right_sex_and_are_old_enough(people: dict[str, dict[str, Any]]) -> None:
    pairs = 0
    for row in people.values():
        for field, sex in (("father_number", "男"), ("mother_number", "女")):
            if row[field]:
                parent = people[row[field]]
                assert parent["sex"] == sex
                assert _years(row, parent) >= 17, (row, parent)
                pairs += 1
    assert pairs > 5_000


def test_marriage_is_mutual(people: dict[str, dict[str, Any]]) -> None:
    for row in people.values():
        if row["spouse_number"]:
            assert people[row["spouse_number"]]["spouse_number"] == row["citizen_number"]


def test_children_carry_a_parents_surname(people: dict[str, dict[str, Any]]) -> None:
    for row in people.values():
        parents = [people[row[f]] for f in ("father_number", "mother_number") if row[f]]
        if len(parents) == 2 and "·" not in row["name"]:
            assert any(row["name"][0] == parent["name"][0] for parent in parents)


def test_every_household_has_one_head_who_is_in_it(town: City, people: dict[str, dict[str, Any]]) -> None:
    heads = Counter(row["household_no"] for row in people.values() if row["relation_to_head"] == "户主")
    assert set(heads.values()) == {1}
    for household in town.households.select(["household_no", "head_number"]).to_pylist():
        assert people[household["head_number"]]["household_no"] == household["household_no"]


def test_ages_look_like_a_city(people: dict[str, dict[str, Any]]) -> None:
    ages = [(date(2026, 6, 1) - row["birth_date"]).days / 365.25 for row in list(people.values())[:20_000]]
    share = {
        name: sum(low <= a < high for a in ages) / len(ages)
        for name, low, high in (("children", 0, 15), ("working", 15, 60), ("elders", 60, 200))
    }
    assert 0.12 < share["children"] < 0.22
    assert 0.12 < share["elders"] < 0.26
    assert max(ages) < 105
    assert min(ages) >= 0


def test_all_kinds_of_families_and_names_occur(town: City, people: dict[str, dict[str, Any]]) -> None:
    kinds = Counter(town.households["kind"].to_pylist())
    for kind in ("nuclear", "three_generations", "divorced", "grandparents", "single", "couple_elder"):
        assert kinds[kind] > 50
    names = [row["name"] for row in people.values()]
    assert any("·" in name for name in names)
    assert any(ord(letter) > 0xFFFF for name in names for letter in name)
    compound = sum(name[:2] in {"欧阳", "司马", "上官", "诸葛"} for name in names) / len(names)
    assert 0.01 < compound < 0.03
    assert town.truth["enrolment"]["twin"].to_pylist().count(True) >= 4


def test_grandparents_guard_some_children_and_others_have_no_guardian_on_record(town: City) -> None:
    guardianship = town.truth["guardianship"].to_pylist()
    assert {row["relation"] for row in guardianship} == {"父亲", "母亲", "祖父", "祖母"}
    guarded = {row["child_number"] for row in guardianship}
    minors = {
        row["citizen_number"] for row in town.persons.to_pylist()[:20_000] if row["birth_date"] > date(2008, 6, 1)
    }
    assert 0 < len(minors - guarded) < 0.05 * len(minors)


def test_so_many_residents_as_asked_plus_families_for_the_show(village: City) -> None:
    numbers = village.households.select(["household_no", "kind"]).to_pylist()
    cohort = {row["household_no"] for row in village.truth["enrolment"].to_pylist()}
    assert len(cohort) >= 1_000
    assert len(numbers) > 1_000
