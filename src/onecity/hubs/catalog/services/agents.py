"""Batches of front machines are taken in: checked, in order, each once. Owns the hub's half of the agent.

A batch is a file below lake/inbox until it is taken; killed in the middle, it is taken again and delivers once, for the
arrival carries the batch's name.
"""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pyarrow.parquet as pq
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection, transaction

from onecity.hubs.catalog.adapters import lake
from onecity.hubs.catalog.contracts import Permission
from onecity.hubs.catalog.edge.batch import BatchRefused, Head, digest_of, open_batch, piece_message, row_hash
from onecity.hubs.catalog.errors import AgentUnknown, BatchNotTaken
from onecity.hubs.catalog.models import Agent, AgentBatch, Arrival, Resource, RowHash
from onecity.hubs.catalog.services.authority import require_provider
from onecity.hubs.catalog.services.hand_in import receive_file
from onecity.hubs.catalog.services.lookup import resource_row
from onecity.hubs.catalog.services.reconcile import reconcile
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now

__all__ = ["agent_row", "offset_of", "register_agent", "stop_agent", "take_batch", "take_piece"]

_LARGEST_BATCH = 64 * 1024**3


def register_agent(actor: Actor, *, name: str, provider: str, public_key: str, resources: Iterable[str]) -> Agent:
    """Let a front machine send for a provider's resources; again with another key = the machine was replaced, its count goes on."""
    require_provider(actor, Permission.RECEIVE, provider)
    keys = sorted(set(resources))
    for key in keys:
        if resource_row(key).provider != provider:
            raise BatchNotTaken(text=f"资源 {key} 不属于这个部门，不能由它的前置机报送", data={"resource": key})
    _public(public_key)
    agent, _ = Agent.objects.update_or_create(
        name=name, defaults={"provider": provider, "public_key": public_key, "resources": keys, "stopped_at": None},
        create_defaults={"provider": provider, "public_key": public_key, "resources": keys, "created_at": now()},
    )  # fmt: skip
    audit.record(actor, "catalog.register_agent", target="catalog.agent", target_id=name, data={"resources": keys})
    return agent


def stop_agent(actor: Actor, *, name: str) -> None:
    """Take nothing more from a front machine."""
    agent = agent_row(name)
    require_provider(actor, Permission.RECEIVE, agent.provider)
    Agent.objects.filter(pk=agent.pk).update(stopped_at=now())
    audit.record(actor, "catalog.stop_agent", target="catalog.agent", target_id=name)


def agent_row(name: str) -> Agent:
    """A front machine that may send. Raises AgentUnknown."""
    found = Agent.objects.filter(name=name, stopped_at=None).first()
    if found is None:
        raise AgentUnknown(data={"agent": name})
    return found


def _public(pem: str) -> Ed25519PublicKey:
    try:
        key = serialization.load_pem_public_key(pem.encode())
    except (ValueError, UnicodeError) as error:
        raise BatchNotTaken(text="公钥不是 PEM 格式") from error
    if not isinstance(key, Ed25519PublicKey):
        raise BatchNotTaken(text="公钥不是 Ed25519")
    return key


def _part(agent: Agent, sequence: int) -> Path:
    return lake.absolute(f"lake/inbox/agents/{agent.id.hex}-{sequence:08d}.part")


def offset_of(name: str, sequence: int) -> tuple[int, bool]:
    """How many bytes of a batch lie here already, and whether it was taken. Raises AgentUnknown."""
    agent = agent_row(name)
    part = _part(agent, sequence)
    return (part.stat().st_size if part.exists() else 0), sequence <= agent.sequence


def take_piece(name: str, *, sequence: int, offset: int, size: int, piece: bytes, signature: bytes) -> tuple[int, bool]:
    """Append a signed piece; with the last one the batch is taken. Raises AgentUnknown, BatchNotTaken, StorageFull."""
    agent = agent_row(name)
    if sequence <= agent.sequence:
        return size, True
    if sequence != agent.sequence + 1:
        raise BatchNotTaken(text=f"应收批次 {agent.sequence + 1}，来的是 {sequence}：中间缺了批次，请按顺序续传")
    try:
        _public(agent.public_key).verify(signature, piece_message(name, sequence, offset, piece))
    except InvalidSignature:
        raise BatchNotTaken(text="这一段的签名不符，没有收下") from None
    if not 0 < size <= _LARGEST_BATCH or offset + len(piece) > size:
        raise BatchNotTaken(text="批次大小不合理")
    part = _part(agent, sequence)
    with lake.writing():
        part.parent.mkdir(parents=True, exist_ok=True)
        with part.open("ab") as out:
            if out.tell() != offset:
                return out.tell(), False
            out.write(piece)
    if offset + len(piece) < size:
        return offset + len(piece), False
    try:
        take_batch(part)
    except BatchNotTaken:
        part.unlink(missing_ok=True)  # a wrong batch does not block the right one
        raise
    part.unlink(missing_ok=True)
    return size, True


