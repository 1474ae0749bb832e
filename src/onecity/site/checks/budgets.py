"""Budgets that keep the tail short: length of files and functions, imports of a file, drawer names.

Complexity (at most 10) is ruff's C901. `budget_exceptions.toml` lists what may be larger for now; an entry that is no
longer needed, or excuses more than there is, fails too, so the list can only shrink. A test that tells a story through many
hubs may import them all (docs/decisions/stories-import-many-hubs.md).
"""

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

__all__ = ["EXCEPTIONS", "FILE_LINES", "FIRST_PARTY_IMPORTS", "FUNCTION_LINES", "Excess", "excesses", "problems"]

FILE_LINES = 400
FUNCTION_LINES = 50
FIRST_PARTY_IMPORTS = 15
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers"}
EXCEPTIONS = "budget_exceptions.toml"


@dataclass(frozen=True)
class Excess:
    """Something over its budget. `where` is "path" or "path::function"."""

    where: str
    rule: str
    amount: int
    allowed: int


def _functions(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def _first_party(tree: ast.Module, where: str) -> int:
    """Our modules a file imports. A front door re-exports its own room, which is its duty and does not count."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "onecity":
            found.add(node.module or "")
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.split(".")[0] == "onecity"}
    if where.endswith(("/api.py", "/__init__.py")):
        own = "onecity." + where.rpartition("/")[0].replace("/", ".") + "."
        found = {name for name in found if not name.startswith(own)}
    return len(found)


def excesses(source: Path) -> Iterator[Excess]:
    """Everything over budget below `source`; migrations are made by a machine and do not count."""
    for path in sorted(source.rglob("*.py")):
        if "migrations" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text)
        where = path.relative_to(source).as_posix()
        yield from _of_file(where, path, text, tree)
        for name, length in _functions(tree):
            if length > FUNCTION_LINES:
                yield Excess(f"{where}::{name}", "function", length, FUNCTION_LINES)


def _of_file(where: str, path: Path, text: str, tree: ast.Module) -> Iterator[Excess]:
    lines, imports = text.count("\n"), _first_party(tree, where)
    if lines > FILE_LINES:
        yield Excess(where, "file", lines, FILE_LINES)
    if imports > FIRST_PARTY_IMPORTS and "tests" not in path.parts:
        yield Excess(where, "imports", imports, FIRST_PARTY_IMPORTS)
    if path.stem in DRAWERS or path.parent.name in DRAWERS:
        yield Excess(where, "drawer", 1, 0)
    if ast.get_docstring(tree) is None and text.strip():
        yield Excess(where, "docstring", 1, 0)


_SENTENCES = {
    "file": "{where} has {amount} lines, {allowed} are allowed. Split it by subject.",
    "function": "{where} has {amount} lines, {allowed} are allowed. Name its steps.",
    "imports": "{where} imports {amount} of our modules, {allowed} are allowed. It does too much.",
    "drawer": "{where}: the name says nothing. Name what is in it.",
    "docstring": "{where}: the module does not say what it owns.",
}


def _granted(exceptions: Path) -> Iterator[tuple[tuple[str, str], int, list[str]]]:
    if not exceptions.exists():
        return
    for entry in tomllib.loads(exceptions.read_text(encoding="utf-8")).get("exception", []):
        place = f"{exceptions.name}: {entry.get('where')}"
        faults = [f"{place}: no {key}" for key in ("owner", "since", "reason") if key not in entry]
        if "since" in entry and not isinstance(entry["since"], date):
            faults.append(f"{place}: since must be a date")
        yield (entry["where"], entry["rule"]), entry["amount"], faults


def problems(source: Path, exceptions: Path) -> Iterator[str]:
    """One sentence per excess that is not excused, and per excuse that is no longer needed."""
    left: dict[tuple[str, str], int] = {}
    for key, amount, faults in _granted(exceptions):
        left[key] = amount
        yield from faults
    for excess in excesses(source):
        granted = left.pop((excess.where, excess.rule), None)
        if granted is None or excess.amount > granted:
            yield _SENTENCES[excess.rule].format(where=excess.where, amount=excess.amount, allowed=excess.allowed)
        elif excess.amount < granted:
            yield f"{exceptions.name}: {excess.where} shrank to {excess.amount}. Lower its entry."
    for where, rule in left:
        yield f"{exceptions.name}: {where} ({rule}) is within its budget now. Remove its entry."
