"""Reading and comparing addresses: widths, scripts, dashes, and digits that weigh."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecity.hubs.basemap.rules.addresses import ParsedAddress, parse, similarity

FULL = "山东省青岛市市南区香港中路街道香港中路88号3号楼2单元502室"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (FULL, ("市南区", "香港中路", "88", "3", "2", "502")),
        ("青岛市市南区香港中路88号3-502", ("市南区", "香港中路", "88", "3", "", "502")),
        ("香港中路８８號３號樓２單元５０２室", ("", "香港中路", "88", "3", "2", "502")),
        ("香港中路88号3—2—502", ("", "香港中路", "88", "3", "2", "502")),
        ("即墨区店集镇李家庄村123号", ("即墨区", "李家庄村", "123", "", "", "")),
        ("市北区镇江路12号甲 三号楼一单元十二户", ("市北区", "镇江路", "12甲", "3", "1", "12")),
        ("黄岛区长江中路230号A座1203", ("黄岛区", "长江中路", "230", "A", "", "1203")),
        ("阳光花园小区3号楼502室", ("", "阳光花园小区", "", "3", "", "502")),
        ("辽宁路5号院7#201", ("", "辽宁路", "5", "7", "", "201")),
        ("青岛市胶州市福州南路99号", ("胶州市", "福州南路", "99", "", "", "")),
        ("阳光社区3号楼502", ("", "阳光社区", "", "3", "", "502")),
        ("", ("", "", "", "", "", "")),
    ],
)
def test_parts(text: str, parts: tuple[str, ...]) -> None:
    found = parse(text)
    assert (found.district, found.road, found.number, found.building, found.unit, found.room) == parts


@pytest.mark.parametrize(
    "other",
    [
        "青岛市市南区香港中路88号3号楼2单元502",
        "香港中路88号3-2-502",
        "市南区 香港中路 ８８ 号，3＃楼2单元502室",
        "青岛市市南區香港中路88號3幢2單元502戶",
        "香港中路八十八号三号楼二单元502室",
    ],
)
def test_the_same_place_written_otherwise_is_the_same(other: str) -> None:
    assert similarity(FULL, other) == 1.0


@pytest.mark.parametrize(
    ("left", "right", "low", "high"),
    [
        ("香港中路88号3-502", "香港中路86号3-502", 0.92, 0.94),
        ("香港中路88号3-502", "香港中路88号3-503", 0.80, 0.86),
        ("香港中路88号3-502", "香港中路188号3-502", 0.70, 0.85),
        ("香港中路88号3-502", "香港西路88号3-502", 0.80, 0.90),
        ("香港中路88号3-502", "香港中路88号3-2-502", 0.95, 0.999),
        ("市南区香港中路88号3-502", "市北区香港中路88号3-502", 0.55, 0.65),
        ("香港中路88号3-502", "福州南路12号1-101", 0.0, 0.45),
        ("香港中路88号", "", 0.0, 0.0),
    ],
)
def test_digits_weigh(left: str, right: str, low: float, high: float) -> None:
    assert low <= similarity(left, right) <= high


PIECES = st.sampled_from(
    ["青岛市", "市南区", "香港中路", "镇江路", "88号", "3号楼", "2单元", "502室", "3-502", "甲", "村", "－", "x", " "]
)
WRITTEN = st.lists(PIECES, min_size=1, max_size=8).map("".join) | st.text(max_size=20)


@given(WRITTEN, WRITTEN)
def test_similarity_is_symmetric_and_bounded(left: str, right: str) -> None:
    found = similarity(left, right)
    assert 0.0 <= found <= 1.0
    assert similarity(right, left) == found


@given(WRITTEN.filter(lambda text: text.strip() != ""))
def test_every_address_is_itself(text: str) -> None:
    assert similarity(text, text) == 1.0


def test_a_house_number_loses_its_letter() -> None:
    assert ParsedAddress(number="88甲").house_number == 88
    assert ParsedAddress().house_number is None
