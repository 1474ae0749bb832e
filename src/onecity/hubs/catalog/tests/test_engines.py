"""Same rules, same results: DuckDB and Spark name the same rows for the same reasons and give the same values."""

import random
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from onecity.hubs.catalog.adapters.duck import DuckEngine
from onecity.hubs.catalog.contracts import FieldSpec, FieldType, RuleSpec
from onecity.hubs.catalog.rules.across import rules_across, statement
from onecity.hubs.catalog.rules.plan import Plan, compile_plan
from onecity.hubs.identity.testkit import citizen_number

FIELDS = (
    FieldSpec("number", "身份证号码", FieldType.CITIZEN_NUMBER, required=True),
    FieldSpec("firm", "统一社会信用代码", FieldType.CREDIT_CODE),
    FieldSpec("name", "姓名", length=4, quality=(RuleSpec.of("pattern", regex=r"[^\d\s]+"),)),
    FieldSpec("since", "日期", FieldType.DATE, quality=(RuleSpec.of("date_window", min="1990-01-01", max="as_of"),)),
    FieldSpec("at", "时间", FieldType.DATETIME, quality=(RuleSpec.of("date_window", max="as_of"),)),
    FieldSpec("months", "月数", FieldType.INTEGER, quality=(RuleSpec.of("range", min=0, max=600),)),
    FieldSpec("area", "面积", FieldType.NUMBER, quality=(RuleSpec.of("range", min=0),)),
    FieldSpec("valid", "有效", FieldType.LOGICAL),
    FieldSpec("kind", "类别", quality=(RuleSpec.of("code_list", values=["01", "02", "it's"]), RuleSpec.of("unique"))),
)
RULES = (
    RuleSpec.of("expression", expression="months > 0 OR valid = FALSE OR name LIKE '王%'"),
    RuleSpec.of("unique", fields=["name", "since"]),
)
_VALUES: dict[str, list[str | None]] = {
    "number": [citizen_number(1), citizen_number(2).lower(), "11010519491231002x", "370299199002300011",
               "", None, "１２３", citizen_number(5) + " "],
    "firm": ["11370299MB0000019N", "11370299mb0000019n", "11370299MB0000019M", "", None, "O" * 18],
    "name": ["王一", " 李二\u3000", "王一二三四", "𠮷野", "a\x00b", "", None, "张3", "换\n行"],
    "since": ["2020-02-29", "2021-02-29", "1989-12-31", "2030-01-01", "2020-1-1", "", None, "0000-01-01", "2020-01-01\n"],
    "at": ["2020-01-01 08:00", "2020-01-01T08:00:00Z", "2020-01-01 08:00:00.123+09:30", "2020-01-01 25:00", "2026-06-02 00:00", "", None],
    "months": ["12", "-1", "601", "1.0", "999999999999999999", "9999999999999999999", "", None, "１２"],
    "area": ["88.5", "-0.1", "1e5", "0.1234567891", "", None, "123456789012345678.5"],
    "valid": ["true", "是", "0", "否", "maybe", "", None], "kind": ["01", "02", "it's", "03", "", None],
}  # fmt: skip


def delivery(path: Path, rows: int = 3000) -> Path:
    chance = random.Random(7)
    table = {
        name: pa.array([chance.choice(values) for _ in range(rows)], pa.string()) for name, values in _VALUES.items()
    }
    pq.write_table(pa.table(table), path, row_group_size=500)
    return path


def rows_of(engine: Any, raw: Path, plan: Plan) -> list[dict[str, Any]]:
    return [row for batch in engine.checked(raw, plan) for row in batch.to_pylist()]


@pytest.mark.scale
def test_duckdb_and_spark_agree_on_every_row_and_value(tmp_path: Path) -> None:
    pytest.importorskip("pyspark")
    from onecity.hubs.catalog.adapters.spark import SparkEngine

    raw = delivery(tmp_path / "raw.parquet")
    plan = compile_plan(FIELDS, RULES, dict.fromkeys(_VALUES, "text"), as_of=date(2026, 6, 1))
    duck, spark = rows_of(DuckEngine(), raw, plan), rows_of(SparkEngine(), raw, plan)
    assert len(duck) == len(spark) == 3000
    different = [(number, d, s) for number, (d, s) in enumerate(zip(duck, spark, strict=True)) if d != s]
    assert different == []
    assert any(row["_bits0"] for row in duck)


@pytest.mark.scale
def test_duckdb_and_spark_agree_on_rules_over_rows(tmp_path: Path) -> None:
    pytest.importorskip("pyspark")
    from onecity.hubs.catalog.adapters.spark import SparkEngine

    rows = delivery(tmp_path / "rows.parquet")
    for rule in rules_across(FIELDS, RULES, {}):
        text = statement(rule, "rows", "other")
        assert list(DuckEngine().rows_breaking(text, {"rows": rows})) == list(
            SparkEngine().rows_breaking(text, {"rows": rows})
        )
    other = tmp_path / "other.parquet"
    pq.write_table(pa.table({"kind": ["01"]}), other)
    (reference,) = rules_across(
        (FieldSpec("kind", "类别", quality=(RuleSpec.of("reference", resource="o", field="kind"),)),),
        (),
        {("o", "kind"): "kind"},
    )
    text = statement(reference, "rows", "other")
    found = [
        list(engine.rows_breaking(text, {"rows": rows, "other": other})) for engine in (DuckEngine(), SparkEngine())
    ]
    assert found[0] == found[1] != []


def test_a_plan_is_written_for_both_engines_and_runs_in_order(tmp_path: Path) -> None:
    raw = delivery(tmp_path / "raw.parquet", 800)
    plan = compile_plan(FIELDS, RULES, dict.fromkeys(_VALUES, "text"), as_of=date(2026, 6, 1))
    assert "RLIKE" in plan.select("t", dialect="spark")
    numbers = [row["months"] for row in rows_of(DuckEngine(), raw, plan)]
    given = pq.read_table(raw).column("months").to_pylist()
    assert [n for n, text in zip(numbers, given, strict=True) if text == "12"] == [12] * given.count("12")
