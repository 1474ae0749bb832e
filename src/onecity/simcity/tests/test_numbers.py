"""Every number is valid by the national codes, unassigned to any place, and nobody's twice."""

import numpy as np
import pytest

from onecity.codes import CitizenNumber, CreditCode
from onecity.simcity.city import City
from onecity.simcity.generate.numbers import (
    NATURAL_PER_SEX,
    TooManyBirths,
    citizen_number,
    credit_code,
    natural_sequences,
)

DAY = int(np.datetime64("1990-03-07", "D").astype(int))


def test_the_published_vectors_come_out() -> None:
    assert citizen_number(DAY, True, 1) == "370299199003070010"
    assert citizen_number(DAY, False, 2) == "370299199003070029"
    assert credit_code("11", "MB", 1) == "11370299MB0000019N"


def test_every_person_has_a_valid_number_that_agrees(village: City) -> None:
    rows = village.persons.select(["citizen_number", "birth_date", "sex"]).to_pylist()
    for row in rows:
        number = CitizenNumber(row["citizen_number"])
        assert number.is_synthetic
        assert number.birthday == row["birth_date"]
        assert (int(number.value[16]) % 2 == 1) == (row["sex"] == "男")
    assert len({row["citizen_number"] for row in rows}) == len(rows)


def test_every_body_firm_and_school_has_a_valid_code(village: City) -> None:
    codes = [
        *village.organisations["code"].to_pylist(),
        *village.firms["credit_code"].to_pylist(),
    ]
    for code in codes:
        assert CreditCode(code).value[2:8] == "370299"
    assert len(set(codes)) == len(codes)
    assert set(village.schools["school_code"].to_pylist()) <= set(codes)


def test_numbers_stay_distinct_in_a_larger_city(town: City) -> None:
    numbers = town.persons["citizen_number"].to_pylist()
    assert len(set(numbers)) == len(numbers)


def test_sequences_of_one_day_are_distinct_up_to_the_last() -> None:
    days = np.full(NATURAL_PER_SEX, DAY)
    sequences = natural_sequences(days, np.ones(NATURAL_PER_SEX, dtype=np.int64))
    assert len(set(sequences.tolist())) == NATURAL_PER_SEX
    assert sequences.max() < 900


def test_more_births_than_numbers_are_refused() -> None:
    with pytest.raises(TooManyBirths):
        natural_sequences(np.full(NATURAL_PER_SEX + 1, DAY), np.zeros(NATURAL_PER_SEX + 1, dtype=np.int64))
