"""Divisions: levels, parents, containment, and ranges that mean the same as prefixes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecity.codes import CodeError, DivisionCode, DivisionLevel, prefix_range


@pytest.mark.parametrize(
    ("text", "level", "prefix", "parent"),
    [
        ("370000", DivisionLevel.PROVINCE, "37", None),
        ("370200", DivisionLevel.CITY, "3702", "370000"),
        ("370202", DivisionLevel.COUNTY, "370202", "370200"),
        ("370202001", DivisionLevel.STREET, "370202001", "370202"),
        ("370202001001", DivisionLevel.COMMUNITY, "370202001001", "370202001"),
        ("370202001001007", DivisionLevel.CELL, "370202001001007", "370202001001"),
    ],
)
def test_level_prefix_and_parent(text: str, level: DivisionLevel, prefix: str, parent: str | None) -> None:
    code = DivisionCode.parse(text)
    assert code.level is level
    assert code.prefix == prefix
    assert (str(code.parent) if code.parent else None) == parent


@pytest.mark.parametrize(
    ("typed", "short"),
    [("370202000000", "370202"), ("370202001000", "370202001"), ("370200000000", "370200"), ("３７０２０２", "370202")],
)
def test_long_forms_become_short(typed: str, short: str) -> None:
    assert str(DivisionCode.parse(typed)) == short


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "division_code.format"),
        ("3702", "division_code.format"),
        ("37020200", "division_code.format"),
        ("000202", "division_code.format"),
        ("37020A", "division_code.format"),
        ("370002", "division_code.gap"),
        ("370200001", "division_code.gap"),
        ("370202000001", "division_code.gap"),
    ],
)
def test_refuses_with_a_stable_code(text: str, code: str) -> None:
    with pytest.raises(CodeError) as caught:
        DivisionCode.parse(text)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("outer", "inner", "inside"),
    [
        ("370000", "370202001", True),
        ("370200", "370202", True),
        ("370202", "370202", True),
        ("370202", "370203001", False),
        ("370202001", "370202", False),
        ("370200", "371602", False),
    ],
)
def test_contains(outer: str, inner: str, inside: bool) -> None:
    assert DivisionCode.parse(outer).contains(DivisionCode.parse(inner)) is inside


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("370200", ("3702", "3703")),
        ("370202", ("370202", "370203")),
        ("370209", ("370209", "370210")),
        ("370202999", ("370202999", "370203000")),
    ],
)
def test_prefix_range(text: str, expected: tuple[str, str]) -> None:
    assert DivisionCode.parse(text).prefix_range == expected


@pytest.mark.parametrize("prefix", ["", "99", "37a"])
def test_prefix_range_refuses_what_has_no_successor(prefix: str) -> None:
    with pytest.raises(CodeError):
        prefix_range(prefix)


def test_ancestors_nearest_first() -> None:
    ancestors = DivisionCode.parse("370202001001").ancestors
    assert [str(code) for code in ancestors] == ["370202001", "370202", "370200", "370000"]


def test_at_level_climbs_but_never_descends() -> None:
    code = DivisionCode.parse("370202001001")
    assert code.at_level(DivisionLevel.COUNTY) == DivisionCode.parse("370202")
    assert code.at_level(DivisionLevel.CELL) is None


segments = st.integers(min_value=1, max_value=999).map("{:03d}".format)
codes = st.builds(
    lambda county, rest: DivisionCode.parse(county + "".join(rest)),
    st.sampled_from(["370202", "370203", "370209", "370281", "110101", "659001"]),
    st.lists(segments, max_size=3),
)


@given(codes)
def test_str_is_parsed_to_itself(code: DivisionCode) -> None:
    assert DivisionCode.parse(str(code)) == code


@given(codes, codes)
def test_the_range_is_the_prefix(outer: DivisionCode, inner: DivisionCode) -> None:
    for area in (outer, *outer.ancestors):
        low, high = area.prefix_range
        assert (low <= str(inner) < high) is area.contains(inner)


@given(codes)
def test_every_ancestor_contains(code: DivisionCode) -> None:
    assert all(above.contains(code) and above.level < code.level for above in code.ancestors)
