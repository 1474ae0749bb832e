"""What was laid ready becomes the version readers get: file, table, pointer and view change in one transaction.

The resource row is locked by the caller, so two publishers get one number each. Owns the increment: rows of the version
before that the delivery does not replace go over into the new file.
"""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from django.db import connection

from onecity.hubs.catalog.adapters import lake
from onecity.hubs.catalog.adapters.copying import copy_table
from onecity.hubs.catalog.adapters.duck import connected, relation, write_query
from onecity.hubs.catalog.contracts import FieldSpec, current_relation
from onecity.hubs.catalog.events import VersionPublished
from onecity.hubs.catalog.models import Arrival, Overlay, Resource, Version
from onecity.hubs.catalog.rules import storage
from onecity.hubs.catalog.services.overlay import rebuild_view
from onecity.hubs.catalog.services.search_documents import refresh_document
from onecity.hubs.catalog.services.staging import Staged
from onecity.kernel import events
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now

__all__ = ["publish_version"]

_KEPT_TABLES = 2


def publish_version(
    actor: Actor, row: Resource, fields: tuple[FieldSpec, ...], outcome: Staged, arrival: Arrival, *, merging: Sequence[str]
) -> Version:  # fmt: skip
    """Make the good rows of `outcome` the next version. `merging`: key items of an increment, () = the delivery is the whole."""
    last = row.versions.order_by("-number").values_list("number", flat=True).first()
    number = (last or 0) + 1
    version = Version(
        resource=row, number=number, quarantined=outcome.held, as_of=arrival.as_of, published_at=now(), rows=outcome.rows,
    )  # fmt: skip
    with lake.drafted() as whole:
        draft = outcome.good
        if merging and row.version:
            draft = _merged(row, fields, outcome.good, whole, merging)
        with pq.ParquetFile(draft) as content:
            version.rows, columns = content.metadata.num_rows, content.schema_arrow.names
        version.tabled = version.rows <= storage.TABLE_LIMIT
        if version.tabled:
            _store(row.key, number, fields, draft)
        kept = lake.keep(draft, resource=row.key, number=number, version=version.id)
    version.file, version.bytes, version.sha256, version.columns = kept.file, kept.bytes, kept.sha256, columns
    version.save()
    row.version, row.rows, row.as_of, row.bytes = number, version.rows, arrival.as_of, version.bytes
    row.save(update_fields=["version", "rows", "as_of", "bytes"])
    refresh_document(row)
    Overlay.objects.filter(resource=row.key).delete()  # the provider's next version speaks for itself
    _show(row, version)
    _drop_old_tables(row, number)
    event = VersionPublished(row.key, number, version.rows, outcome.held, arrival.as_of)
    events.publish(actor, event, key=row.key)
    return version


def _merged(row: Resource, fields: Sequence[FieldSpec], fresh: Path, whole: Path, merging: Sequence[str]) -> Path:
    """The version before, less the rows whose key comes again, and the fresh rows; of equal keys the last one holds."""
    before = row.versions.filter(number=row.version).exclude(file="").first()
    if before is None:
        return fresh
    named = {field.name: field for field in fields}
    keys = [storage.quoted(named[item].columns[0]) for item in merging]
    same = " AND ".join(f"n.{key} IS NOT DISTINCT FROM o.{key}" for key in keys)
    old = lake.absolute(before.file)
    last = f"row_number() OVER (PARTITION BY {', '.join(keys)} ORDER BY file_row_number DESC)"
    with connected(old, fresh, whole) as session:
        latest = f"SELECT * EXCLUDE (file_row_number) FROM {relation(fresh, numbered=True)} QUALIFY {last} = 1"
        write_query(
            session,
            f"SELECT * FROM {relation(old)} AS o WHERE NOT EXISTS (SELECT 1 FROM {relation(fresh)} AS n WHERE {same}) "
            f"UNION ALL BY NAME ({latest})",
            whole,
        )
    return whole


def _store(key: str, number: int, fields: tuple[FieldSpec, ...], draft: Path) -> None:
    table = storage.relation(storage.table_name(key, number))
    columns = list(storage.column_types(fields))
    with connection.cursor() as cursor, pq.ParquetFile(draft) as content:
        # A table of a number no version carries is the leftover of a removed record; nobody reads it.
        cursor.execute(f"DROP TABLE IF EXISTS {table} CASCADE")
        cursor.execute(storage.create_table(key, number, fields))
        for batch in content.iter_batches(lake.ROW_GROUP, columns=columns):
            copy_table(table, pa.Table.from_batches([batch.select(columns)]))
        for position, column in enumerate(storage.index_columns(fields)):
            cursor.execute(storage.index_statement(key, number, column, position))
        cursor.execute(f"ANALYZE {table}")


def _show(row: Resource, version: Version) -> None:
    if version.tabled:
        rebuild_view(row)
        return
    with connection.cursor() as cursor:  # a view of the version before would show yesterday's rows as today's
        cursor.execute(f"DROP VIEW IF EXISTS {current_relation(row.key)}")


def _drop_old_tables(row: Resource, newest: int) -> None:
    old = row.versions.filter(number__lte=newest - _KEPT_TABLES, dropped=False)
    with connection.cursor() as cursor:
        for version in old:
            cursor.execute(f"DROP TABLE IF EXISTS {storage.relation(storage.table_name(row.key, version.number))}")
    old.update(dropped=True)
