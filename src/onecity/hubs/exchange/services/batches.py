"""Batches as their owners see them: the list, the signed manifest, the file for download."""

import json
from pathlib import Path
from uuid import UUID

from onecity.hubs.exchange.contracts import BatchView, Mode, Permission
from onecity.hubs.exchange.errors import BatchUnknown
from onecity.hubs.exchange.models import Batch
from onecity.hubs.exchange.services.open_batch import batch_path, batch_view
from onecity.hubs.exchange.services.rows import of_organisation
from onecity.kernel.actor import Actor
from onecity.kernel.crypto import Algorithm, encode_base64url
from onecity.kernel.keys import ring
from onecity.kernel.paging import Page, PageRequest

__all__ = ["batch", "batch_file", "batches", "canonical_json", "manifest"]

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
    return batch_path(_row(actor, batch_id))


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
