"""Which holder serves an address. The most exact row wins; two holders equally exact are nobody's: a person decides."""

from collections.abc import Iterable

from onecity.hubs.basemap.contracts import CatchmentRow, Side
from onecity.hubs.basemap.rules.addresses import ParsedAddress, normalise

_WHOLE, _ROAD, _RANGE = 1, 2, 3


def serving(rows: Iterable[CatchmentRow], division: str, address: ParsedAddress) -> str | None:
    """The holder whose row fits the address most exactly, or None when none or several do."""
    fits: dict[int, set[str]] = {}
    for row in rows:
        rank = _fit(row, division, address)
        if rank:
            fits.setdefault(rank, set()).add(row.holder)
    holders = fits[max(fits)] if fits else set()
    return next(iter(holders)) if len(holders) == 1 else None


def _fit(row: CatchmentRow, division: str, address: ParsedAddress) -> int:
    """0 = does not fit; otherwise how exactly. A division shorter than a community fits by road only."""
    inside = division.startswith(row.community)
    if not inside and not row.community.startswith(division):
        return 0
    if not row.road:
        return _WHOLE if inside else 0
    if normalise(row.road) != address.road:
        return 0
    if row.number_from is None and row.number_to is None and row.side is Side.ALL:
        return _ROAD
    number = address.house_number
    return _RANGE if number is not None and _within(row, number) else 0


def _within(row: CatchmentRow, number: int) -> bool:
    if row.number_from is not None and number < row.number_from:
        return False
    if row.number_to is not None and number > row.number_to:
        return False
    return row.side is Side.ALL or (number % 2 == 1) == (row.side is Side.ODD)
