"""The terms of a request as columns of its grant. Owns their names and defaults; unknown words are refused by KeyError."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

__all__ = ["grant_terms"]

_DEFAULTS: Mapping[str, Any] = {
    "modes": [], "rows_limit": {}, "masks": {}, "rate_per_second": 0, "person_required": False, "matter_required": False,
    "emergency": False,
}  # fmt: skip


def grant_terms(terms: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Columns of the grant; what a request does not say limits nothing. An emergency ends `hours` after it was granted."""
    known = {name: terms.get(name, default) for name, default in _DEFAULTS.items()}
    known["ends_at"] = now + timedelta(hours=int(terms["hours"])) if known["emergency"] else None
    return known
