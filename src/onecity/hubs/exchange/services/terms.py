"""The terms of a request as columns of its grant. Owns their names and defaults; unknown words are refused by KeyError."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

__all__ = ["grant_terms"]

_DEFAULTS: Mapping[str, Any] = {
    "modes": [], "rows_limit": {}, "masks": {}, "rate_per_second": 0, "person_required": False, "matter_required": False,
    "emergency": False, "ends_at": None,
}  # fmt: skip


def grant_terms(terms: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of the grant; what a request does not say limits nothing."""
    known = {name: terms.get(name, default) for name, default in _DEFAULTS.items()}
    if known["ends_at"]:
        known["ends_at"] = datetime.fromisoformat(known["ends_at"])
    return known
