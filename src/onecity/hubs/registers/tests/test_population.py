"""The population register keeps no bare number and shows persons to those who may see them."""

from datetime import date

import pyarrow as pa
import pytest
from django.db import connection

from onecity.hubs.registers import api
from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.errors import NotPermitted
from onecity.kernel.keys import subject_ref

pytestmark = pytest.mark.django_db

PARENT, CHILD, OTHER = "370299199003070010", "370299201506010247", "370299195508150130"
HUB = Actor.system("registers")


@pytest.fixture
def loaded() -> None:
    persons = pa.table(
        {
            "citizen_number": [PARENT, CHILD, OTHER], "name": ["欧阳建国", "欧阳𠅤", "王芳"], "sex": ["男", "女", "男"],
            "birth_date": [date(1990, 3, 7), date(2015, 6, 1), date(1955, 8, 15)], "household_no": ["H1", "H1", "H2"],
            "relation_to_head": ["户主", "女", "户主"], "address": ["香港中路88号3-502"] * 2 + ["延安路1号"],
            "division_code": ["370202001001"] * 3,
        }
    )  # fmt: skip
    pairs = pa.table({"child_number": [CHILD], "guardian_number": [PARENT], "relation": ["父"], "source": ["公安户籍"]})
    api.load_population(HUB, persons=persons, guardianships=pairs, source="公安户籍")


def _resident(number: str) -> Actor:
    return Actor(ActorKind.RESIDENT, subject=subject_ref(number))


def test_a_guardian_sees_its_ward_whole(loaded: None) -> None:
    (child,) = api.children_of(_resident(PARENT), subject_ref(PARENT))
    assert (child.name, child.name_masked) == ("欧阳𠅤", "欧阳*")


def test_a_stranger_is_refused(loaded: None) -> None:
    with pytest.raises(NotPermitted):
        api.person(_resident(OTHER), subject_ref(CHILD))


def test_guardianship_is_directed(loaded: None) -> None:
    assert api.is_guardian(guardian=subject_ref(PARENT), child=subject_ref(CHILD))
    assert not api.is_guardian(guardian=subject_ref(CHILD), child=subject_ref(PARENT))


def test_no_bare_number_is_stored(loaded: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM registers_person p WHERE p::text LIKE %s", [f"%{PARENT}%"])
        assert cursor.fetchone() == (0,)


def test_loading_needs_the_permission() -> None:
    with pytest.raises(NotPermitted):
        api.load_population(_resident(OTHER), persons=pa.table({}), guardianships=pa.table({}), source="x")


def test_age_counts_completed_years(loaded: None) -> None:
    child = api.person(HUB, subject_ref(CHILD))
    assert child is not None
    assert (child.age_on(date(2026, 5, 31)), child.age_on(date(2026, 6, 1))) == (10, 11)
