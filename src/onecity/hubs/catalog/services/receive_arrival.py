"""A delivery becomes a version, or is refused as a whole. One bad row never loses a file; a broken file never replaces a good one.

Check → quarantine → COPY into a fresh typed table → index → swap the view and the pointer, all in the caller's transaction.
"""

import time
from datetime import datetime

import pyarrow as pa
from django.db import connection

from onecity.hubs.catalog.adapters.copying import copy_table
from onecity.hubs.catalog.adapters.identifiers import masked_numbers, with_references
from onecity.hubs.catalog.contracts import FieldSpec, Permission
from onecity.hubs.catalog.errors import StepRefused
from onecity.hubs.catalog.events import VersionPublished
from onecity.hubs.catalog.models import Arrival, Overlay, Quarantine, Resource, Version
from onecity.hubs.catalog.rules import storage
from onecity.hubs.catalog.rules.checks import BadRow, Checked, broken_because, check_table
from onecity.hubs.catalog.services.authority import require_provider
from onecity.hubs.catalog.services.lookup import resource_row
from onecity.hubs.catalog.services.overlay import rebuild_view
from onecity.hubs.catalog.services.search_documents import refresh_document
from onecity.hubs.catalog.services.version_files import keep_table
from onecity.hubs.catalog.services.views import field_specs
from onecity.kernel import audit, events
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now

__all__ = ["receive_arrival"]

_KEPT_TABLES = 2
_QUARANTINE_SHOWN = 10_000


def receive_arrival(actor: Actor, *, resource: str, table: pa.Table, as_of: datetime) -> Arrival:
    """Check and publish a delivery. `as_of`: the time the data describe. Refused as a whole → version 0 and the reason."""
    began = time.perf_counter()
    row = resource_row(resource, lock=True)
    require_provider(actor, Permission.RECEIVE, row.provider)
    if row.live:
        raise StepRefused(text="该资源由上级系统实时提供，不接收文件", data={"resource": resource})
    fields = field_specs(row.fields)
    checked = check_table(table, fields)
    reason = broken_because(checked, table.num_rows, row.bad_share_limit)
    arrival = Arrival(
        resource=row, received=table.num_rows, published=0 if reason else checked.good.num_rows,
        quarantined=len(checked.bad), as_of=as_of, at=now(), seconds=0, text=reason or _note(checked),
    )  # fmt: skip
    if not reason:
        arrival.version = _publish_version(actor, row, fields, checked, arrival)
    arrival.seconds = round(time.perf_counter() - began, 3)
    arrival.save()
    _quarantine(arrival, table, fields, checked.bad)
    audit.record(
        actor, "catalog.receive_arrival", target="catalog.resource", target_id=resource,
        data={"version": arrival.version, "rows": arrival.published, "quarantined": arrival.quarantined, "text": arrival.text},
        outcome="refused" if reason else "done",
    )  # fmt: skip
    return arrival


def _note(checked: Checked) -> str:
    return f"未登记的信息项未入库：{'、'.join(checked.undeclared)}" if checked.undeclared else ""


def _publish_version(
    actor: Actor, row: Resource, fields: tuple[FieldSpec, ...], checked: Checked, arrival: Arrival
) -> int:
    last = row.versions.order_by("-number").values_list("number", flat=True).first()
    number = (last or 0) + 1
    version = Version(
        resource=row, number=number, rows=checked.good.num_rows, quarantined=len(checked.bad), as_of=arrival.as_of,
        published_at=now(),
    )  # fmt: skip
    stored = with_references(checked.good, fields, sealed=row.keeps_numbers)
    keep_table(version, row.key, stored)
    _store(row.key, number, fields, stored)
    version.save()
    row.version, row.rows, row.as_of = number, checked.good.num_rows, arrival.as_of
    row.bytes = version.bytes
    row.save(update_fields=["version", "rows", "as_of", "bytes"])
    refresh_document(row)
    Overlay.objects.filter(resource=row.key).delete()  # the provider's next version speaks for itself
    rebuild_view(row)
    _drop_old_tables(row, number)
    event = VersionPublished(row.key, number, row.rows, len(checked.bad), arrival.as_of)
    events.publish(actor, event, key=row.key)
    return number


def _store(key: str, number: int, fields: tuple[FieldSpec, ...], stored: pa.Table) -> None:
    relation = storage.relation(storage.table_name(key, number))
    with connection.cursor() as cursor:
        # A table of a number no version carries is the leftover of a removed record; nobody reads it.
        cursor.execute(f"DROP TABLE IF EXISTS {relation} CASCADE")
        cursor.execute(storage.create_table(key, number, fields))
        copy_table(relation, stored.select(list(storage.column_types(fields))))
        for position, column in enumerate(storage.index_columns(fields)):
            cursor.execute(storage.index_statement(key, number, column, position))
        cursor.execute(f"ANALYZE {relation}")


def _drop_old_tables(row: Resource, newest: int) -> None:
    old = row.versions.filter(number__lte=newest - _KEPT_TABLES, dropped=False)
    with connection.cursor() as cursor:
        for version in old:
            cursor.execute(f"DROP TABLE IF EXISTS {storage.relation(storage.table_name(row.key, version.number))}")
    old.update(dropped=True)


def _quarantine(arrival: Arrival, table: pa.Table, fields: tuple[FieldSpec, ...], bad: tuple[BadRow, ...]) -> None:
    shown = bad[:_QUARANTINE_SHOWN]
    if not shown:
        return
    held = table.select([f.name for f in fields if f.name in table.column_names]).take([b.position for b in shown])
    for field in fields:
        if field.type.is_identifier and field.name in held.column_names:
            index = held.column_names.index(field.name)
            held = held.set_column(index, field.name, masked_numbers(held.column(index).cast(pa.string())))
    Quarantine.objects.bulk_create(
        (
            Quarantine(
                arrival_id=arrival.id, position=one.position + 1, field=one.field, reason=one.reason,
                content={name: "" if value is None else str(value).replace("\x00", "�") for name, value in content.items()},
            )
            for one, content in zip(shown, held.to_pylist(), strict=True)
        ),
        batch_size=2000,
    )  # fmt: skip
