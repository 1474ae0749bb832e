"""Days to release and the bar on subsidies that follow from credit. Pure: the rule book itself is a row of the registers.

The days are the programme's own words: release took 20 days, honest firms wait less than a week; dishonest firms are inspected
without exception.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

__all__ = [
    "FAST_DAYS",
    "INSPECT_SHARE",
    "NORMAL_DAYS",
    "VERSION",
    "Listed",
    "days_to_release",
    "in_force",
    "inspection_share",
]

VERSION = "守信快速放行规则 2026-1"
NORMAL_DAYS, FAST_DAYS = 20, 6
INSPECT_SHARE = {"restrain": 100, "none": 20, "favour": 4}
"""Share of consignments opened, in percent: invented for the show except the 100."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry in the court's list."""

    ref: str
    published_on: date
    removed_on: date | None


def in_force(entries: Iterable[Listed], day: date, years: int = 2) -> set[str]:
    """Whom the list holds on `day`: entered, not removed, not older than its period."""
    return {
        one.ref
        for one in entries
        if one.published_on <= day
        and (one.removed_on is None or one.removed_on > day)
        and (day - one.published_on).days < years * 365
    }


def days_to_release(effect: str) -> int:
    """Days until a consignment is released."""
    return FAST_DAYS if effect == "favour" else NORMAL_DAYS


def inspection_share(effect: str) -> int:
    """Percent of consignments opened."""
    return INSPECT_SHARE[effect]