def take_batch(path: Path) -> AgentBatch:
    """Take in a complete batch, from HTTP or from the folder of the gap. The same batch again is answered, not doubled.

    Raises BatchNotTaken (altered, replayed, out of order, not registered), StorageFull.
    """
    keys = {agent.name: _public(agent.public_key) for agent in Agent.objects.filter(stopped_at=None)}
    try:
        head, start = open_batch(path, keys)
    except BatchRefused as refused:
        raise BatchNotTaken(text=str(refused)) from refused
    agent = agent_row(head.agent)
    if (known := _taken_before(agent, head)) is not None:
        return known
    if head.resource not in agent.resources:
        raise BatchNotTaken(text=f"前置机没有登记资源 {head.resource}", data={"resource": head.resource})
    arrival = _deliver(agent, head, path, start) if head.kind == "data" else None
    with transaction.atomic():
        locked = Agent.objects.select_for_update().get(pk=agent.pk)
        if (known := _taken_before(locked, head)) is not None:
            return known
        locked.sequence, locked.digest, locked.seen_at = head.sequence, digest_of(head), now()
        locked.save(update_fields=["sequence", "digest", "seen_at"])
        if head.kind == "reconcile":
            reconcile(head, source=head.agent)
        return AgentBatch.objects.create(
            agent=locked, sequence=head.sequence, kind=head.kind, resource=head.resource, digest=digest_of(head),
            rows=head.rows, bytes=head.payload_bytes, arrival_id=arrival, at=now(),
        )  # fmt: skip


def _taken_before(agent: Agent, head: Head) -> AgentBatch | None:
    """The record of a batch that came before. Raises BatchNotTaken for anything that is not the next one."""
    if head.sequence <= agent.sequence:
        known = AgentBatch.objects.filter(agent=agent, sequence=head.sequence).first()
        if known is not None and known.digest == digest_of(head):
            return known
        raise BatchNotTaken(text=f"批次 {head.sequence} 早已收过，这一份内容不同：疑似重放或前置机状态被还原")
    if head.sequence != agent.sequence + 1:
        raise BatchNotTaken(text=f"应收批次 {agent.sequence + 1}，来的是 {head.sequence}：中间缺了批次，请补送")
    if head.previous != agent.digest:
        raise BatchNotTaken(text=f"批次 {head.sequence} 接不上前一批：前置机的序列断了，请联系数据管理员")
    return None


def _deliver(agent: Agent, head: Head, path: Path, start: int) -> UUID:
    once = f"agent:{agent.name}:{head.sequence}"
    known = Arrival.objects.filter(once_key=once).first()
    with lake.drafted() as payload:
        _cut_out(path, start, payload)
        _refuse_false_figures(head, payload)
        if known is None:
            merging = head.keys if head.mode == "merge" else ()
            known = receive_file(
                Actor.system("catalog"), resource=head.resource, path=payload, format="parquet", way="agent",
                as_of=datetime.fromisoformat(head.as_of), name=agent.name, merging=merging, sha256=head.payload_sha256,
                delivered_by={"name": agent.name, "sequence": head.sequence}, once_key=once,
            )  # fmt: skip
        _remember_rows(head, payload)  # again after a kill in between: it says the same
    return known.id


def _cut_out(path: Path, start: int, payload: Path) -> None:
    with lake.writing(), path.open("rb") as content, payload.open("wb") as out:
        content.seek(start)
        while piece := content.read(4 * 1024 * 1024):
            out.write(piece)


def _refuse_false_figures(head: Head, payload: Path) -> None:
    if pq.read_metadata(payload).num_rows != head.rows:
        raise BatchNotTaken(text=f"批次 {head.sequence} 声明 {head.rows} 行，内容不是")


def _remember_rows(head: Head, payload: Path) -> None:
    """Digests of delivered rows, for the daily reconciliation."""
    key = Resource.objects.get(key=head.resource).key
    with transaction.atomic(), connection.cursor() as cursor, pq.ParquetFile(payload) as file:
        if head.mode == "whole":
            RowHash.objects.filter(resource=key).delete()
        position = 0
        for batch in file.iter_batches(10_000):
            rows = list(zip(*(column.to_pylist() for column in batch.columns), strict=True))
            places = [batch.schema.names.index(name) for name in head.keys]
            values = []
            for row in rows:
                position += 1
                named = row_hash(row[place] for place in places) if places else position
                values.append((key, _signed(named), _signed(row_hash(row))))
            cursor.executemany(
                "INSERT INTO catalog_rowhash (resource, key, row) VALUES (%s, %s, %s) "
                "ON CONFLICT (resource, key) DO UPDATE SET row = excluded.row",
                values,
            )


def _signed(value: int) -> int:
    return value - 2**64 if value >= 2**63 else value
