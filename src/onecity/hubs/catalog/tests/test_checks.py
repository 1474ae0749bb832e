"""Which rows of a delivery are good: rules compiled to SQL, run by DuckDB, without a database."""

from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from onecity.codes import CitizenNumber, CodeError
from onecity.codes.checks import CREDIT_ALPHABET, credit_check
from onecity.hubs.catalog.adapters.duck import checked_table
from onecity.hubs.catalog.adapters.number_checks import BREAKS
from onecity.hubs.catalog.contracts import Dimension, FieldSpec, FieldType, RuleSpec, Severity
from onecity.hubs.catalog.rules.closed_form import FormRefused, closed_form
from onecity.hubs.catalog.rules.plan import BITS, compile_plan

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
DAY = date(2026, 6, 1)


def run(
    rows: list[dict[str, Any]], fields: tuple[FieldSpec, ...] = FIELDS, rules: tuple[RuleSpec, ...] = (), **lists: Any
) -> tuple[list[dict[str, Any]], list[list[tuple[str, str]]]]:
    """Typed rows, and for each the faults as (field, reason)."""
    table = pa.table({f.name: pa.array([row.get(f.name) for row in rows]) for f in fields})
    how = {f.name: "text" for f in fields}
    plan = compile_plan(fields, rules, how, as_of=DAY, dictionaries=lists)
    answer = checked_table(table, plan)
    bits = [answer.column(name).to_pylist() for name in plan.bit_columns]
    faults = [
        [(check.field, check.reason) for n, check in enumerate(plan.checks) if bits[n // BITS][row] >> n % BITS & 1]
        for row in range(len(rows))
    ]
    return answer.select(list(plan.outputs)).to_pylist(), faults


def checked(*rows: dict[str, Any]) -> tuple[list[dict[str, Any]], list[list[tuple[str, str]]]]:
    return run([{**GOOD, **row} for row in rows])


def test_a_good_row_is_typed() -> None:
    rows, faults = checked({})
    assert rows == [{
        "number": "370299199003070010", "name": "王一", "since": date(2020, 2, 29), "months": 12, "area": 88.5, "valid": True,
    }]  # fmt: skip
    assert faults == [[]]


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
    _, faults = checked({}, change, {})
    assert faults[0] == faults[2] == []
    assert faults[1][0][0] == field
    assert word in faults[1][0][1]


def test_empty_optional_values_are_no_fault() -> None:
    rows, faults = checked({"name": "", "since": None, "months": "", "area": None, "valid": "\u3000"})
    assert faults == [[]]
    assert rows[0]["since"] is None
    assert rows[0]["name"] is None


def test_lower_case_x_is_the_same_number() -> None:
    rows, faults = checked({"number": "11010519491231002x"})
    assert (rows[0]["number"], faults) == ("11010519491231002X", [[]])


TIME = FieldSpec("at", "时间", FieldType.DATETIME)


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-01-02 08:00", datetime(2026, 1, 2, 0, 0, tzinfo=UTC)),
        ("2026-01-02T08:00:30Z", datetime(2026, 1, 2, 8, 0, 30, tzinfo=UTC)),
        ("2026-01-02T08:00:00+09:30", datetime(2026, 1, 1, 22, 30, tzinfo=UTC)),
        ("2026-01-02 08:00:00.250-0500", datetime(2026, 1, 2, 13, 0, 0, 250_000, tzinfo=UTC)),
    ],
)
def test_times_without_a_zone_are_the_citys(text: str, utc: datetime) -> None:
    rows, faults = run([{"at": text}], (TIME,))
    assert faults == [[]]
    assert rows[0]["at"].replace(tzinfo=UTC) == utc


@pytest.mark.parametrize("text", ["2026-01-02 25:00", "2026-02-30 08:00", "昨天", "2026-01-02", "2026-01-02 08:00 +8"])
def test_impossible_times_are_refused(text: str) -> None:
    assert "时间" in run([{"at": text}], (TIME,))[1][0][0][1]


