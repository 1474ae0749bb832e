"""Which rows of a delivery are good, without a database."""

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from onecity.codes import CitizenNumber, CodeError, CreditCode
from onecity.hubs.catalog.contracts import FieldSpec, FieldType
from onecity.hubs.catalog.rules.checks import broken_because, check_table
from onecity.hubs.catalog.rules.numbers import citizen_numbers_hold, credit_codes_hold

FIELDS = (
    FieldSpec("number", "身份证号码", FieldType.CITIZEN_NUMBER, required=True),
    FieldSpec("name", "姓名", length=4),
    FieldSpec("since", "登记日期", FieldType.DATE),
    FieldSpec("months", "缴费月数", FieldType.INTEGER),
    FieldSpec("area", "面积", FieldType.NUMBER),
    FieldSpec("valid", "是否有效", FieldType.LOGICAL),
)
GOOD = {
    "number": "370299199003070010",
    "name": "王一",
    "since": "2020-02-29",
    "months": "12",
    "area": "88.5",
    "valid": "是",
}


def checked(*rows: dict[str, Any]) -> Any:
    return check_table(pa.Table.from_pylist([{**GOOD, **row} for row in rows]), FIELDS)


def test_a_good_row_is_typed() -> None:
    row = checked({}).good.to_pylist()[0]
    assert row == {
        "number": "370299199003070010", "name": "王一", "since": date(2020, 2, 29), "months": 12, "area": 88.5, "valid": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "field", "word"),
    [
        ({"number": "370299199003070011"}, "number", "校验位"),
        ({"number": "370299199013070010"}, "number", "校验位"),
        ({"number": ""}, "number", "为空"),
        ({"number": None}, "number", "为空"),
        ({"name": "王一二三四"}, "name", "超过4字"),
        ({"name": "王\x00"}, "name", "无法保存"),
        ({"since": "2021-02-29"}, "since", "有效日期"),
        ({"since": "2021/02/28"}, "since", "有效日期"),
        ({"months": "十二"}, "months", "整数"),
        ({"area": "1e5"}, "area", "数值"),
        ({"valid": "也许"}, "valid", "是/否"),
    ],
)
def test_a_bad_row_is_named_with_field_and_reason(change: dict[str, Any], field: str, word: str) -> None:
    result = checked({}, change, {})
    assert [(bad.position, bad.field) for bad in result.bad] == [(1, field)]
    assert word in result.bad[0].reason
    assert result.good.num_rows == 2


def test_empty_optional_values_are_no_fault() -> None:
    result = checked({"name": "", "since": None, "months": "", "area": None, "valid": ""})
    assert result.bad == ()
    assert result.good.to_pylist()[0]["since"] is None


def test_lower_case_x_is_the_same_number() -> None:
    assert checked({"number": "11010519491231002x"}).good.to_pylist()[0]["number"] == "11010519491231002X"


def test_a_missing_required_column_breaks_the_whole_delivery() -> None:
    result = check_table(pa.table({"name": ["王一"]}), FIELDS)
    assert "身份证号码" in broken_because(result, 1, 0.3)


def test_undeclared_columns_are_named_and_dropped() -> None:
    result = check_table(pa.Table.from_pylist([{**GOOD, "salary": "9"}]), FIELDS)
    assert result.undeclared == ("salary",)
    assert "salary" not in result.good.column_names


def test_too_many_bad_rows_break_the_whole() -> None:
    assert "整批退回" in broken_because(checked({}, {"months": "x"}), 2, 0.3)
    assert broken_because(checked({}, {"months": "x"}), 2, 0.5) == ""


def test_an_empty_delivery_is_broken() -> None:
    assert broken_because(check_table(pa.Table.from_pylist([GOOD]).slice(0, 0), FIELDS), 0, 0.3)


def test_vector_and_value_type_agree_on_citizen_numbers() -> None:
    random = np.random.default_rng(1)
    numbers = ["370299199003070010", "370299195508150130", "11010519491231002X", "440524188001010014"]
    for base in list(numbers):
        for _ in range(200):
            place = random.integers(0, 18)
            numbers.append(base[:place] + str(random.integers(0, 10)) + base[place + 1 :])
    flags = citizen_numbers_hold(pa.chunked_array([numbers]))
    assert [bool(flag) for flag in flags] == [_parses(CitizenNumber, number) for number in numbers]


def test_vector_and_value_type_agree_on_credit_codes() -> None:
    codes = [
        "11370299MB0000019N",
        "91370299MA00000150",
        "11370299MB0000019M",
        "1137029900000001OH",
        "",
        "92370299MA00000A9J",
    ]
    flags = credit_codes_hold(pa.chunked_array([codes]))
    assert [bool(flag) for flag in flags] == [_parses(CreditCode, code) for code in codes]


def _parses(kind: Any, text: str) -> bool:
    try:
        kind(text)
    except CodeError:
        return False
    return True
