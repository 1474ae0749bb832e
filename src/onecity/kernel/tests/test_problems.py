"""Every family of errors has one status and becomes one problem document."""

import json

import pytest
from django.test import RequestFactory

from onecity.kernel import errors
from onecity.kernel.problems import problem_response, status_of

FAMILIES = {
    errors.Invalid: 422, errors.Unauthenticated: 401, errors.NotPermitted: 403, errors.NotFound: 404, errors.Conflict: 409,
    errors.Gone: 410, errors.TooLarge: 413, errors.TooMany: 429, errors.Unavailable: 503, errors.Broken: 500,
}  # fmt: skip


def test_no_family_is_forgotten() -> None:
    assert set(errors.CityError.__subclasses__()) == set(FAMILIES)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)
def test_a_family_has_its_status_and_its_words(family: type[errors.CityError]) -> None:
    error = family("test.reason", "原因", hint="怎么办", data={"field": "x"})
    answer = problem_response(RequestFactory().get("/some/where"), error)
    body = json.loads(answer.content)
    assert (answer.status_code, answer["Content-Type"]) == (FAMILIES[family], "application/problem+json")
    assert (body["status"], body["code"], body["type"]) == (
        FAMILIES[family],
        "test.reason",
        "urn:onecity:problem:test.reason",
    )
    assert (body["title"], body["detail"], body["instance"], body["data"]) == (
        "原因",
        "怎么办",
        "/some/where",
        {"field": "x"},
    )
    assert body["contact"]


def test_a_subclass_has_the_status_of_its_family() -> None:
    class Special(errors.Gone):
        code = "test.special"

    assert status_of(Special()) == 410


def test_an_error_outside_the_tree_is_our_fault() -> None:
    assert status_of(errors.CityError()) == 500


@pytest.mark.parametrize("family", [errors.TooMany, errors.Unavailable])
def test_later_says_when(family: type[errors.CityError]) -> None:
    answer = problem_response(RequestFactory().get("/"), family(data={"retry_after": 7}))
    assert answer["Retry-After"] == "7"


def test_every_family_says_what_to_do() -> None:
    assert [family for family in FAMILIES if not (family.hint and family.text and family.code)] == []
