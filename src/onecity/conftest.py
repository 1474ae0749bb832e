"""What every test of the house stands on: one migrated database per worker with the packs applied, a clone for tests that commit.

`small_city` gives a test a clone that holds the synthetic city of 1,000 residents; it is built once per worker, when first asked.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from onecity.kernel.actor import Actor

if TYPE_CHECKING:
    import pyarrow as pa


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Before the test database is made."""
    from onecity.kernel import cloned_database

    cloned_database.without_pool()
    cloned_database.install()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: "pytest.FixtureRequest") -> None:
    """Migrated, and every pack applied."""
    from onecity.kernel import packs

    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        problems = packs.apply_all(Actor.system("site"))
    assert not problems, "\n".join(map(str, problems))


@pytest.fixture(scope="session")
def _small_city_template(django_db_setup: None, django_db_blocker: "pytest.FixtureRequest") -> Iterator[str]:
    """Name of the database with the city. Tests never see it, only clones."""
    from django.conf import settings
    from django.db import connections

    from onecity.kernel import cloned_database
    from onecity.simcity.api import build_city, first_date

    with django_db_blocker.unblock(), cloned_database.kept_clone() as name:  # type: ignore[attr-defined]
        with cloned_database.using(name):
            first_date()
            build_city(1_000, 2026, home=Path(settings.ONECITY_HOME))
            connections.close_all()
        yield name


@pytest.fixture
def small_city(
    _small_city_template: str, transactional_db: None, django_db_blocker: "pytest.FixtureRequest"
) -> Iterator[Path]:
    """A database of its own with the whole city, as on the first day of the demonstration; yields the home folder.

    Use it with the mark `django_db(transaction=True)`: the test commits on its clone.
    """
    from django.conf import settings

    from onecity.kernel import cloned_database

    with django_db_blocker.unblock(), cloned_database.clone(_small_city_template):  # type: ignore[attr-defined]
        yield Path(settings.ONECITY_HOME)


@pytest.fixture(scope="session")
def hard_copies() -> "Callable[[int, int], pa.Table]":
    """Three departments' copies of so many invented persons, by seed, with the hard set's errors; for rooms that may not see the city."""
    from onecity.simcity.resolution.hard import hard_copies as made

    return lambda persons, seed: made(persons, seed).records
