"""The page of divisions: table and map, downwards and back."""

import pytest
from django.test import RequestFactory

from onecity.hubs.basemap.errors import DivisionUnknown
from onecity.hubs.basemap.pages.divisions import divisions
from onecity.hubs.basemap.testkit import ground
from onecity.hubs.identity.testkit import staff

pytestmark = pytest.mark.django_db


def shown(query: str = "") -> str:
    request = RequestFactory().get(f"/desk/basemap/divisions{query}")
    request.actor = staff()  # type: ignore[attr-defined]
    return divisions(request).content.decode()


def test_the_city_shows_its_districts_with_a_map() -> None:
    ground()
    html = shown()
    assert html.index("市南区") < html.index("莱西市")
    assert "示意图形" in html


def test_a_street_lists_its_communities() -> None:
    ground()
    assert "测试社区" in shown("?code=370202001")


def test_an_empty_city_says_what_to_do() -> None:
    assert "还没有导入行政区划" in shown()


def test_an_unknown_code_is_refused() -> None:
    with pytest.raises(DivisionUnknown):
        shown("?code=999999")
