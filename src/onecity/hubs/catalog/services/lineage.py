"""Lineage down to the column: one OpenLineage event for every arrival and every taking, written with the deed it tells of."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from onecity.hubs.catalog.contracts import Ticket
from onecity.hubs.catalog.models import Arrival, LineageEvent, Resource, Version
from onecity.hubs.catalog.rules.open_lineage import Column, Dataset, columns_of_arrival, run_event
from onecity.hubs.catalog.services.views import field_specs
from onecity.kernel.clock import now
from onecity.kernel.ids import new_id

__all__ = ["note_arrival", "note_taking", "note_use"]


def note_arrival(row: Resource, arrival: Arrival, version: Version | None) -> None:
    """From the front, the file or the push to the version; a refused delivery is a failed run without output."""
    source = arrival.name or str(arrival.delivered_by.get("name", "")) or f"{row.key}.{arrival.way}"
    fields = field_specs(row.fields)
    given = Dataset("front", source, tuple(field.name for field in fields))
    inputs, outputs = [given], list[Dataset]()
    columns: tuple[Column, ...] = ()
    if version is not None:
        outputs = [
            Dataset("catalog", row.key, tuple(version.columns), str(version.number), version.rows, version.bytes)
        ]
        columns = columns_of_arrival(source, fields, version.columns)
        if arrival.merging and version.number > 1:
            inputs.append(Dataset("catalog", row.key, tuple(version.columns), str(version.number - 1)))
    _write(arrival.id, f"catalog.arrival.{arrival.way}", inputs, outputs, columns, "" if version else arrival.text)


def note_taking(ticket: Ticket, version: Version) -> None:
    """A holder of a ticket was handed the file of a version."""
    _write(
        new_id(), "exchange.take", [Dataset("catalog", ticket.resource, tuple(version.columns), str(version.number))],
        [Dataset("consumer", ticket.consumer, ticket.fields)],
        tuple(Column(name, ((ticket.resource, name),), description=ticket.purpose) for name in ticket.fields), "",
    )  # fmt: skip


def note_use(
    *, job: str, consumer: str, inputs: Sequence[tuple[str, int]], columns: Mapping[str, Sequence[tuple[str, str]]], rows: int = -1
) -> UUID:  # fmt: skip
    """A register, an export or an open dataset was made of versions: `columns` = its column → (resource, column) pairs."""
    run = new_id()
    made = tuple(Column(name, tuple(sources)) for name, sources in columns.items())
    given = [Dataset("catalog", key, (), str(number)) for key, number in inputs]
    _write(run, job, given, [Dataset("consumer", consumer, tuple(columns), rows=rows)], made, "")
    return run


def _write(
    run: UUID, job: str, inputs: Sequence[Dataset], outputs: Sequence[Dataset], columns: Sequence[Column], fault: str
) -> None:
    at = now()
    event = run_event(
        run_id=run, job=job, at=at, inputs=inputs, outputs=outputs, columns=columns, fault=fault,
        kind="FAIL" if fault else "COMPLETE",
    )  # fmt: skip
    LineageEvent.objects.create(
        run_id=run, job=job[:120], event=event, at=at, inputs=[f"{one.namespace}/{one.name}" for one in inputs],
        outputs=[f"{one.namespace}/{one.name}" for one in outputs],
    )  # fmt: skip
