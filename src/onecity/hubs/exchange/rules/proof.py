"""What one proof says, how it is chained, what a minute's root covers. Pure; SHA-256 over canonical JSON.

Bodies are not stored: the answer's hash is. A record covers the hash before it, so a changed, removed or reordered row shows;
a root covers every record of its span and the heads of all chains, so a chain rewritten as a whole shows too.
The schema foresees batches: `kind` batch carries `subjects_root`, a Merkle root over the references of all persons in it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from onecity.kernel.merkle import merkle_root

__all__ = [
    "GENESIS",
    "Proof",
    "Root",
    "Span",
    "answer_hash",
    "canonical",
    "chain_faults",
    "chained",
    "first_hash",
    "heads_root",
    "record_hash",
]

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Proof:
    """One access: who, for whom, why, which items, how many rows, the answer's hash; refusals as well."""

    id: UUID
    at: datetime
    kind: str
    outcome: str
    interface: str
    interface_name: str
    consumer: str
    consumer_name: str
    provider: str
    provider_name: str
    who: str
    actor: str
    subject: str
    purpose: str
    matter: str
    basis: str
    legal_basis: str
    grant_id: str
    consent_id: str
    fields: tuple[str, ...]
    rows: int
    answer_hash: str
    as_of: str
    milliseconds: int
    subjects_root: str = ""
    chain: str = ""
    seq: int = 0
    prev: str = ""
    hash: str = ""


def canonical(proof: Proof) -> bytes:
    """The bytes a record's hash covers, beside the hash before it."""
    body = {
        "id": str(proof.id), "at": _moment(proof.at), "kind": proof.kind, "outcome": proof.outcome,
        "interface": proof.interface, "interface_name": proof.interface_name, "consumer": proof.consumer,
        "consumer_name": proof.consumer_name, "provider": proof.provider, "provider_name": proof.provider_name,
        "who": proof.who, "actor": proof.actor, "subject": proof.subject, "purpose": proof.purpose,
        "matter": proof.matter, "basis": proof.basis, "legal_basis": proof.legal_basis, "grant_id": proof.grant_id,
        "consent_id": proof.consent_id, "fields": list(proof.fields), "rows": proof.rows,
        "answer_hash": proof.answer_hash, "as_of": proof.as_of, "milliseconds": proof.milliseconds,
        "subjects_root": proof.subjects_root, "chain": proof.chain, "seq": proof.seq,
    }  # fmt: skip
    return _json(body)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def answer_hash(rows: Sequence[Mapping[str, str]]) -> str:
    """Hash of what left."""
    return sha256(_json([dict(row) for row in rows])).hexdigest()


def first_hash(chain: str) -> str:
    """What stands before the first record of a chain."""
    return sha256(b"onecity.exchange.chain.v1\0" + chain.encode()).hexdigest()


def record_hash(proof: Proof) -> str:
    """The hash a record must carry."""
    return sha256(proof.prev.encode() + b"\n" + canonical(proof)).hexdigest()


def chained(proof: Proof, chain: str, seq: int, prev: str) -> Proof:
    """The record at its place in a chain, with its hash."""
    placed = replace(proof, chain=chain, seq=seq, prev=prev)
    return replace(placed, hash=record_hash(placed))


def chain_faults(records: Iterable[Proof], chain: str) -> Iterable[str]:
    """Sentences naming every altered, missing or reordered row of a chain read in order. Rows are counted from 1."""
    before, expected = first_hash(chain), 1
    for record in records:
        name = f"链 {chain[-8:]}"
        if record.seq != expected:
            yield f"{name} 第 {expected} 行缺失（下一行是第 {record.seq} 行）"
        elif record.prev != before:
            yield f"{name} 第 {record.seq} 行与前一行衔接不上"
        if record_hash(record) != record.hash:
            yield f"{name} 第 {record.seq} 行被改动（存证 {record.id}）"
        before, expected = record.hash, record.seq + 1


@dataclass(frozen=True, slots=True)
class Span:
    """The records of one chain that a root covers: first and last row, and the hash of the last."""

    chain: str
    first: int
    last: int
    head: str


def heads_root(heads: Mapping[str, tuple[int, str]]) -> str:
    """Merkle root over the heads of all chains: chain → (row, hash)."""
    return merkle_root(f"{chain}:{seq}:{head}".encode() for chain, (seq, head) in sorted(heads.items())).hex()


@dataclass(frozen=True, slots=True)
class Root:
    """A minute's seal. `signature` covers `body()`; `stamp` states when it existed."""

    number: int
    at: datetime
    prev: str
    count: int
    spans: tuple[Span, ...]
    records_root: str
    heads_root: str
    key_id: str = ""
    signature: str = ""
    stamp: Mapping[str, Any] | None = None

    def body(self) -> bytes:
        """What is signed."""
        return _json(
            {
                "format": "onecity.exchange.root.v1", "number": self.number, "at": _moment(self.at), "prev": self.prev,
                "count": self.count, "records_root": self.records_root, "heads_root": self.heads_root,
                "spans": [[s.chain, s.first, s.last, s.head] for s in self.spans],
            }
        )  # fmt: skip

    def digest(self) -> bytes:
        """What is time-stamped and what the next root carries as `prev`."""
        return sha256(self.body()).digest()
