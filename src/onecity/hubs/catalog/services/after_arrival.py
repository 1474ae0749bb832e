"""What follows from a delivery, in its transaction: lineage, the quality ticket, the end of a lateness alarm."""

from onecity.hubs.catalog.models import Arrival, Resource, Version
from onecity.hubs.catalog.services.lineage import note_arrival
from onecity.hubs.catalog.services.quality_tickets import end_lateness, open_ticket
from onecity.kernel import audit
from onecity.kernel.actor import Actor

__all__ = ["after_arrival", "note_arrived"]


def after_arrival(actor: Actor, row: Resource, arrival: Arrival, version: Version | None) -> None:
    """Called once for every delivery, refused ones too."""
    note_arrival(row, arrival, version)
    open_ticket(row, arrival)
    if version is not None:
        end_lateness(row)


def note_arrived(actor: Actor, arrival: Arrival) -> None:
    """The audit row of a delivery."""
    audit.record(
        actor, "catalog.receive_arrival", target="catalog.resource", target_id=arrival.resource.key,
        data={
            "version": arrival.version, "rows": arrival.published, "quarantined": arrival.quarantined,
            "text": arrival.text, "way": arrival.way, "name": arrival.name,
        },
        outcome="done" if arrival.version else "refused",
    )  # fmt: skip
