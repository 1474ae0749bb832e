"""A checked and signed version becomes what the public reads; a dataset is taken away from everyone at once."""

import hashlib
from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq

from onecity.hubs.opendata.contracts import DatasetState, Permission, SnapshotFile
from onecity.hubs.opendata.errors import SayingIncomplete, TakenDown
from onecity.hubs.opendata.events import DatasetOpened, DatasetTakenDown
from onecity.hubs.opendata.models import Dataset, Published
from onecity.hubs.opendata.services.generation import touch
from onecity.hubs.opendata.services.index import index
from onecity.hubs.opendata.services.lookup import require_provider
from onecity.hubs.opendata.services.snapshot_files import drop_files
from onecity.kernel import audit, events
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now

__all__ = ["publish", "take_down"]


def publish(actor: Actor, row: Dataset, files: SnapshotFile, *, proof_id: str = "") -> None:
    """Point the dataset at a version. The files of the version before stay for readers in the middle of a page."""
    with pq.ParquetFile(Path(files.parquet)) as read:
        rows = read.metadata.num_rows
    digest = files.sha256 or hashlib.sha256(Path(files.parquet).read_bytes()).hexdigest()
    check = row.checks.filter(version=files.version, passed=True).order_by("-at").first()
    if check is None:
        raise SayingIncomplete(text="没有通过的发布前检查，不能开放")
    before, moment = row.version, now()
    row.state, row.reason, row.version, row.rows, row.bytes, row.sha256 = (
        DatasetState.OPEN,
        "",
        files.version,
        rows,
        files.bytes,
        digest,
    )
    row.as_of = files.as_of or _as_of(row, files.version) or moment
    row.opened_at, row.changed_at = row.opened_at or moment, moment
    row.save()
    Published.objects.update_or_create(
        dataset=row, version=files.version,
        defaults={"rows": rows, "bytes": files.bytes, "sha256": digest, "as_of": row.as_of, "at": moment, "proof_id": proof_id},
    )  # fmt: skip
    index(row)
    touch()
    drop_files(row.key, keep=[files.version, before])
    data = {"version": row.version, "rows": rows, "sha256": digest}
    audit.record(actor, "opendata.publish", target="opendata.dataset", target_id=row.key, data=data)
    events.publish(actor, DatasetOpened(row.key, row.version, rows, row.as_of), key=row.key)


def _as_of(row: Dataset, version: int) -> datetime | None:
    from onecity.hubs.catalog import api as catalog

    return next((one.as_of for one in catalog.versions(row.resource) if one.number == version), None)


def take_down(actor: Actor, row: Dataset, *, reason: str) -> None:
    """Gone from portal, feeds, APIs and row service with this commit; the files are removed. Raises TakenDown when it is already."""
    require_provider(actor, Permission.TAKE_DOWN, row.provider)
    if row.state == DatasetState.TAKEN_DOWN:
        raise TakenDown(data={"dataset": row.key, "reason": row.reason})
    if len(reason.strip()) < 4:
        raise SayingIncomplete(text="请写明下架理由")
    row.state, row.reason, row.changed_at = DatasetState.TAKEN_DOWN, reason.strip(), now()
    row.save(update_fields=["state", "reason", "changed_at"])
    touch()
    drop_files(row.key)
    audit.record(actor, "opendata.take_down", target="opendata.dataset", target_id=row.key, data={"reason": row.reason})
    events.publish(actor, DatasetTakenDown(row.key, row.reason), key=row.key)
