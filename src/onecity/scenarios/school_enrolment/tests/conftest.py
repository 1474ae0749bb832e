"""One small synthetic city with its provincial systems answering at once, in this process."""

import asyncio
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.db import connections

from onecity.hubs.exchange import ports
from onecity.hubs.exchange.errors import SourceUnavailable
from onecity.hubs.exchange.ports import SourceAnswer, SourceQuery, register_source
from onecity.kernel import cloned_database
from onecity.simcity import api as simcity
from onecity.simcity.twin.control import behave
from onecity.simcity.twin.server import Twin


class TwinInProcess:
    """The provincial systems without a network; `down` names resources that do not answer."""

    def __init__(self, home: Path) -> None:
        self._twin = Twin(home)
        self._token = (home / "twin" / "token").read_text("ascii").strip()
        self.down: set[str] = set()

    def answer(self, query: SourceQuery) -> SourceAnswer:
        """As `exchange.ports.Source`."""
        if query.resource in self.down:
            raise SourceUnavailable()
        asked = urlencode({"key": query.key_field, "ref": query.subject, "fields": ",".join(query.fields)})
        handled = self._twin.handle("GET", f"/v1/{query.resource}", asked, f"Bearer {self._token}", b"")
        status, body = asyncio.run(handled)
        if status != 200:
            raise SourceUnavailable(data={"status": status})
        content = json.loads(body)
        return SourceAnswer(tuple(content["rows"]), datetime.fromisoformat(content["as_of"]))


@pytest.fixture(scope="session")
def _enrolment_city(
    django_db_setup: None, django_db_blocker: "pytest.FixtureRequest", tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    """Database and home of a thousand residents and the planted families, built once per worker; tests see clones."""
    home = tmp_path_factory.mktemp("enrolment")  # another city than `small_city`, whose truth and twin lie in its home
    with django_db_blocker.unblock(), cloned_database.kept_clone() as name:  # type: ignore[attr-defined]
        with cloned_database.using(name):
            simcity.first_date()
            simcity.build_city(1_000, 7, home=home, invented_communities=True)
            connections.close_all()
        yield name, home


@pytest.fixture
def city(
    _enrolment_city: tuple[str, Path], transactional_db: None, django_db_blocker: "pytest.FixtureRequest"
) -> Iterator[TwinInProcess]:
    """A thousand residents and the planted families; the date is 20 June 2026."""
    name, home = _enrolment_city
    with django_db_blocker.unblock(), cloned_database.clone(name):  # type: ignore[attr-defined]
        behave(home, {"latency": (0.0, 0.0)})
        twin = TwinInProcess(home)
        register_source("provincial", twin)
        yield twin
        ports._sources.pop("provincial", None)
