"""The release check, by table: what must be found however it is hidden, and what must not be mistaken."""

from typing import Any

import pyarrow as pa
import pytest

from onecity.codes.checks import citizen_check
from onecity.hubs.opendata.contracts import Finding
from onecity.hubs.opendata.rules.release import ReleaseLimits, ReleasePlan, check_release
from onecity.hubs.opendata.rules.sensitive import hits, looks_like_name

LIMITS = ReleaseLimits()
BODY = "37029919900101123"
NUMBER = BODY + citizen_check(BODY)
FULL_WIDTH = "".join(chr(ord(digit) + 0xFEE0) for digit in NUMBER)
SPELT = NUMBER[:-1].translate(str.maketrans("0123456789", "〇一二三四五六七八九")) + NUMBER[-1]


def _check(columns: dict[str, list[Any]], plan: ReleasePlan | None = None) -> dict[str, Finding]:
    return {one.rule: one for one in check_release(pa.table(columns), plan or ReleasePlan(), LIMITS)}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (NUMBER, "citizen_number"),
        (f"申请人证号{NUMBER}，已核", "citizen_number"),
        (FULL_WIDTH, "citizen_number"),
        (f"证号 {NUMBER[:6]} {NUMBER[6:14]} {NUMBER[14:]}", "citizen_number"),
        ("-".join(NUMBER), "citizen_number"),
        (f"{NUMBER[:9]}\u200b{NUMBER[9:]}", "citizen_number"),
        (SPELT, "citizen_number"),
        ("370299900101123", "citizen_number"),
        ("联系：138 0000-1234", "mobile"),
        ("+8613800001234", "mobile"),
        ("１３８００００１２３４", "mobile"),
        ("6222 0212 3456 7890 128", "bank_card"),
        ("车辆鲁B·12345违停", "plate"),
        ("鲁bd12345", "plate"),
        ("zhang.san@example.com", "email"),
        ("香港中路8号3号楼2单元501户", "home_address"),
    ],
)
def test_a_hidden_identifier_is_found(text: str, rule: str) -> None:
    assert rule in {hit.rule for hit in hits(text)}


@pytest.mark.parametrize(
    "text",
    [
        NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1"),
        "11370299MB0000019N",
        "2026-11-22 08:00:00",
        "项目编号2026110123456789012345",
        "香港中路12号",
        "0532-85912345",
        "120.382639,36.067082",
        "6222021234567890129",
        "",
    ],
)
def test_what_only_looks_like_one_is_left_alone(text: str) -> None:
    assert hits(text) == []


@pytest.mark.parametrize(
    ("text", "expected"), [("王小明", True), ("欧阳文", True), ("李沧区", False), ("张", False), ("市南区", False)]
)
def test_a_name_is_told_from_a_place(text: str, expected: bool) -> None:
    assert looks_like_name(text) is expected


def test_a_number_in_free_text_is_refused_with_column_and_rows_and_never_shown() -> None:
    finding = _check({"remark": ["无", f"来电人{NUMBER}", "已办", f"{FULL_WIDTH}投诉"]})["citizen_number"]
    assert (finding.columns, finding.positions, finding.blocks) == (("remark",), (2, 4), True)
    assert NUMBER not in finding.text + "".join(finding.samples)


def test_a_number_stored_as_an_integer_or_a_float_is_found() -> None:
    assert "mobile" in _check({"tel": [13800001234, 1]})
    assert "mobile" in _check({"tel": [13800001234.0, 1.5]})


def test_names_are_found_by_content_under_an_innocent_heading() -> None:
    finding = _check({"field7": ["王小明", "李雷", "韩梅梅", "周洁", "无"]})["person_name"]
    assert finding.positions == (1, 2, 3, 4)


def test_a_heading_and_a_catalogue_mark_are_enough() -> None:
    found = check_release(
        pa.table({"a": ["x"], "b": ["y"]}), ReleasePlan(labels={"a": "联系人手机"}, personal=("b",)), LIMITS
    )
    assert {one.columns for one in found} == {("a",), ("b",)}


def test_an_accepted_finding_stays_visible_with_its_basis_and_does_not_block() -> None:
    plan = ReleasePlan(accepted={("owner", "person_name"): "《企业信息公示暂行条例》第六条"})
    finding = _check({"owner": ["王小明", "李雷", "韩梅梅"]}, plan)["person_name"]
    assert not finding.blocks
    assert finding.accepted.startswith("《企业信息公示")


def test_an_acceptance_covers_its_rule_only() -> None:
    plan = ReleasePlan(accepted={("owner", "person_name"): "依据"})
    found = _check({"owner": ["王小明", "李雷", f"周洁{NUMBER}", "韩梅梅"]}, plan)
    assert found["citizen_number"].blocks


def test_a_combination_of_one_is_refused_though_every_column_alone_is_common() -> None:
    columns = {"age": ["30-39"] * 6 + ["40-49"] * 6, "district": (["市南区"] * 5 + ["李沧区"]) + (["李沧区"] * 6)}
    finding = _check(columns, ReleasePlan(quasi=("age", "district")))["small_rows"]
    assert (finding.positions, finding.count) == ((6,), 1)


def test_a_group_of_exactly_k_passes_and_one_less_does_not() -> None:
    plan = ReleasePlan(quasi=("age",))
    assert "small_rows" not in _check({"age": ["30"] * LIMITS.k}, plan)
    assert "small_rows" in _check({"age": ["30"] * (LIMITS.k - 1)}, plan)


def test_an_empty_value_is_a_value_of_its_own() -> None:
    assert "small_rows" in _check({"age": ["30"] * 5 + [None]}, ReleasePlan(quasi=("age",)))


def test_small_counts_are_refused_and_nought_is_not() -> None:
    finding = _check({"street": ["甲", "乙", "丙"], "people": [0, 4, 5]}, ReleasePlan(counts=("people",)))["small_cell"]
    assert finding.positions == (2,)


def test_an_identifier_under_another_name_is_found_in_data_about_persons() -> None:
    columns = {"code": [f"A{n:04d}" for n in range(40)], "age": ["30"] * 40}
    assert "unique" in _check(columns, ReleasePlan(quasi=("age",)))
    assert "unique" not in _check(columns)


def test_a_declared_column_that_is_not_there_is_refused() -> None:
    assert _check({"a": [1]}, ReleasePlan(quasi=("age",)))["missing"].blocks


def test_a_clean_table_passes_and_quoted_columns_do_no_harm() -> None:
    columns = {'a"; DROP TABLE x; --': ["市南区"] * 5}
    assert check_release(pa.table(columns), ReleasePlan(quasi=tuple(columns)), LIMITS) == ()
