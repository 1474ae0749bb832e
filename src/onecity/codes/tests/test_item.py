"""Item codes and case numbers: the two published examples, refusals, and rules other than the default."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecity.codes import CaseNumber, CaseNumberRule, CodeError, CreditCode, ItemCode, ItemForm, ItemLevel

BASIC = ItemCode.parse("370117002011")
BODY = CreditCode.parse("11370800MB28559184")
IMPLEMENTATION = "11370800MB285591843370117002011"


def test_basic_code_has_five_segments() -> None:
    assert BASIC.form is ItemForm.BASIC
    assert (BASIC.province, BASIC.item_type, BASIC.department, BASIC.main_item, BASIC.sub_item) == (
        "37", "01", "17", "002", "011",
    )  # fmt: skip


def test_basic_code_has_no_body_and_no_level() -> None:
    assert (BASIC.body, BASIC.level, BASIC.implementation) == (None, None, None)


def test_national_list_is_province_00() -> None:
    assert ItemCode.parse("000117112000").province == "00"


def test_implementation_code_is_body_level_basic() -> None:
    code = ItemCode.make(BODY, ItemLevel.CITY, BASIC)
    assert str(code) == IMPLEMENTATION
    assert (code.body, code.level, code.basic) == (BODY, ItemLevel.CITY, BASIC)


def test_variant_adds_two_characters() -> None:
    code = ItemCode.parse(IMPLEMENTATION).variant(3)
    assert str(code) == f"{IMPLEMENTATION}03"
    assert code.form is ItemForm.VARIANT
    assert code.implementation == ItemCode.parse(IMPLEMENTATION)
    assert code.basic == BASIC


@pytest.mark.parametrize("text", ["370117002011", IMPLEMENTATION, f"{IMPLEMENTATION}01", f" {IMPLEMENTATION.lower()} "])
def test_str_is_parsed_to_itself(text: str) -> None:
    code = ItemCode.parse(text)
    assert ItemCode.parse(str(code)) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("37011700201", "item_code.format"),
        ("37011700201A", "item_code.format"),
        ("11370800MB285591847370117002011", "item_code.level"),
        ("11370800MB285591833370117002011", "credit_code.check"),
        (f"{IMPLEMENTATION}1", "item_code.format"),
        (f"{IMPLEMENTATION}-1", "item_code.format"),
    ],
)
def test_refuses_with_a_stable_code(text: str, code: str) -> None:
    with pytest.raises(CodeError) as caught:
        ItemCode.parse(text)
    assert caught.value.code == code


def test_a_variant_hangs_on_an_implementation_only() -> None:
    with pytest.raises(CodeError) as caught:
        BASIC.variant(1)
    assert caught.value.code == "item_code.form"


def test_an_implementation_is_made_of_a_basic_code_only() -> None:
    with pytest.raises(CodeError) as caught:
        ItemCode.make(BODY, ItemLevel.CITY, ItemCode.parse(IMPLEMENTATION))
    assert caught.value.code == "item_code.form"


def test_case_number_has_43_characters() -> None:
    number = CaseNumber.make(ItemCode.parse(IMPLEMENTATION), date(2026, 11, 22), 7)
    assert str(number) == f"{IMPLEMENTATION}202611220007"
    assert len(str(number)) == 43


def test_case_number_follows_another_rule() -> None:
    rule = CaseNumberRule(item_length=12, sequence_digits=6)
    number = CaseNumber.make(BASIC, date(2026, 11, 22), 7, rule)
    assert str(number) == "37011700201120261122000007"
    assert CaseNumber.parse(str(number), rule) == number


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"{IMPLEMENTATION}20261122007", "case_number.format"),
        (f"{IMPLEMENTATION}2026112200A7", "case_number.format"),
        (f"{IMPLEMENTATION}202613220007", "case_number.day"),
        (f"{IMPLEMENTATION}202611220000", "case_number.sequence"),
    ],
)
def test_case_number_refusals(text: str, code: str) -> None:
    with pytest.raises(CodeError) as caught:
        CaseNumber.parse(text)
    assert caught.value.code == code


def test_case_number_wants_the_item_form_of_its_rule() -> None:
    with pytest.raises(CodeError) as caught:
        CaseNumber.make(BASIC, date(2026, 11, 22), 1)
    assert caught.value.code == "case_number.item"


@given(st.dates(min_value=date(2000, 1, 1)), st.integers(min_value=1, max_value=9999))
def test_case_number_is_parsed_to_itself(day: date, sequence: int) -> None:
    number = CaseNumber.make(ItemCode.parse(IMPLEMENTATION), day, sequence)
    assert CaseNumber.parse(str(number)) == number
