"""Whom the register believes: by table, and the SQL of the rebuild decides exactly as the rule for one entity does."""

from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onecity.hubs.registers.adapters.fusion_engine import fuse
from onecity.hubs.registers.rules.conflict import COMPARISONS, RULES, Said, choose, comparable
from onecity.hubs.registers.rules.files import FILES, FileField, FileSpec
from onecity.hubs.registers.rules.fusion_sql import FeedPlan, SourcePlan

OLD, NEW = date(2020, 1, 1), date(2026, 1, 1)
MARKET, TAX, HR = Said("market", "甲", 1, OLD), Said("tax", "乙", 2, NEW), Said("hr", "乙", 3, OLD)


@pytest.mark.parametrize(
    ("rule", "said", "value", "resource", "disagreement"),
    [
        ("ranked", [TAX, MARKET], "甲", "market", True),
        ("ranked", [Said("market", "", 1, NEW), TAX], "乙", "tax", False),
        ("newest", [MARKET, TAX], "乙", "tax", True),
        ("newest", [MARKET, Said("tax", "乙", 2)], "甲", "market", True),
        ("newest", [Said("market", "甲", 1, NEW), TAX], "甲", "market", True),
        ("agreement", [MARKET, TAX, HR], "乙", "tax", True),
        ("agreement", [MARKET, TAX], "甲", "market", True),
        ("ranked", [MARKET], "甲", "market", False),
    ],
)
def test_the_rule_decides(rule: str, said: list[Said], value: str, resource: str, disagreement: bool) -> None:
    choice = choose(said, rule, "same")
    assert choice is not None
    assert (choice.value, choice.resource, choice.disagreement) == (value, resource, disagreement)


def test_nobody_says_anything() -> None:
    assert choose([Said("market", "", 1)], "ranked", "same") is None


def test_an_unknown_rule_is_refused() -> None:
    with pytest.raises(ValueError, match="loudest"):
        choose([MARKET], "loudest", "same")


@pytest.mark.parametrize(
    ("compare", "left", "right", "same"),
    [
        ("loose", "青岛甲（虚构）", "青岛甲(虚构)", True),
        ("loose", "青岛 甲", "青岛甲", True),
        ("same", "青岛 甲", "青岛甲", False),
        ("digits", "12号楼3单元", "12栋3门", True),
        ("digits", "12号", "1号2", False),
        ("never", "甲", "乙", True),
    ],
)
def test_what_counts_as_the_same(compare: str, left: str, right: str, same: bool) -> None:
    assert (comparable(left, compare) == comparable(right, compare)) is same


def test_every_file_names_its_fields_once_and_its_begin() -> None:
    for spec in FILES:
        assert len(set(spec.columns)) == len(spec.columns), spec.key
        assert spec.field(spec.since) is not None, spec.key


SPEC = FileSpec("trial", "trial", "试", "trial", (FileField("name", "名称"),), by_subject=True)
WORDS = st.sampled_from(["", "甲", "乙", "甲 ", "1号2", "1栋2", "'; DROP TABLE x; --", "𠅤"])
DAYS = st.one_of(st.none(), st.dates(date(2000, 1, 1), date(2026, 1, 1)))
TOLD = st.fixed_dictionaries({name: st.tuples(WORDS, DAYS) for name in ("a", "b", "c")})


@settings(max_examples=40, deadline=None)
@given(
    told=st.lists(TOLD, min_size=1, max_size=6),
    rule=st.sampled_from(sorted(RULES)),
    compare=st.sampled_from(sorted(COMPARISONS)),
)
def test_the_sql_decides_as_the_rule(
    tmp_path_factory: pytest.TempPathFactory, told: list[dict[str, tuple[str, date | None]]], rule: str, compare: str
) -> None:
    folder = tmp_path_factory.mktemp("fusion")
    paths = {}
    for name in ("a", "b", "c"):
        rows = [{"key": f"e{n}", "word": one[name][0], "when": one[name][1]} for n, one in enumerate(told)]
        schema = pa.schema([("key", pa.string()), ("word", pa.string()), ("when", pa.date32())])
        paths[name] = str(folder / f"{name}.parquet")
        pq.write_table(pa.Table.from_pylist(rows, schema=schema), paths[name])
    feeds = [FeedPlan(name, "key", "when", establishes=name == "a") for name in ("a", "b", "c")]
    sources = [
        SourcePlan("name", name, "word", rank, rule, compare) for rank, name in enumerate(("a", "b", "c"), start=1)
    ]
    with fuse(SPEC, feeds, sources, paths) as fused:
        got = {row["entity"]: row["name"] for chunk in fused.chunks() for row in chunk.to_pylist()}
        disputed = {row["entity"] for chunk in fused.conflicts() for row in chunk.to_pylist()}
    for n, one in enumerate(told):
        said = [
            Said(name, one[name][0].strip(), rank, one[name][1]) for rank, name in enumerate(("a", "b", "c"), start=1)
        ]
        choice = choose(said, rule, compare)
        assert got[f"e{n}"] == (choice.value if choice else None)
        assert (f"e{n}" in disputed) is bool(choice and choice.disagreement)


def test_a_key_named_twice_keeps_its_newest_row_whatever_the_order(tmp_path: object) -> None:
    from pathlib import Path

    path = str(Path(str(tmp_path)) / "a.parquet")
    rows = [
        {"key": "e", "word": "旧", "when": OLD},
        {"key": "e", "word": "新", "when": NEW},
        {"key": " ", "word": "无", "when": NEW},
    ]
    for order in (rows, rows[::-1]):
        pq.write_table(pa.Table.from_pylist(order), path)
        with fuse(
            SPEC, [FeedPlan("a", "key", "when", True)], [SourcePlan("name", "a", "word", 1)], {"a": path}
        ) as fused:
            (chunk,) = fused.chunks()
            assert [(row["entity"], row["name"]) for row in chunk.to_pylist()] == [("e", "新")]
            assert fused.feeds[0].repeated >= 1
