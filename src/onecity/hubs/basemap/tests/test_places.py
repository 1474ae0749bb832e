"""Divisions through time, addresses by COPY, catchments, the page and the public API."""

from datetime import date

import pyarrow as pa
import pytest
from django.test import Client

from onecity.hubs.basemap import api
from onecity.hubs.basemap.contracts import Level, Permission
from onecity.hubs.basemap.errors import PlaceInvalid
from onecity.hubs.basemap.testkit import COMMUNITY, catchment, ground
from onecity.hubs.identity.testkit import make_actor
from onecity.kernel.actor import Actor
from onecity.kernel.errors import NotPermitted

pytestmark = pytest.mark.django_db

HUB = Actor.system("basemap")


def test_districts_come_in_official_order_with_full_names() -> None:
    ground()
    names = [division.name for division in api.children("370200")]
    assert names[:3] == ["市南区", "市北区", "黄岛区"]
    assert names[-1] == "莱西市"
    community = api.division(COMMUNITY)
    assert community is not None
    assert community.full_name == "青岛市市南区香港中路街道测试社区"


def test_loading_again_changes_nothing() -> None:
    ground()
    before = api.division_history("370202")
    api.load_shipped_divisions(HUB)
    assert api.division_history("370202") == before


def test_a_renamed_division_keeps_its_past() -> None:
    ground()
    row = {
        "code": "370211",
        "name": "西海岸区",
        "level": "district",
        "kind": "district",
        "parent": "370200",
        "order": 3,
    }
    report = api.load_divisions(HUB, rows=[row], valid_from=date(2026, 3, 1))
    assert report.replaced == 1
    now, past = api.division("370211"), api.division("370211", date(2026, 2, 28))
    assert now is not None
    assert past is not None
    assert (now.name, past.name, past.valid_to) == ("西海岸区", "黄岛区", date(2026, 3, 1))


def test_a_bad_row_is_refused_by_number_and_field() -> None:
    with pytest.raises(PlaceInvalid) as caught:
        api.load_divisions(HUB, rows=[{"code": "3702", "name": "x", "level": "district"}])
    assert caught.value.data == {"row": 1, "field": "code"}


def test_loading_needs_the_permission() -> None:
    with pytest.raises(NotPermitted):
        api.load_catchments(make_actor([Permission.DIVISION_VIEW]), kind="x", year=2026, rows=[])


def addresses() -> pa.Table:
    rooms = ["502", "503"]
    numbers = [86, 88]
    rows = [
        {
            "address_code": f"{COMMUNITY}{number:06d}{n:02d}", "division_code": COMMUNITY, "road": "香港中路",
            "number": number, "building": 3, "unit": 2, "room": room,
            "full": f"青岛市市南区香港中路{number}号3号楼2单元{room}室", "lon": 120.38, "lat": 36.06,
        }
        for number in numbers
        for n, room in enumerate(rooms)
    ]  # fmt: skip
    return pa.Table.from_pylist(rows)


def test_a_written_address_finds_its_standard_one() -> None:
    assert api.load_addresses(HUB, table=addresses()).count == 4
    best = api.match_address("香港中路８８號3-2-502", COMMUNITY)[0]
    assert best.similarity == 1.0
    assert best.address.full == "青岛市市南区香港中路88号3号楼2单元502室"
    assert api.match_address("没有这条路1号") == []


def test_addresses_of_a_community_are_replaced_whole() -> None:
    api.load_addresses(HUB, table=addresses())
    report = api.load_addresses(HUB, table=addresses().slice(0, 1))
    assert (report.count, report.replaced) == (1, 4)


def test_catchments_are_replaced_per_kind_and_year() -> None:
    catchment("old")
    catchment("new")
    catchment("next", year=2027)
    serves = {
        year: api.catchment_of(kind="primary_school", year=year, division_code=COMMUNITY, address="香港中路88号")
        for year in (2025, 2026, 2027)
    }
    assert serves == {2025: None, 2026: "new", 2027: "next"}


def test_outlines_are_said_to_be_schematic() -> None:
    shapes = api.outlines(Level.DISTRICT)
    assert len(shapes["features"]) == 10
    assert all(feature["properties"]["schematic"] for feature in shapes["features"])
    inside = api.outlines(Level.STREET, "370202")["features"]
    assert {feature["properties"]["code"][:6] for feature in inside} == {"370202"}


def test_the_public_api_lists_and_refuses(client: Client) -> None:
    ground()
    answer = client.get("/api/v1/basemap/divisions?parent=370202")
    assert answer.status_code == 200
    assert answer.json()[0]["name"] == "香港中路街道"
    unknown = client.get("/api/v1/basemap/divisions/999999")
    assert unknown.status_code == 404
    assert unknown.json()["code"] == "basemap.division_unknown"
    assert client.get("/api/v1/basemap/divisions?parent=x").status_code == 422
