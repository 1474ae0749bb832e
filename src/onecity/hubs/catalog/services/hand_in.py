"""Deliveries handed in as files: taken at once, or kept and taken by a worker, so that a killed process loses nothing.

A file that waits lies under lake/inbox and its arrival is a row; the job that takes it may run twice and delivers once.
"""

import hashlib
import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.db import transaction

from onecity.hubs.catalog.adapters import lake, readers
from onecity.hubs.catalog.contracts import Permission
from onecity.hubs.catalog.errors import ArrivalUnknown, DeliveryTooLarge, StepRefused
from onecity.hubs.catalog.models import Arrival
from onecity.hubs.catalog.rules.closed_form import FormRefused
from onecity.hubs.catalog.services.authority import require_provider
from onecity.hubs.catalog.services.delivery import Delivery
from onecity.hubs.catalog.services.lookup import quality_row, resource_row
from onecity.hubs.catalog.services.receive_arrival import receive
from onecity.hubs.catalog.services.views import field_specs
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now
from onecity.kernel.ids import new_id

__all__ = ["hand_in", "receive_file", "take_waiting"]

_PIECE = 4 * 1024 * 1024


def receive_file(
    actor: Actor, *, resource: str, path: Path, format: str = "", as_of: datetime, encoding: str = "", sheet: str = "",
    name: str = "", merging: Sequence[str] = (), way: str = "file", sha256: str = "",
    delivered_by: Mapping[str, Any] | None = None, once_key: str | None = None, waiting: Arrival | None = None,
) -> Arrival:  # fmt: skip
    """Check and publish a file that lies on this machine. Raises NotPermitted, StepRefused, StorageFull."""
    row = resource_row(resource)
    require_provider(actor, Permission.RECEIVE, row.provider)
    known = {field.name for field in field_specs(row.fields)}
    if unknown := [item for item in merging if item not in known]:
        raise StepRefused(text=f"增量主键 {'、'.join(unknown)} 不是本资源的信息项", data={"resource": resource})
    delivery = Delivery(
        lambda draft, wanted: readers.read(path, draft, wanted, format), as_of, way=way, name=name or path.name,
        encoding=encoding, sheet=sheet, merging=tuple(merging), sha256=sha256, delivered_by=delivered_by or _sender(actor),
        once_key=once_key, waiting=waiting,
    )  # fmt: skip
    try:
        return receive(actor, resource=resource, delivery=delivery)
    except (FormRefused, ValueError) as error:
        raise StepRefused(text=f"资源的质量规则无法执行：{error}"[:300], data={"resource": resource}) from error


def _sender(actor: Actor) -> dict[str, Any]:
    return {"name": actor.name, "organisation": actor.organisation, "account": str(actor.account_id or "")}


def hand_in(
    actor: Actor, *, resource: str, content: IO[bytes], name: str, as_of: datetime, way: str = "file", encoding: str = "",
    merging: Sequence[str] = (), once_key: str | None = None,
) -> Arrival:  # fmt: skip
    """Keep a file and note that it waits; the caller enqueues the job in the same transaction. Raises DeliveryTooLarge, StorageFull.

    The same `once_key` gives the arrival of the first time.
    """
    row = resource_row(resource)
    require_provider(actor, Permission.RECEIVE, row.provider)
    if row.live:
        raise StepRefused(text="该资源由上级系统实时提供，不接收文件", data={"resource": resource})
    if once_key and (known := Arrival.objects.filter(once_key=once_key).first()) is not None:
        return known
    identity = new_id()
    file, digest = _kept(content, f"lake/inbox/{identity.hex}{Path(name).suffix[:12]}")
    arrival = Arrival(
        id=identity, resource=row, received=0, published=0, quarantined=0, as_of=as_of, at=now(), seconds=0, state="waiting",
        way=way, name=name[:200], merging=list(merging), content_sha256=digest, waiting_file=file, once_key=once_key,
        delivered_by={**_sender(actor), "encoding": encoding},
    )  # fmt: skip
    arrival.save(force_insert=True)
    audit.record(
        actor, "catalog.hand_in", target="catalog.resource", target_id=resource, data={"name": name, "sha256": digest}
    )
    return arrival


def _kept(content: IO[bytes], file: str) -> tuple[str, str]:
    limit = int(quality_row("largest_upload_bytes")["value"])
    if content.seekable():
        begun = content.tell()
        if content.seek(0, os.SEEK_END) - begun > limit:  # before a byte is written
            raise DeliveryTooLarge(data={"limit": limit})
        content.seek(begun)
    path, digest, size = lake.absolute(file), hashlib.sha256(), 0
    try:
        with lake.writing():
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as out:
                while piece := content.read(_PIECE):
                    size += len(piece)
                    if size > limit:
                        raise DeliveryTooLarge(data={"limit": limit})
                    digest.update(piece)
                    out.write(piece)
                out.flush()
                os.fsync(out.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return file, digest.hexdigest()


def take_waiting(arrival_id: UUID) -> Arrival:
    """Work on a file that waits; done already = nothing happens. Raises ArrivalUnknown, StorageFull (then it waits on)."""
    arrival = Arrival.objects.select_related("resource").filter(pk=arrival_id).first()
    if arrival is None:
        raise ArrivalUnknown(data={"arrival": str(arrival_id)})
    if arrival.state != "waiting":
        return arrival
    actor, path = Actor.system("catalog"), lake.absolute(arrival.waiting_file)
    if not path.exists():
        with transaction.atomic():
            arrival.state, arrival.text = "done", "报送的文件已不在存储中，请重新报送"
            arrival.save(update_fields=["state", "text"])
        return arrival
    encoding = str(arrival.delivered_by.get("encoding", ""))
    done = receive_file(
        actor, resource=arrival.resource.key, path=path, as_of=arrival.as_of, name=arrival.name, merging=arrival.merging,
        encoding=encoding, way=arrival.way, sha256=arrival.content_sha256, delivered_by=arrival.delivered_by,
        once_key=arrival.once_key, waiting=arrival,
    )  # fmt: skip
    path.unlink(missing_ok=True)
    return done
