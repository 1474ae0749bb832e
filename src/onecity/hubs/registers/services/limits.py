"""Time limits and thresholds of the registers: rows of `data/limits.yaml`, each with source and begin."""

from datetime import date, datetime, time
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from onecity.hubs.process import api as process
from onecity.hubs.process.contracts import Limit, TimeUnit
from onecity.hubs.process.errors import CalendarMissingError
from onecity.kernel.clock import CITY_ZONE, today

__all__ = ["last_day", "limit_row"]


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


def last_day(key: str, begin: date) -> date | None:
    """The last day of the limit `key` that begins on `begin`; None where the working calendar does not reach."""
    limit = limit_row(key)
    try:
        last = process.deadline(
            datetime.combine(begin, time(9), CITY_ZONE), Limit(limit["amount"], TimeUnit(limit["unit"]))
        )
    except CalendarMissingError:
        return None
    return last.astimezone(CITY_ZONE).date()
