"""How data come, are checked, stored and traced: the second half of the catalogue's front door."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import IO
from uuid import UUID

from django.db import transaction

from onecity.hubs.catalog.contracts import ArrivalView
from onecity.hubs.catalog.services import hand_in as _handing
from onecity.hubs.catalog.services import lineage as _lineage
from onecity.hubs.catalog.services import quality_tickets as _tickets
from onecity.hubs.catalog.services.arrival_reading import (
    arrival,
    arrivals_page,
    held_rows,
    lateness,
    lineage_document,
    lineage_of,
    quality_of,
    stock_facts,
)
from onecity.hubs.catalog.services.sweep_lake import sweep_lake
from onecity.hubs.catalog.services.views import arrival_view
from onecity.kernel.actor import Actor
from onecity.kernel.clock import CITY_ZONE
from onecity.kernel.jobs import defer_named

__all__ = [
    "announce_lateness", "arrival", "arrivals_page", "hand_in", "held_rows", "lateness", "lineage_document", "lineage_of",
    "note_use", "quality_of", "receive_file", "stock_facts", "sweep_lake", "take_waiting",
]  # fmt: skip


def receive_file(
    actor: Actor, /, *, resource: str, path: Path, format: str = "", as_of: datetime | date, encoding: str = "",
    sheet: str = "", merging: Sequence[str] = (), name: str = "",
) -> ArrivalView:  # fmt: skip
    """Check a file on this machine and publish its good rows. `format` csv, xlsx, parquet, geojson ("" = by content and name).

    `merging`: key items; then the file is an increment laid over the version before. Streams; publishes in one transaction.
    Raises NotPermitted, StepRefused, StorageFull; a broken file is answered (`accepted` False), not raised.
    """
    done = _handing.receive_file(
        actor, resource=resource, path=path, format=format, as_of=_moment(as_of), encoding=encoding, sheet=sheet,
        merging=merging, name=name,
    )  # fmt: skip
    return arrival_view(done, resource)


def hand_in(
    actor: Actor, /, *, resource: str, content: IO[bytes], name: str, as_of: datetime | date, encoding: str = "",
    merging: Sequence[str] = (), way: str = "file", idempotency_key: str = "",
) -> ArrivalView:  # fmt: skip
    """Keep a file that somebody hands in; a worker takes it within seconds. Raises NotPermitted, DeliveryTooLarge, StorageFull.

    The same `idempotency_key` of the same organisation gives the same arrival, whatever the file.
    """
    once = f"{actor.organisation}:{resource}:{idempotency_key}"[:120] if idempotency_key else None
    with transaction.atomic():
        row = _handing.hand_in(
            actor, resource=resource, content=content, name=name, as_of=_moment(as_of), encoding=encoding,
            merging=merging, way=way, once_key=once,
        )  # fmt: skip
        if row.state == "waiting":
            defer_named("catalog.take_waiting", lock=f"catalog.{resource}", arrival_id=str(row.id))
        return arrival_view(row, resource)


def _moment(as_of: datetime | date) -> datetime:
    return as_of if isinstance(as_of, datetime) else datetime.combine(as_of, time.min, CITY_ZONE)


def take_waiting(arrival_id: UUID, /) -> ArrivalView:
    """Work on a file that waits (job). Running twice delivers once. Raises ArrivalUnknown, StorageFull."""
    row = _handing.take_waiting(arrival_id)
    return arrival_view(row, row.resource.key)


def note_use(
    actor: Actor, /, *, job: str, consumer: str, inputs: Sequence[tuple[str, int]],
    columns: Mapping[str, Sequence[tuple[str, str]]], rows: int = -1,
) -> UUID:  # fmt: skip
    """Tell the lineage what was made of versions: `inputs` (resource, number), `columns` its column → (resource, column) pairs.

    For registers, open data, exports; joins the caller's transaction.
    """
    with transaction.atomic():
        return _lineage.note_use(job=job, consumer=consumer, inputs=inputs, columns=columns, rows=rows)


def announce_lateness() -> int:
    """Raise an alarm and a work item for data older than their cycle (periodic job); returns how many are new."""
    with transaction.atomic():
        return _tickets.raise_lateness()
