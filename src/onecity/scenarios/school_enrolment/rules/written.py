"""Reading the year's YAML into rule rows. Owns the shape of `data/rules_<year>.yaml`. Refuses unknown keys and conditions."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from onecity.scenarios.school_enrolment.rules.conditions import CONDITIONS
from onecity.scenarios.school_enrolment.rules.rows import Kind, RuleRow

__all__ = ["BadRule", "rows_of"]

_KNOWN = {"rule", "kind", "key", "order", "name", "all_of", "any_of", "rank_by", "parameters", "text", "source"}


class BadRule(ValueError):
    """A row that must not be loaded; the sentence names it."""


def rows_of(content: Mapping[str, Any], *, districts: tuple[str, ...] = ()) -> list[RuleRow]:
    """One row per number and district; a district's own row replaces the city's. Raises BadRule."""
    made = []
    for district in districts or tuple(content["districts"]):
        own = {row["rule"]: row for row in content.get("overrides", {}).get(district, ())}
        for row in content["rows"]:
            made.append(_row(content, own.get(row["rule"], row), district))
    return made


def _row(content: Mapping[str, Any], row: Mapping[str, Any], district: str) -> RuleRow:
    number = f"RX-{content['year']}-{district}-{row.get('rule', '?')}"
    for strange in row.keys() - _KNOWN:
        raise BadRule(f"{number}：未知的键 {strange}")
    for name in (*row.get("all_of", ()), *row.get("any_of", ())):
        if name not in CONDITIONS:
            raise BadRule(f"{number}：没有条件 {name}，可用的有 {'、'.join(CONDITIONS)}")
    try:
        kind = Kind(row["kind"])
    except ValueError as error:
        raise BadRule(f"{number}：没有规则类型 {row['kind']}") from error
    return RuleRow(
        id=number, version=1, district=district, year=int(content["year"]), kind=kind, key=row["key"], name=row["name"],
        order=int(row.get("order", 0)), all_of=tuple(row.get("all_of", ())), any_of=tuple(row.get("any_of", ())),
        rank_by=row.get("rank_by", ""), parameters={k: str(v) for k, v in row.get("parameters", {}).items()},
        text=row.get("text", ""), source=row.get("source") or content["source"],
        valid_from=_day(content["valid_from"]), valid_to=None,
    )  # fmt: skip


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))