def field(kind: FieldType, *rules: RuleSpec) -> tuple[FieldSpec, ...]:
    return (FieldSpec("x", "某项", kind, quality=rules),)


@pytest.mark.parametrize(
    ("fields", "good", "bad"),
    [
        (field(FieldType.TEXT, RuleSpec.of("pattern", regex=r"\d{3}")), ["123"], ["12", "1234", "12a", "123\n"[:3] + "x"]),
        (field(FieldType.TEXT, RuleSpec.of("code_list", values=["01", "02"])), ["01", " 02 "], ["1", "03", "'"]),
        (field(FieldType.TEXT, RuleSpec.of("code_list", dictionary="sex")), ["M"], ["X"]),
        (field(FieldType.TEXT, RuleSpec.of("length", min=2, max=3)), ["王一", "王一二"], ["王", "王一二三"]),
        (field(FieldType.INTEGER, RuleSpec.of("range", min=0, max=150)), ["0", "150"], ["-1", "151"]),
        (field(FieldType.NUMBER, RuleSpec.of("range", max=1.5)), ["1.5", "-9"], ["1.51"]),
        (field(FieldType.DATE, RuleSpec.of("date_window", min="1900-01-01", max="as_of")), ["2026-06-01"], ["2026-06-02", "1899-12-31"]),
        (field(FieldType.DATETIME, RuleSpec.of("date_window", max="as_of")), ["2026-06-01 23:59"], ["2026-06-02 00:00"]),
        (field(FieldType.TEXT, RuleSpec.of("credit_code")), ["11370299MB0000019N"], ["11370299MB0000019M"]),
        (field(FieldType.TEXT, RuleSpec.of("citizen_number")), ["11010519491231002X"], ["110105194912310021"]),
        (field(FieldType.TEXT, RuleSpec.of("required")), ["a"], ["", "  "]),
    ],
)  # fmt: skip
def test_each_kind_of_rule_tells_good_from_bad(fields: tuple[FieldSpec, ...], good: list[str], bad: list[str]) -> None:
    _, faults = run([{"x": value} for value in [*good, *bad]], fields, sex=["M", "F"])
    assert [bool(found) for found in faults] == [False] * len(good) + [True] * len(bad)


def test_a_condition_over_several_items_names_its_sentence() -> None:
    rule = RuleSpec.of("expression", expression="months > 0 OR valid = FALSE", label="有效的须有缴费月数")
    _, faults = run([GOOD, {**GOOD, "months": "0"}, {**GOOD, "months": "0", "valid": "否"}], rules=(rule,))
    assert faults == [[], [("months", "有效的须有缴费月数")], []]


@pytest.mark.parametrize(
    "text",
    [
        "salary > 0", "name = (SELECT 1)", "read_csv('/etc/passwd') = 1", "months > 0; DROP TABLE x", "other.name = 'a'",
        "1 = 1 FROM x", "getenv('HOME') = 'x'", "months > 0) OR (1 = 1", "*", "name || 'a' = 'b' COLLATE x", "(" * 200 + "1" + ")" * 200,
        "months", "x" * 600,
    ],
)  # fmt: skip
def test_conditions_outside_the_closed_form_are_refused(text: str) -> None:
    if text == "months":
        assert closed_form(text, {"months": "t_months"}) == "t_months"
        return
    with pytest.raises(FormRefused):
        closed_form(text, {"months": "t_months", "name": "t_name"})


def test_more_rules_than_one_column_of_bits_holds() -> None:
    fields = tuple(FieldSpec(f"f{n}", f"项{n}", length=1, required=True) for n in range(40))
    _, faults = run(
        [{f"f{n}": "ab" if n in (0, 39) else "a" for n in range(40)}, {f"f{n}": "a" for n in range(39)}], fields
    )
    assert [[name for name, _ in found] for found in faults] == [["f0", "f39"], ["f39"]]


def test_rules_know_their_dimension() -> None:
    assert RuleSpec.of("required").dimension is Dimension.COMPLETENESS
    assert RuleSpec.of("expression", expression="1 = 1").dimension is Dimension.CONSISTENCY
    assert RuleSpec.of("range", min=0, dimension="conformity").dimension is Dimension.CONFORMITY


