"""Replaces the catchments of one kind and year."""

from collections.abc import Iterable
from typing import Any

from onecity.hubs.basemap.contracts import LoadReport, Permission
from onecity.hubs.basemap.events import CatchmentsLoaded
from onecity.hubs.basemap.models import Catchment
from onecity.hubs.basemap.ports import catchment_rows
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.events import publish
from onecity.kernel.policy import require


def load_catchments(actor: Actor, *, kind: str, year: int, rows: Iterable[Any]) -> LoadReport:
    """Write rows (holder, community, road, from, to[, side]). Errors: NotPermitted, PlaceInvalid with the row."""
    require(actor, Permission.PLACE_LOAD)
    checked = catchment_rows(rows)
    replaced, _ = Catchment.objects.filter(kind=kind, year=year).delete()
    Catchment.objects.bulk_create(
        [
            Catchment(
                kind=kind, year=year, holder=row.holder, community=row.community, road=row.road,
                number_from=row.number_from, number_to=row.number_to, side=row.side.value,
            )
            for row in checked
        ],
        batch_size=5000,
    )  # fmt: skip
    audit.record(
        actor, "basemap.load_catchments", target="basemap.catchment", target_id=f"{kind}:{year}",
        data={"rows": len(checked), "replaced": replaced},
    )  # fmt: skip
    publish(actor, CatchmentsLoaded(kind, year, len(checked)), key=f"{kind}:{year}")
    return LoadReport(len(checked), replaced)
