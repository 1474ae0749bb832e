"""Decides by a decision table and says which table, version and rule decided, on which inputs."""

from collections.abc import Mapping
from functools import lru_cache
from uuid import UUID

from onecity.hubs.process.adapters.zen_tables import ZenTables, fault_in
from onecity.hubs.process.contracts import Decision
from onecity.hubs.process.errors import DecisionInvalid, TableUnknown
from onecity.hubs.process.models import DecisionTableVersion
from onecity.hubs.process.ports import DecisionEngine, DecisionTableSpec

_engine: DecisionEngine = ZenTables()
_OWN = "_rule"


def decide(table: str, inputs: Mapping[str, object]) -> Decision:
    """Evaluate the version in force; without a matching row no rule. Errors: TableUnknown, DecisionInvalid."""
    found = DecisionTableVersion.objects.filter(key=table, valid_to=None).values_list("pk", "version").first()
    if found is None:
        raise TableUnknown(text=f"没有决策表 {table}", data={"table": table})
    pk, version = found
    spec = _parsed(pk)
    missing = [field for field in spec.inputs if field.split(".")[0] not in inputs]
    if missing:
        raise DecisionInvalid(text=f"决策表 {table} 缺少输入 {'、'.join(missing)}", data={"missing": missing})
    rows = _engine.evaluate(f"{table}@{pk}", spec, inputs)
    if not rows:
        return Decision(table, version, "", {}, dict(inputs), matched=False)
    outputs = [{name: row.get(name) for name in spec.outputs} for row in rows]
    rules = tuple(str(row[_OWN]) for row in rows)
    return Decision(table, version, rules[0], outputs[0], dict(inputs), rules, tuple(outputs))


@lru_cache(maxsize=256)
def _parsed(pk: UUID) -> DecisionTableSpec:
    content = DecisionTableVersion.objects.values_list("content", flat=True).get(pk=pk)
    return DecisionTableSpec.model_validate(content)


def check_table(table: DecisionTableSpec) -> None:
    """Every cell must be a condition the engine reads. Errors: DecisionInvalid naming rule and column."""
    for row in table.rows:
        for column, cell in row.when.items():
            fault = fault_in(cell)
            if fault:
                raise DecisionInvalid(
                    text=f"决策表 {table.key} 规则 {row.id} 的 {column} 写法不对：{cell}",
                    data={"key": f"{table.key}.{row.id}.{column}", "detail": fault[:300]},
                )
