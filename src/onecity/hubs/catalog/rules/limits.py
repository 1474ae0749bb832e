"""Which row of a dated list holds on a day. Pure; the rows are data with their source."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

__all__ = ["row_in_force"]


def row_in_force(rows: Iterable[Mapping[str, Any]], key: str, day: date) -> Mapping[str, Any]:
    """The newest row of `key` whose `valid_from` is not after `day`. Raises KeyError when there is none."""
    found = [row for row in rows if row["key"] == key and row["valid_from"] <= day]
    if not found:
        raise KeyError(f"no row of {key} holds on {day.isoformat()}")
    return max(found, key=lambda row: row["valid_from"])
