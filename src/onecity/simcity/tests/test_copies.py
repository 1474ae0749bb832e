"""Departments' copies follow their contract and carry about as many errors as the profile says."""

from collections import Counter
from difflib import SequenceMatcher
from functools import cache

import pytest

from onecity.codes import CitizenNumber, CodeError
from onecity.simcity.city import City
from onecity.simcity.generate.run import generate
from onecity.simcity.profiles import ErrorProfile
from onecity.simcity.schemas import COPIES


@pytest.mark.parametrize("name", sorted(COPIES))
def test_columns_are_the_contract(town: City, name: str) -> None:
    assert town.tables[name].schema.equals(COPIES[name][1])
    assert town.tables[name].num_rows > 0


@cache
def hard_town(name: str) -> City:
    """A town copied by tired clerks."""
    return generate(20_000, 7, ErrorProfile.load(name), invented_communities=True)


@pytest.mark.parametrize("kind", ["name_typo", "number_swap", "address_habit", "missing", "duplicate", "late"])
@pytest.mark.parametrize("name", ["property_right", "household_register", "insurance"])
def test_rates_are_near_the_profile(name: str, kind: str) -> None:
    profile, city = ErrorProfile.load("hard"), hard_town("hard")
    found = [row for row in city.truth["errors"].to_pylist() if row["resource"] == name and row["kind"] == kind]
    wanted = getattr(profile.of(name), kind)
    for field, count in Counter(row["field"] for row in found).items():
        share = count / city.tables[name].num_rows
        assert 0.6 * wanted <= share <= 1.4 * wanted + 0.001, (field, share, wanted)


def test_the_ledger_points_at_the_rows(town: City, plain_town: City) -> None:
    swapped = [row for row in town.truth["errors"].to_pylist() if row["kind"] == "number_swap"]
    assert swapped
    for error in swapped:
        number = town.tables[error["resource"]][error["field"]][error["row"]].as_py()
        with pytest.raises(CodeError):
            CitizenNumber(number)


def test_a_typo_changes_one_character(town: City) -> None:
    truth = dict(zip(town.persons["citizen_number"].to_pylist(), town.persons["name"].to_pylist(), strict=True))
    typos = [
        row["row"]
        for row in town.truth["errors"].to_pylist()
        if row["resource"] == "birth_certificate" and row["kind"] == "name_typo"
    ]
    checked = 0
    for row in typos:
        record = town.tables["birth_certificate"].slice(row, 1).to_pylist()[0]
        if record["child_name"] and record["child_number"] in truth:
            true = truth[record["child_number"]]
            assert record["child_name"] != true
            assert SequenceMatcher(None, record["child_name"], true).ratio() >= 0.5
            checked += 1
    assert checked > 5


def test_without_errors_copies_say_what_is_true(plain_town: City) -> None:
    truth = dict(
        zip(plain_town.persons["citizen_number"].to_pylist(), plain_town.persons["name"].to_pylist(), strict=True)
    )
    register = plain_town.tables["household_register"].to_pylist()
    assert all(truth[row["citizen_number"]] == row["name"] for row in register)
    registered = plain_town.persons["registered"].to_pylist().count(True)
    assert len(register) == registered


def test_about_every_seventh_family_came_from_elsewhere(town: City) -> None:
    migrant = town.households["migrant"].to_pylist()
    assert 0.13 < migrant.count(True) / len(migrant) < 0.17


def test_insurance_months_fit_a_working_life(town: City) -> None:
    months = town.tables["insurance"]["months_paid"].to_pylist()
    assert min(months) >= 1
    assert max(months) <= 42 * 12
