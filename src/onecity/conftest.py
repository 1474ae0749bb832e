"""What every test of the house stands on: one migrated database per worker with the packs applied, a clone for tests that commit."""

import pytest
from onecity.kernel.actor import Actor


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Before the test database is made."""
    from onecity.site import cloned_database

    cloned_database.without_pool()
    cloned_database.install()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: "pytest.FixtureRequest") -> None:
    """Migrated, and every pack applied."""
    from onecity.kernel import packs

    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        problems = packs.apply_all(Actor.system("site"))
    assert not problems, "\n".join(map(str, problems))
