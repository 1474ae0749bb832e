"""A delivery becomes a version, or is refused as a whole. One bad row never loses a file; a broken file never replaces a good one.

Read → check → lay ready (streaming, no lock) → lock the resource → publish, note, announce in one transaction.
"""

import time

from django.db import transaction

from onecity.hubs.catalog.adapters import lake
from onecity.hubs.catalog.adapters.readers import Raw, Unreadable, Wanted
from onecity.hubs.catalog.contracts import FieldSpec
from onecity.hubs.catalog.models import Arrival
from onecity.hubs.catalog.services.after_arrival import after_arrival, note_arrived
from onecity.hubs.catalog.services.delivery import Delivery
from onecity.hubs.catalog.services.judge_arrival import broken_because, notes_on, require_receivable, score
from onecity.hubs.catalog.services.lookup import resource_row
from onecity.hubs.catalog.services.publish_version import publish_version
from onecity.hubs.catalog.services.quarantine import hold_back
from onecity.hubs.catalog.services.rule_inputs import asked_of
from onecity.hubs.catalog.services.staging import Staged, staged
from onecity.hubs.catalog.services.views import field_specs
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now

__all__ = ["receive"]


def receive(actor: Actor, *, resource: str, delivery: Delivery) -> Arrival:
    """Check and publish a delivery. Refused as a whole → version 0 and the reason. Raises NotPermitted, StepRefused, StorageFull."""
    began = time.perf_counter()
    row = resource_row(resource)
    require_receivable(actor, row)
    fields = field_specs(row.fields)
    arrival = delivery.waiting or Arrival(resource=row, received=0, published=0, quarantined=0, seconds=0, at=now())
    arrival.as_of, arrival.way, arrival.name = delivery.as_of, delivery.way, delivery.name[:200]
    arrival.merging, arrival.content_sha256 = list(delivery.merging), delivery.sha256
    arrival.delivered_by, arrival.once_key, arrival.state = dict(delivery.delivered_by), delivery.once_key, "done"
    wanted = Wanted(fields, delivery.name, delivery.encoding, delivery.sheet)
    with lake.drafted() as draft:
        try:
            raw = delivery.read(draft, wanted)
            with staged(raw, asked_of(row, fields, delivery.as_of)) as outcome:
                _conclude(actor, arrival, raw, outcome, fields, began)
        except Unreadable as error:
            _refuse(actor, arrival, str(error), began)
    return arrival


def _refuse(actor: Actor, arrival: Arrival, reason: str, began: float) -> None:
    with transaction.atomic():
        row = resource_row(arrival.resource.key, lock=True)
        arrival.resource, arrival.text, arrival.seconds = row, reason, round(time.perf_counter() - began, 3)
        arrival.quality, arrival.score = {}, 0.0
        arrival.save()
        note_arrived(actor, arrival)
        after_arrival(actor, row, arrival, None)


def _conclude(
    actor: Actor, arrival: Arrival, raw: Raw, outcome: Staged, fields: tuple[FieldSpec, ...], began: float
) -> None:  # fmt: skip
    version = None
    with transaction.atomic():
        row = resource_row(arrival.resource.key, lock=True)
        arrival.resource, arrival.received, arrival.lost, arrival.format = row, raw.received, len(raw.lost), raw.format
        arrival.quarantined = outcome.held + len(raw.lost)
        reason = broken_because(row, raw, outcome)
        score(arrival, row, raw, outcome)
        arrival.text = reason or "；".join(notes_on(raw))
        if not reason:
            arrival.published = outcome.rows
            version = publish_version(actor, row, fields, outcome, arrival, merging=arrival.merging)
            arrival.version = version.number
        hold_back(arrival, raw, outcome, fields)
        arrival.seconds = round(time.perf_counter() - began, 3)
        arrival.save()
        note_arrived(actor, arrival)
        after_arrival(actor, row, arrival, version)
