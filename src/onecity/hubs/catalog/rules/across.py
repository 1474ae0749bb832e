"""Rules over several rows: a value once in the file, a value that exists in another resource. Owns their SQL over Parquet.

They run on the rows that stood the plan, as they are stored (references instead of numbers), so both files are compared in
the same form. The first row of several equal ones stays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from onecity.hubs.catalog.contracts import FieldSpec, RuleKind, RuleSpec
from onecity.hubs.catalog.rules.plan import Check
from onecity.hubs.catalog.rules.storage import quoted

__all__ = ["Across", "rules_across", "statement"]

ROW = "_row"


@dataclass(frozen=True, slots=True)
class Across:
    """One rule over rows: `columns` as stored; `other`: the resource asked ("" = none) and `other_column` there."""

    check: Check
    columns: tuple[str, ...]
    other: str = ""
    other_column: str = ""


def rules_across(
    fields: Sequence[FieldSpec], rules: Sequence[RuleSpec], columns_elsewhere: Mapping[tuple[str, str], str]
) -> tuple[Across, ...]:
    """Every unique and reference rule of a resource. `columns_elsewhere`: (resource, item) → stored column there."""
    found = [one for field in fields for rule in field.quality if (one := _of_field(field, rule, columns_elsewhere))]
    named = {field.name: field for field in fields}
    for rule in rules:
        if rule.kind is RuleKind.UNIQUE:
            members = [named[name] for name in rule.param("fields", ())]
            found.append(Across(_check(rule, members, "组合重复，保留首行"), tuple(_stored(one) for one in members)))
    return tuple(found)


def _of_field(field: FieldSpec, rule: RuleSpec, elsewhere: Mapping[tuple[str, str], str]) -> Across | None:
    if rule.kind is RuleKind.UNIQUE:
        return Across(_check(rule, [field], "重复，保留首行"), (_stored(field),))
    if rule.kind is RuleKind.REFERENCE:
        other, item = str(rule.param("resource")), str(rule.param("field"))
        reason = f"在“{other}”中查不到"
        return Across(_check(rule, [field], reason), (_stored(field),), other, elsewhere.get((other, item), ""))
    return None


def _check(rule: RuleSpec, members: Sequence[FieldSpec], words: str) -> Check:
    label = "、".join(one.label for one in members)
    return Check(members[0].name, rule.kind.value, f"{label}{words}", rule.dimension, rule.severity, "")


def _stored(field: FieldSpec) -> str:
    return field.columns[0]


def statement(rule: Across, rows: str, other: str) -> str:
    """Row numbers that break the rule. `rows` and `other` are relations; `rows` has the number of the row as `_row`."""
    given = " AND ".join(f"{quoted(column)} IS NOT NULL" for column in rule.columns)
    if not rule.other:
        keys = ", ".join(quoted(column) for column in rule.columns)
        firsts = f"SELECT {keys}, MIN({ROW}) AS first_row, COUNT(*) AS n FROM {rows} WHERE {given} GROUP BY {keys} HAVING COUNT(*) > 1"
        same = " AND ".join(f"r.{quoted(column)} = f.{quoted(column)}" for column in rule.columns)
        return f"SELECT r.{ROW} AS {ROW} FROM {rows} AS r JOIN ({firsts}) AS f ON {same} WHERE r.{ROW} <> f.first_row"
    column, theirs = quoted(rule.columns[0]), quoted(rule.other_column)
    return (
        f"SELECT r.{ROW} AS {ROW} FROM {rows} AS r WHERE r.{column} IS NOT NULL AND NOT EXISTS "
        f"(SELECT 1 FROM {other} AS o WHERE o.{theirs} = r.{column})"
    )