def test_a_rule_survives_being_stored() -> None:
    rule = RuleSpec.of("code_list", values=["1", "2"], severity=Severity.WARNING)
    assert RuleSpec.from_json(rule.as_json()) == rule
    assert hash(rule) == hash(RuleSpec.from_json(rule.as_json()))


def test_sql_and_value_type_agree_on_citizen_numbers() -> None:
    random = np.random.default_rng(1)
    numbers = [
        "370299199003070010",
        "370299195508150130",
        "11010519491231002X",
        "440524188001010014",
        "370299200002290019",
    ]
    for base in list(numbers):
        for _ in range(300):
            place = random.integers(0, 18)
            numbers.append(base[:place] + str(random.integers(0, 10)) + base[place + 1 :])
    _, faults = run([{"number": number} for number in numbers], FIELDS[:1])
    assert [not found for found in faults] == [_parses(CitizenNumber, number) for number in numbers]


def test_sql_and_value_type_agree_on_credit_codes() -> None:
    random = np.random.default_rng(2)
    codes = [
        "11370299MB0000019N",
        "91370299MA00000150",
        "11370299MB0000019M",
        "1137029900000001OH",
        "92370299MA00000A9J",
    ]
    for base in list(codes):
        for _ in range(200):
            place = random.integers(0, 18)
            codes.append(
                base[:place] + str(random.choice(list("0123456789ABCDEFGHJKLMNPQRTUWXYIO"))) + base[place + 1 :]
            )
    _, faults = run([{"code": code} for code in codes], (FieldSpec("code", "代码", FieldType.CREDIT_CODE),))
    assert [not found for found in faults] == [_checks(code) for code in codes]


def _checks(code: str) -> bool:
    """Alphabet and check character; division and organisation code are not asked of a delivery (early codes break them)."""
    return set(code) <= set(CREDIT_ALPHABET) and credit_check(code[:17]) == code[17]


def _parses(kind: Any, text: str) -> bool:
    try:
        kind(text)
    except CodeError:
        return False
    return True


def test_numbers_judged_by_columns_are_judged_as_in_sql() -> None:
    """Beside the SQL that both engines know, DuckDB's numbers are judged in bulk: the same answer for every oddity."""
    random = np.random.default_rng(3)
    base = [
        "11010519491231002X",
        "440524188001010014",
        "370299200002290019",
        "11370299MB0000019N",
        "91370299MA00000150",
    ]
    values: list[str | None] = [
        None,
        "",
        "X",
        "１２３４５６７８９０１２３４５６７８",
        "00000000000000000X",
        "1" * 17,
        "1" * 19,
        "éééééééée",
    ]
    values += [
        one[:at] + str(random.choice(list("0123456789XNxé "))) + one[at + 1 :]
        for one in base
        for at in range(18)
        for _ in range(8)
    ]
    values += [f"370299{year}{month:02}{day:02}00{check}" for year in ("1799", "1800", "1900", "2000", "2023", "2024")
               for month in (0, 2, 4, 12, 13) for day in (0, 1, 28, 29, 30, 31, 32) for check in ("19", "10", "1X", "12")]  # fmt: skip
    fields = FieldSpec("number", "号码", FieldType.CITIZEN_NUMBER), FieldSpec("code", "代码", FieldType.CREDIT_CODE)
    plan = compile_plan(fields, (), {"number": "text", "code": "text"}, as_of=DAY)
    answer = checked_table(pa.table({"number": values, "code": values}), plan)
    bits = np.asarray(answer.column("_bits0"))
    for place, check in plan.numbers:
        column = answer.column(check.field).combine_chunks()
        broken = BREAKS[check.number](column)
        assert [value for value, a, b in zip(values, broken, bits >> place & 1, strict=True) if a != b] == []
        assert 0 < broken.sum() < len(values)
        assert list(BREAKS[check.number](column[5:300])) == list(broken[5:300])
