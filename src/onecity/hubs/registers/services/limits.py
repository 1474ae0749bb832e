"""Time limits and thresholds of the registers: rows of `data/limits.yaml`, each with source and begin."""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from onecity.kernel.clock import today

__all__ = ["limit_row"]


@cache
def _rows() -> list[dict[str, Any]]:
    text = (files("onecity.hubs.registers") / "data" / "limits.yaml").read_text("utf-8")
    rows: list[dict[str, Any]] = yaml.safe_load(text)["limits"]
    return rows


def limit_row(key: str) -> dict[str, Any]:
    """The row of `key` in force today. Raises KeyError when none is."""
    found = [row for row in _rows() if row["key"] == key and row["valid_from"] <= today()]
    if not found:
        raise KeyError(f"no row of {key} is in force")
    return max(found, key=lambda row: row["valid_from"])
