"""A delivery becomes a version, or is refused as a whole. One bad row never loses a file; a broken file never replaces a good one.

Read → check → lay ready (streaming, no lock) → lock the resource → publish, note, announce in one transaction.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.db import transaction

from onecity.hubs.catalog.adapters import lake
from onecity.hubs.catalog.adapters.readers import Raw, Unreadable, Wanted
from onecity.hubs.catalog.adapters.readers.parquet_files import delivered_as
from onecity.hubs.catalog.adapters.readers.raw import checked_header
from onecity.hubs.catalog.contracts import FieldSpec, Permission, RuleKind, UpdateCycle
from onecity.hubs.catalog.errors import StepRefused
from onecity.hubs.catalog.models import Arrival, Resource
from onecity.hubs.catalog.rules.scoring import quality_report, timely
from onecity.hubs.catalog.services.after_arrival import after_arrival
from onecity.hubs.catalog.services.authority import require_provider
from onecity.hubs.catalog.services.lookup import resource_row
from onecity.hubs.catalog.services.publish_version import publish_version
from onecity.hubs.catalog.services.quarantine import hold_back
from onecity.hubs.catalog.services.rule_inputs import asked_of
from onecity.hubs.catalog.services.staging import Staged, freshness_days, staged
from onecity.hubs.catalog.services.views import field_specs, rule_specs
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now

__all__ = ["Delivery", "receive", "table_delivery"]

Read = Callable[[Path, Wanted], Raw]


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came and how. `merging`: key items of an increment; `waiting`: the arrival noted when it was handed in."""

    read: Read
    as_of: datetime
    way: str = "file"
    name: str = ""
    encoding: str = ""
    sheet: str = ""
    merging: Sequence[str] = ()
    sha256: str = ""
    delivered_by: Mapping[str, Any] = field(default_factory=dict)
    once_key: str | None = None
    waiting: Arrival | None = None


def table_delivery(table: pa.Table, as_of: datetime) -> Delivery:
    """A delivery that is in memory already."""
    return Delivery(lambda draft, wanted: _laid_down(table, draft, wanted), as_of, way="table")


def _laid_down(table: pa.Table, draft: Path, wanted: Wanted) -> Raw:
    header = checked_header(table.column_names, wanted)
    known = {one.name: one for one in wanted.fields}
    table = table.select(list(header.places.values())).rename_columns(list(header.places))
    with lake.writing(), lake.writer(draft, table.schema) as out:
        out.write_table(table, row_group_size=lake.ROW_GROUP)
    how = {name: delivered_as(table.schema.field(name).type, known[name]) for name in table.column_names}
    return Raw(draft, how, table.num_rows, (), header.undeclared)


def receive(actor: Actor, *, resource: str, delivery: Delivery) -> Arrival:
    """Check and publish a delivery. Refused as a whole → version 0 and the reason. Raises NotPermitted, StepRefused, StorageFull."""
    began = time.perf_counter()
    row = resource_row(resource)
    require_provider(actor, Permission.RECEIVE, row.provider)
    if row.live:
        raise StepRefused(text="该资源由上级系统实时提供，不接收文件", data={"resource": resource})
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
        _noted(actor, arrival)
        after_arrival(actor, row, arrival, None)


def _conclude(
    actor: Actor, arrival: Arrival, raw: Raw, outcome: Staged, fields: tuple[FieldSpec, ...], began: float
) -> None:  # fmt: skip
    version = None
    with transaction.atomic():
        row = resource_row(arrival.resource.key, lock=True)
        arrival.resource, arrival.received, arrival.lost, arrival.format = row, raw.received, len(raw.lost), raw.format
        arrival.quarantined = outcome.held + len(raw.lost)
        reason = _broken(row, raw, outcome)
        _score(arrival, row, raw, outcome)
        arrival.text = reason or "；".join(_notes(raw))
        if not reason:
            arrival.published = outcome.rows
            version = publish_version(actor, row, fields, outcome, arrival, merging=arrival.merging)
            arrival.version = version.number
        hold_back(arrival, raw, outcome, fields)
        arrival.seconds = round(time.perf_counter() - began, 3)
        arrival.save()
        _noted(actor, arrival)
        after_arrival(actor, row, arrival, version)


def _broken(row: Resource, raw: Raw, outcome: Staged) -> str:
    """Why the delivery must not become a version; "" = it may."""
    if outcome.broken:
        return outcome.broken
    if raw.received == 0:
        return "报送的文件没有数据行"
    share = (outcome.held + len(raw.lost)) / raw.received
    if share > row.bad_share_limit:
        return f"问题数据占 {share:.1%}，超过 {row.bad_share_limit:.0%}，整批退回"
    return ""


def _notes(raw: Raw) -> list[str]:
    undeclared = [f"未登记的信息项未入库：{'、'.join(raw.undeclared)}"] if raw.undeclared else []
    return [*undeclared, *(note for note in raw.notes if note)]


def _score(arrival: Arrival, row: Resource, raw: Raw, outcome: Staged) -> None:
    rules = rule_specs(row.quality)
    limits = {"days": freshness_days(rules)} if any(rule.kind is RuleKind.FRESHNESS for rule in rules) else {}
    arrival.quality = quality_report(
        outcome.checks, outcome.failed, received=raw.received, lost=len(raw.lost),
        timeliness=timely(arrival.as_of, arrival.at, UpdateCycle(row.update_cycle).days, limits),
    )  # fmt: skip
    arrival.score = arrival.quality["score"]


def _noted(actor: Actor, arrival: Arrival) -> None:
    audit.record(
        actor, "catalog.receive_arrival", target="catalog.resource", target_id=arrival.resource.key,
        data={
            "version": arrival.version, "rows": arrival.published, "quarantined": arrival.quarantined,
            "text": arrival.text, "way": arrival.way, "name": arrival.name,
        },
        outcome="done" if arrival.version else "refused",
    )  # fmt: skip
