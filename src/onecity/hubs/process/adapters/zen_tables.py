"""Decision tables on zen-engine: each table version is translated once and kept in the engine's static loader.

A loader written in Python would be called, and rebuild its content, for every decision; the static one is an order of
magnitude faster. The engine is rebuilt when a table version is met for the first time in this process.
"""

import json
from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any

import zen

from onecity.hubs.process.errors import DecisionInvalid
from onecity.hubs.process.ports import DecisionTableSpec

_RULE = "_rule"


class ZenTables:
    """A DecisionEngine. Thread-safe: the engine is replaced, never changed."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._content: dict[str, dict[str, Any]] = {}
        self._engine: Any = zen.ZenEngine()

    def evaluate(
        self, name: str, table: DecisionTableSpec, inputs: Mapping[str, object]
    ) -> Sequence[Mapping[str, Any]]:
        """Matching rows in order. Errors: DecisionInvalid."""
        if name not in self._content:
            self._add(name, table)
        try:
            result = self._engine.evaluate(name, dict(inputs))["result"]
        except RuntimeError as fault:
            raise DecisionInvalid(data={"table": name, "detail": str(fault)[:500]}) from fault
        rows = result if isinstance(result, list) else [result]
        return [row for row in rows if row and _RULE in row]

    def _add(self, name: str, table: DecisionTableSpec) -> None:
        with self._lock:
            content = {**self._content, name: translate(table)}
            try:
                engine = zen.ZenEngine({"loader": {"type": "static", "content": content}})
            except (RuntimeError, TypeError, ValueError) as fault:
                raise DecisionInvalid(data={"table": name, "detail": str(fault)[:500]}) from fault
            self._content, self._engine = content, engine


def translate(table: DecisionTableSpec) -> dict[str, Any]:
    """A table as a JDM graph: input → table → output. Outputs are literal values, never expressions of the author."""
    inputs = [{"id": f"i{n}", "name": field, "field": field} for n, field in enumerate(table.inputs)]
    outputs = [{"id": f"o{n}", "name": field, "field": field} for n, field in enumerate((*table.outputs, _RULE))]
    rules = [
        {
            "_id": row.id,
            **{f"i{n}": _condition(row.when.get(field, "")) for n, field in enumerate(table.inputs)},
            **{f"o{n}": _literal(row.then[field]) for n, field in enumerate(table.outputs)},
            f"o{len(table.outputs)}": _literal(row.id),
        }
        for row in table.rows
    ]
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in"},
        {
            "id": "table", "type": "decisionTableNode", "name": table.key,
            "content": {"hitPolicy": table.hit, "inputs": inputs, "outputs": outputs, "rules": rules},
        },
        {"id": "out", "type": "outputNode", "name": "out"},
    ]  # fmt: skip
    edges = [
        {"id": "a", "type": "edge", "sourceId": "in", "targetId": "table"},
        {"id": "b", "type": "edge", "sourceId": "table", "targetId": "out"},
    ]
    return {"nodes": nodes, "edges": edges}


def fault_in(cell: object) -> str:
    """Why the engine cannot read a condition; empty when it can."""
    if not isinstance(cell, str) or not cell.strip():
        return ""
    try:
        zen.compile_unary_expression(cell)
    except RuntimeError as fault:
        return str(fault).splitlines()[0]
    return ""


def _condition(cell: object) -> str:
    if isinstance(cell, str):
        return cell
    return _literal(cell)


def _literal(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
