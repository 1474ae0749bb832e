"""The front door of the base map. Reads are public knowledge; loads need `basemap.place.load`."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction

from onecity.hubs.basemap.adapters import shipped
from onecity.hubs.basemap.contracts import LoadReport
from onecity.hubs.basemap.ports import DIVISION_COLUMNS, columns
from onecity.hubs.basemap.queries import (
    address,
    catchment_of,
    catchment_rows,
    children,
    division,
    division_history,
    divisions,
    match_address,
    outlines,
    similarity,
)
from onecity.hubs.basemap.services import load_addresses as addresses_load
from onecity.hubs.basemap.services import load_catchments as catchments_load
from onecity.hubs.basemap.services import load_divisions as divisions_load
from onecity.kernel.actor import Actor

__all__ = [
    "address", "catchment_of", "catchment_rows", "children", "division", "division_history", "divisions",
    "load_addresses", "load_catchments", "load_divisions", "load_shipped_divisions", "match_address", "outlines",
    "similarity",
]  # fmt: skip


def load_divisions(
    actor: Actor, /, *, rows: Iterable[Mapping[str, Any]] = (), table: Any = None, valid_from: date | None = None
) -> LoadReport:
    """Bring divisions up to date from rows or an Arrow table (code, name, level, kind, parent, order).

    Rows without their own `valid_from` begin on `valid_from`, by default when the shipped list begins.
    Errors: NotPermitted, PlaceInvalid.
    """
    if table is not None:
        rows = [
            dict(zip(DIVISION_COLUMNS, row, strict=True)) for row in zip(*columns(table, DIVISION_COLUMNS), strict=True)
        ]
    begins = valid_from or min(date.fromisoformat(row["valid_from"]) for row in shipped.divisions())
    with transaction.atomic():
        return divisions_load.load_divisions(actor, rows=rows, valid_from=begins)


def load_shipped_divisions(actor: Actor, /) -> LoadReport:
    """Load the list shipped with the hub: city, districts, streets and towns. Safe to repeat."""
    return load_divisions(actor, rows=shipped.divisions())


def load_addresses(actor: Actor, /, *, table: Any) -> LoadReport:
    """Load standard addresses from an Arrow table by COPY. Errors: NotPermitted, PlaceInvalid."""
    with transaction.atomic():
        return addresses_load.load_addresses(actor, table=table)


def load_catchments(actor: Actor, /, *, kind: str, year: int, rows: Iterable[Any]) -> LoadReport:
    """Replace the catchments of a kind and year. Errors: NotPermitted, PlaceInvalid."""
    with transaction.atomic():
        return catchments_load.load_catchments(actor, kind=kind, year=year, rows=rows)
