"""The planted families stand in every city, exactly as their stories need them."""

from datetime import date
from difflib import SequenceMatcher
from typing import Any

import pytest

from onecity.simcity.city import City
from onecity.simcity.generate.schools import FULL_SEATS
from onecity.simcity.planted_full_school import FULL_SCHOOL, PLACED_NEXT_DOOR
from onecity.simcity.planted_stories import (
    BY_STORY,
    DEMO_FIRM_CODE,
    DEMO_LEGAL_PERSON,
    DEMO_RESIDENT,
    STORIES,
    Family,
)


@pytest.fixture(params=["village", "town"])
def city(request: pytest.FixtureRequest) -> City:
    """A small and a larger city."""
    found: City = request.getfixturevalue(request.param)
    return found


def rows(city: City, table: str, field: str, *values: str) -> list[dict[str, Any]]:
    """Rows of a copy whose field has one of the values."""
    return [row for row in city.tables[table].to_pylist() if row[field] in values]


def numbers(family: Family) -> list[str]:
    """Numbers of the adults of a family."""
    return [person.number for person in family.adults]


def test_every_story_is_there(city: City) -> None:
    stories = {row["story"] for row in city.truth["enrolment"].to_pylist()}
    assert stories - {None} == {f.story for f in STORIES if f.children} | {"full_school"}


def test_planted_numbers_are_the_documented_ones() -> None:
    assert DEMO_RESIDENT.number == "370299198601089016"
    assert DEMO_RESIDENT.name == "林致远"
    assert BY_STORY["clear"].children[0].number == "370299202003149129"
    assert DEMO_LEGAL_PERSON.number == "370299197908089016"


def test_clear_household_and_home_agree(city: City) -> None:
    family = BY_STORY["clear"]
    register = rows(city, "household_register", "citizen_number", family.children[0].number)
    rights = rows(city, "property_right", "owner_number", *numbers(family))
    assert [register[0]["address"]] == [right["address"] for right in rights]
    assert rights[0]["status"] == "现势"


def test_mismatched_addresses_are_similar_by_ninety_three_hundredths(city: City) -> None:
    family = BY_STORY["address_mismatch"]
    register = rows(city, "household_register", "citizen_number", family.children[0].number)[0]["address"]
    right = rows(city, "property_right", "owner_number", *numbers(family))[0]["address"]
    assert "88号" in register
    assert "86号" in right
    assert round(SequenceMatcher(None, register, right).ratio(), 2) == 0.93


def test_nobody_else_lives_on_a_planted_familys_road(city: City) -> None:
    planted = {f.home for f in STORIES} | {f.registered for f in STORIES} | {f.home for f in FULL_SCHOOL}
    roads = {place.removeprefix("青岛市市南区")[:2] for place in planted}
    found = [row["full"] for row in city.addresses.to_pylist() if row["road"][:2] in roads]
    assert set(found) == planted


def test_twins_share_a_birthday(city: City) -> None:
    one, two = BY_STORY["twins"].children
    assert one.born == two.born
    assert len(rows(city, "birth_certificate", "child_number", one.number, two.number)) == 2


def test_the_migrant_family_has_permit_and_insurance_and_the_other_nothing(city: City) -> None:
    full, nothing = BY_STORY["migrant_full"], BY_STORY["migrant_nothing"]
    assert rows(city, "residence_permit", "citizen_number", *numbers(full))
    assert rows(city, "insurance", "citizen_number", *numbers(full))
    for table, field in (
        ("residence_permit", "citizen_number"),
        ("insurance", "citizen_number"),
        ("household_register", "citizen_number"),
        ("property_right", "owner_number"),
    ):
        assert not rows(city, table, field, *numbers(nothing))
    assert not rows(city, "household_register", "citizen_number", *numbers(full))


def test_the_grandmother_is_on_no_guardianship_record(city: City) -> None:
    assert not rows(city, "guardianship", "child_number", BY_STORY["guardian_off_record"].children[0].number)


def test_the_property_was_sold_since(city: City) -> None:
    rights = rows(city, "property_right", "owner_number", *numbers(BY_STORY["property_sold"]))
    assert [right["status"] for right in rights] == ["已转移"]
    buyers = rows(city, "property_right", "address", rights[0]["address"])
    assert {right["status"] for right in buyers} == {"已转移", "现势"}


def test_two_parents_are_both_guardians(city: City) -> None:
    family = BY_STORY["two_parents"]
    found = rows(city, "guardianship", "child_number", family.children[0].number)
    assert {row["guardian_number"] for row in found} == set(numbers(family))


def test_the_child_too_young_is_six_after_the_end_of_august() -> None:
    assert BY_STORY["too_young"].children[0].born > date(2020, 8, 31)


@pytest.mark.parametrize(
    ("story", "table", "field"),
    [
        ("veteran", "veteran_family", "child_number"),
        ("disabled", "disability_certificate", "holder_number"),
        ("deferred", "enrolment_deferral", "child_number"),
    ],
)
def test_preferences_have_their_record(city: City, story: str, table: str, field: str) -> None:
    assert rows(city, table, field, BY_STORY[story].children[0].number)


def test_the_legal_person_leads_the_demonstration_firm(city: City) -> None:
    licence = rows(city, "business_licence", "credit_code", DEMO_FIRM_CODE)[0]
    assert licence["legal_person_number"] == DEMO_LEGAL_PERSON.number


def test_the_full_school_has_120_seats_and_137_families_with_distinct_dates(city: City) -> None:
    school = next(row for row in city.schools.to_pylist() if row["name"] == "香港中路小学")
    assert school["seats"] == FULL_SEATS == 120
    qualified = [row for row in city.truth["enrolment"].to_pylist() if row["school_code"] == school["school_code"]]
    assert len(qualified) == 137
    assert {row["category"] for row in qualified} == {"household_and_home"}
    assert len({row["settlement_date"] for row in qualified}) == 137
    assert len({row["child_name"] for row in qualified}) == 137
    assert PLACED_NEXT_DOOR == 17
    assert all(
        row["settlement_date"] >= child.born
        for row, child in zip(
            sorted(qualified, key=lambda r: r["settlement_date"]), (f.children[0] for f in FULL_SCHOOL), strict=True
        )
    )


def test_nobody_else_lives_in_the_full_schools_catchment(city: City) -> None:
    mine = {row["household_no"] for row in city.persons.to_pylist() if row["division_code"] == "370202001001"}
    assert len(mine) == 137


def test_the_school_next_door_has_room_for_the_seventeen(city: City) -> None:
    school = next(row for row in city.schools.to_pylist() if row["name"] == "香港中路第二小学")
    demand = sum(row["school_code"] == school["school_code"] for row in city.truth["enrolment"].to_pylist())
    assert school["seats"] - demand >= PLACED_NEXT_DOOR


def test_every_school_but_the_full_one_has_seats_enough(city: City) -> None:
    seats = {row["school_code"]: row["seats"] for row in city.schools.to_pylist()}
    for row in city.truth["enrolment"].to_pylist():
        seats[row["school_code"]] -= 1
    assert sorted(seats.values())[0] == -17
    assert sorted(seats.values())[1] >= 0
