"""Every route keeps what the OpenAPI document promises, whatever is sent to it, by whomever."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as examples
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from onecity.hubs.identity import testkit
from onecity.kernel.actor import Actor
from onecity.kernel.policy import permissions
from onecity.site.checks import openapi
from onecity.site.wsgi import application

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 6


@cache
def _operations() -> dict[str, Any]:
    schema = schemathesis.openapi.from_dict(json.loads(openapi.document()))
    schema.app = application
    found = [result for result in schema.get_all_operations() if isinstance(result, Ok)]
    return {result.ok().label: result.ok() for result in found}


def _callers() -> dict[str, Actor | None]:
    everything = [entry.code for entry in permissions()]
    return {
        "nobody": None,
        "resident": testkit.resident(),
        "staff": testkit.make_actor(everything, organisation=testkit.EDUCATION, area="370202"),
    }


@pytest.fixture
def one_connection() -> Iterator[None]:
    """The application is called in this thread; Django's end of a request must not close the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def sessions(db: None, one_connection: None) -> dict[str, dict[str, str]]:
    """Cookies by caller. CSRF is not what is tested here; the header sent equals the cookie."""
    from django.test import Client

    found: dict[str, dict[str, str]] = {}
    for name, actor in _callers().items():
        client = Client()
        if actor is not None:
            testkit.sign_in(client, actor)
        found[name] = {key: morsel.value for key, morsel in client.cookies.items()} | {
            settings.CSRF_COOKIE_NAME: "c" * 32
        }
    return found


def _labels() -> list[str]:
    return sorted(_operations())


@pytest.mark.parametrize("label", _labels())
def test_a_route_keeps_its_promises(label: str, sessions: dict[str, dict[str, str]]) -> None:
    operation = _operations()[label]

    @given(case=operation.as_strategy())
    @examples(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def play(case: Any) -> None:
        for cookies in sessions.values():
            case.call_and_validate(checks=CHECKS, cookies=cookies, headers={"X-CSRFToken": "c" * 32})

    play()


def test_the_snapshot_is_what_the_code_serves() -> None:
    from onecity.site.tests.test_house_rules import ROOT

    assert list(openapi.problems(ROOT / "docs")) == []


def test_a_changed_route_is_named(tmp_path: Path) -> None:
    document = json.loads(openapi.document())
    gone = sorted(document["paths"])[0]
    del document["paths"][gone]
    (tmp_path / "reference").mkdir()
    (tmp_path / openapi.SNAPSHOT).write_text(json.dumps(document), encoding="utf-8")
    assert gone in " ".join(openapi.problems(tmp_path))
