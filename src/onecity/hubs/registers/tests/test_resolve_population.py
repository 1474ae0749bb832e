"""The city's own copies become persons through governed batches; no number rests, and the same run again changes nothing."""

import pytest
from django.db import connection

from onecity.hubs.registers.api import resolution as api
from onecity.kernel.actor import Actor

pytestmark = pytest.mark.django_db(transaction=True)

HUB = Actor.system("registers")


def test_departments_copies_become_persons(small_city: object) -> None:
    run = api.resolve_population(HUB, threads=1)
    figures = api.figures(HUB)
    assert [name for name, _count in figures.by_department] == ["hr", "police"]
    assert figures.records == run.records
    assert 900 < run.persons < run.records
    assert run.links > 20
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM registers_resolutionrecord r WHERE r::text ~ '370299[0-9]{11}'")
        assert cursor.fetchone() == (0,)
    again = api.resolve_population(HUB, threads=1)
    assert (again.persons, again.kept) == (run.persons, run.persons)
