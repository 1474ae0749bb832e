"""Batches after they were made: the list, the signed manifest, the file while it is kept, who stands in which one."""

import json
from pathlib import Path
from uuid import UUID

from onecity.hubs.exchange.contracts import BatchMembership, BatchView, Mode, Permission
from onecity.hubs.exchange.errors import BatchUnknown
from onecity.hubs.exchange.models import Batch
from onecity.hubs.exchange.rules.batch_set import leaf_of, membership_path, place_of
from onecity.hubs.exchange.services.bulk import Leaves, batch_folder
from onecity.hubs.exchange.services.rows import of_organisation
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now, wall_now
from onecity.kernel.crypto import Algorithm, encode_base64url
from onecity.kernel.keys import ring
from onecity.kernel.paging import Page, PageRequest
from onecity.kernel.subject import SubjectRef

__all__ = [
    "batch", "batch_file", "batch_memberships", "batch_view", "batches", "canonical_json", "manifest", "remove_old_batches",
]  # fmt: skip

_KEY = "exchange-proof"


def _row(actor: Actor, batch_id: UUID) -> Batch:
    held = of_organisation(actor, Permission.CALL, "consumer")
    row = Batch.objects.filter(held, pk=batch_id, mode=Mode.BATCH.value).first()
    if row is None:
        raise BatchUnknown(data={"batch": str(batch_id)})
    return row


def batch(actor: Actor, batch_id: UUID) -> BatchView:
    """One batch of the actor's organisation. Raises BatchUnknown."""
    return batch_view(_row(actor, batch_id))


def batch_file(actor: Actor, batch_id: UUID) -> Path:
    """Its file, while it is kept. Raises BatchUnknown."""
    return _path(_row(actor, batch_id))


def batches(actor: Actor, *, page: PageRequest) -> Page[BatchView]:
    """Batches this organisation took and, for whoever reads grants, those taken from it; newest first."""
    held = of_organisation(actor, Permission.CALL, "consumer") | of_organisation(
        actor, Permission.READ_GRANTS, "provider"
    )
    found = Batch.objects.filter(held, mode=Mode.BATCH.value).order_by("-at")
    rows = found[page.offset : page.offset + page.size]
    return Page(tuple(batch_view(row) for row in rows), found.count(), page.number, page.size)


def manifest(actor: Actor, batch_id: UUID) -> dict[str, object]:
    """What the file is, signed with the city's key: whoever received it in pieces can check the whole."""
    row = _row(actor, batch_id)
    body: dict[str, object] = {
        "format": "onecity.exchange.manifest.v1", "batch": str(row.id), "interface": row.interface,
        "resource": row.resource, "version": row.version, "rows": row.rows, "bytes": row.bytes, "sha256": row.sha256,
        "columns": row.columns, "purpose": row.purpose, "matter": row.matter, "consumer": row.consumer,
        "as_of": row.as_of.isoformat(), "until": row.until.isoformat(), "proof": str(row.proof_id),
        "subjects": row.subjects, "subjects_root": row.root,
    }  # fmt: skip
    key = ring().current(_KEY, Algorithm.ED25519)
    signature = encode_base64url(key.signer.sign(canonical_json(body)))
    return {**body, "key_id": key.signer.key_id, "signature": signature}


def canonical_json(body: dict[str, object]) -> bytes:
    """The bytes a manifest's signature covers: JSON with sorted keys, no blanks, UTF-8."""
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def batch_view(row: Batch) -> BatchView:
    """One batch."""
    return BatchView(
        id=row.id, interface=row.interface, resource=row.resource, version=row.version,
        path=str(batch_folder() / f"{row.id}.parquet"), columns=tuple(row.columns), rows=row.rows, bytes=row.bytes,
        sha256=row.sha256, as_of=row.as_of, proof_id=row.proof_id, at=row.at, consumer=row.consumer,
        consumer_name=row.consumer_name, purpose=row.purpose, matter=row.matter, mode=Mode(row.mode), until=row.until,
        grant_id=row.grant_id,
    )  # fmt: skip


def _path(row: Batch) -> Path:
    """The file of a batch. Raises BatchUnknown when its days are over or it lies on another node."""
    path = batch_folder() / f"{row.id}.parquet"
    if row.removed_at is not None or not path.exists():
        raise BatchUnknown(data={"batch": str(row.id)})
    return path


def batch_memberships(subject: SubjectRef, *, most: int = 500) -> list[BatchMembership]:
    """In which of the newest batches a person stands, with the path that proves it. The leaves stay when the file goes."""
    found = []
    for row in Batch.objects.filter(subjects__gt=0).order_by("-at")[:most]:
        membership = _membership(row, subject)
        if membership is not None:
            found.append(membership)
    return found


def _membership(row: Batch, subject: SubjectRef) -> BatchMembership | None:
    path = batch_folder() / f"{row.id}.leaves"
    if not path.exists():
        return None
    leaves = Leaves(path, row.subjects)
    try:
        leaf = leaf_of(row.salt, subject)
        index = place_of(leaves, leaf)
        if index < 0:
            return None
        proven = membership_path(leaves, leaves.roots, index)
        return BatchMembership(
            row.id, row.proof_id, row.interface, row.at, leaf.hex(), index, row.subjects, proven, row.root
        )
    finally:
        leaves.close()


def remove_old_batches() -> int:
    """Delete files whose days are over; what left, for whom and the proof stay. Returns how many went."""
    gone = 0
    for row in Batch.objects.filter(until__lte=wall_now(), removed_at=None)[:1000]:
        (batch_folder() / f"{row.id}.parquet").unlink(missing_ok=True)
        row.removed_at = now()
        row.save(update_fields=["removed_at"])
        gone += 1
    return gone
