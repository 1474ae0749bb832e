"""Loads standard addresses by COPY; the addresses of the communities in the table are replaced whole."""

from typing import Any

from onecity.hubs.basemap.contracts import LoadReport, Permission
from onecity.hubs.basemap.models import Address
from onecity.hubs.basemap.ports import ADDRESS_COLUMNS, columns
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.database import copy_rows
from onecity.kernel.policy import require

_FIELDS = ("code", "division", "road", "number", "building", "unit", "room", "full", "longitude", "latitude")
_BATCH = 200_000


def load_addresses(actor: Actor, *, table: Any) -> LoadReport:
    """Write an Arrow table with the columns of `ports.ADDRESS_COLUMNS`. Errors: NotPermitted, PlaceInvalid."""
    require(actor, Permission.PLACE_LOAD)
    replaced = 0
    if Address.objects.exists():
        places = set(table.column("division_code").to_pylist())
        replaced, _ = Address.objects.filter(division__in=places).delete()
    count = 0
    for start in range(0, table.num_rows, _BATCH):
        part = columns(table.slice(start, _BATCH), ADDRESS_COLUMNS)
        for text in (2, 6):
            part[text] = [value or "" for value in part[text]]
        count += copy_rows("basemap_address", _FIELDS, zip(*part, strict=True))
    audit.record(
        actor, "basemap.load_addresses", target="basemap.address", target_id="bulk",
        data={"rows": count, "replaced": replaced},
    )  # fmt: skip
    return LoadReport(count, replaced)
