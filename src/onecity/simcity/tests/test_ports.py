"""Packs plant rows into known tables only."""

from collections.abc import Iterator

import pytest

from onecity.simcity import ports
from onecity.simcity.city import City


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    yield
    ports.forget_demo("trial")


def test_a_pack_adds_rows(village: City) -> None:
    row = {"child_number": "370299202001010019", "complete": True}
    ports.register_demo("trial", lambda city: {"copies/vaccination": [row]})
    grown = ports.apply_demos(village, ["trial"])
    assert grown.tables["vaccination"].num_rows == village.tables["vaccination"].num_rows + 1
    assert grown.persons.num_rows == village.persons.num_rows


def test_an_unknown_table_is_refused_with_the_packs_name(village: City) -> None:
    ports.register_demo("trial", lambda city: {"copies/dogs": []})
    with pytest.raises(ports.BadPlanting, match=r"trial.*copies/dogs"):
        ports.apply_demos(village, ["trial"])


def test_an_unknown_column_is_refused_by_name(village: City) -> None:
    ports.register_demo("trial", lambda city: {"persons": [{"shoe_size": 43}]})
    with pytest.raises(ports.BadPlanting, match="shoe_size"):
        ports.apply_demos(village, ["trial"])
