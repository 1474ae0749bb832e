"""A database in which the test bundle stands; each test gets its own copy."""

from collections.abc import Iterator

import pytest

from onecity.hubs.exchange.api import close_writers
from onecity.hubs.service.tests import stage
from onecity.hubs.service.tests.stage import Live, PlainRules
from onecity.kernel import cloned_database


@pytest.fixture(scope="session")
def _prepared(django_db_setup: None, django_db_blocker: "pytest.FixtureRequest") -> Iterator[str]:
    from django.db import connections

    with django_db_blocker.unblock(), cloned_database.kept_clone() as name:  # type: ignore[attr-defined]
        with cloned_database.using(name):
            stage.connect()
            stage.prepare()
            connections.close_all()
        yield name


@pytest.fixture
def _bundle(transactional_db: None, _prepared: str) -> Iterator[tuple[PlainRules, Live]]:
    with cloned_database.clone(_prepared):
        yield stage.connect()
        close_writers()


@pytest.fixture
def rules(_bundle: tuple[PlainRules, Live]) -> PlainRules:
    """The rules of the test bundle."""
    return _bundle[0]


@pytest.fixture
def homes(_bundle: tuple[PlainRules, Live]) -> Live:
    """The live source of homes."""
    return _bundle[1]
