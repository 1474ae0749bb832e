"""A population-wide run asks once: one governed, minimised, masked file and one proof with the set of persons in it.

Order: judge → count → read, mask and write the file under a draft name → proof → the file gets its name. A file without a proof
is nobody's. Refuses inside a transaction; refusals are proven too.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.db import transaction

from onecity.hubs.catalog import api as catalog
from onecity.hubs.exchange.contracts import BatchMembership, BatchView, CallRequest, Mode
from onecity.hubs.exchange.errors import BatchUnknown, InsideTransaction
from onecity.hubs.exchange.models import Batch
from onecity.hubs.exchange.rules.batch_set import leaf_of, membership_path, place_of
from onecity.hubs.exchange.rules.judge import Judgement
from onecity.hubs.exchange.rules.limits_of_grant import filters_of, limit_items, masks_of
from onecity.hubs.exchange.services.admission import admit
from onecity.hubs.exchange.services.bulk import (
    Column,
    Leaves,
    Narrowed,
    batch_folder,
    file_hash,
    open_source,
    write_leaves,
    write_rows,
)
from onecity.hubs.exchange.services.proving import Consumer, consumer_of, proof_of, write_proofs
from onecity.hubs.exchange.services.rows import limit_row
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now, wall_now
from onecity.kernel.errors import CityError
from onecity.kernel.ids import new_id
from onecity.kernel.subject import SubjectRef

__all__ = ["batch_columns", "batch_memberships", "batch_path", "batch_view", "open_batch", "remove_old_batches"]

_NOBODY = SubjectRef("")


@dataclass(frozen=True, slots=True)
class _Made:
    """What was written under draft names."""

    id: UUID
    rows: int
    sha256: str
    bytes: int
    columns: tuple[str, ...]
    version: int
    as_of: datetime
    salt: str
    subjects: int
    root: str


def open_batch(
    actor: Actor, *, interface: str, fields: Sequence[str], purpose: str, matter: str, where: Mapping[str, str],
    consumer: Consumer | None = None,
) -> BatchView:  # fmt: skip
    """See `api.open_batch`."""
    if transaction.get_connection().in_atomic_block:
        raise InsideTransaction()
    for_whom = consumer_of(actor, consumer)
    call = CallRequest(interface, _NOBODY, tuple(fields), matter, purpose, mode=Mode.BATCH, person=actor.name)
    judged: Judgement | None = None
    try:
        judged = admit(call, for_whom.code, Mode.BATCH)
        made = _write_draft(judged, call, for_whom, where)
    except CityError as error:
        proof = proof_of(
            actor, for_whom, call, judgement=judged, interface=judged.interface if judged else None, outcome=error.code,
            rows=(), as_of=None, milliseconds=0,
        )  # fmt: skip
        write_proofs([replace(proof, kind="batch")])
        error.data = {**error.data, "proof_id": str(proof.id)}
        raise
    return _prove(actor, for_whom, call, judged, made, where)


def batch_columns(judged: Judgement) -> tuple[Column, ...]:
    """Stored column → name and mask under which it leaves. An identifier F leaves as F (masked) and F_ref."""
    interface, masks = judged.interface, masks_of(judged.interface, judged.grant)
    columns: list[Column] = []
    for name in judged.fields:
        if name in interface.identifiers:
            columns += [Column(f"{name}_mask", name), Column(f"{name}_ref", f"{name}_ref")]
        else:
            columns.append(Column(name, name, masks.get(name, "")))
    return tuple({one.name: one for one in columns}.values())


def _write_draft(judged: Judgement, call: CallRequest, consumer: Consumer, where: Mapping[str, str]) -> _Made:
    interface, batch_id = judged.interface, new_id()
    filters = filters_of(interface, judged.grant, where)
    columns = batch_columns(judged)
    read = (*judged.fields, *limit_items(judged.grant), *(name for name, _ in filters), interface.key_field)
    ticket = catalog.mint_ticket(resource=interface.resource, consumer=consumer.code, fields=read, purpose=call.purpose)
    draft, leaves = _draft(batch_id), batch_folder() / f"{batch_id}.leaves"
    salt = secrets.token_hex(32)
    try:
        with open_source(ticket, limits=judged.grant.rows_limit, filters=filters) as source:
            rows = write_rows(source, columns, draft)
            subjects, root = _leaves(source, judged, salt, leaves)
            return _Made(
                batch_id, rows, file_hash(draft), draft.stat().st_size, tuple(one.name for one in columns), source.version,
                source.as_of, salt, subjects, root,
            )  # fmt: skip
    except BaseException:
        draft.unlink(missing_ok=True)
        leaves.unlink(missing_ok=True)
        raise


def _leaves(source: Narrowed, judged: Judgement, salt: str, target: Path) -> tuple[int, str]:
    return write_leaves(source, f"{judged.interface.key_field}_ref", salt, target)


def _draft(batch_id: UUID) -> Path:
    return batch_folder() / f"{batch_id}.draft"


def _prove(
    actor: Actor, consumer: Consumer, call: CallRequest, judged: Judgement, made: _Made, where: Mapping[str, str]
) -> BatchView:
    interface = judged.interface
    proof = proof_of(
        actor, consumer, call, judgement=judged, interface=interface, outcome="answered", rows=(), as_of=made.as_of,
        milliseconds=0,
    )  # fmt: skip
    keep = timedelta(days=limit_row("batches", "keep_days")["amount"])
    with transaction.atomic():
        row = Batch.objects.create(
            id=made.id, interface=interface.key, resource=interface.resource, version=made.version, mode=Mode.BATCH.value,
            consumer=consumer.code, consumer_name=consumer.name, provider=interface.provider, grant_id=judged.grant.id,
            columns=list(made.columns), where=dict(where), purpose=call.purpose, matter=call.matter, rows=made.rows,
            bytes=made.bytes, sha256=made.sha256, subjects=made.subjects, salt=made.salt, root=made.root, as_of=made.as_of,
            proof_id=proof.id, at=wall_now(), until=wall_now() + keep,
        )  # fmt: skip
        data = {"interface": interface.key, "rows": made.rows, "sha256": made.sha256}
        audit.record(actor, "exchange.open_batch", target="exchange.batch", target_id=row.id, data=data)
    write_proofs(
        [
            replace(
                proof, kind="batch", rows=min(made.rows, 2_147_483_647), answer_hash=made.sha256, subjects_root=made.root
            )
        ]
    )  # fmt: skip
    _draft(made.id).rename(batch_folder() / f"{made.id}.parquet")
    return batch_view(row)


def batch_view(row: Batch) -> BatchView:
    """One batch."""
    return BatchView(
        id=row.id, interface=row.interface, resource=row.resource, version=row.version,
        path=str(batch_folder() / f"{row.id}.parquet"), columns=tuple(row.columns), rows=row.rows, bytes=row.bytes,
        sha256=row.sha256, as_of=row.as_of, proof_id=row.proof_id, at=row.at, consumer=row.consumer,
        consumer_name=row.consumer_name, purpose=row.purpose, matter=row.matter, mode=Mode(row.mode), until=row.until,
    )  # fmt: skip


def batch_path(row: Batch) -> Path:
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
