"""The proof of a page of rows: one record, and the salted set of the persons on it, so that each of them finds the access."""

import secrets
from dataclasses import replace
from uuid import UUID

from onecity.hubs.exchange.contracts import CallRequest, Mode
from onecity.hubs.exchange.models import Batch
from onecity.hubs.exchange.rules.batch_set import leaf_of
from onecity.hubs.exchange.rules.judge import Judgement
from onecity.hubs.exchange.rules.proof import answer_hash
from onecity.hubs.exchange.services.bulk import (
    batch_folder,
    put_leaves,
)
from onecity.hubs.exchange.services.narrowed_rows import Found
from onecity.hubs.exchange.services.proving import Consumer, proof_of, write_proofs
from onecity.kernel.actor import Actor
from onecity.kernel.clock import wall_now
from onecity.kernel.ids import new_id

__all__ = ["prove_page"]  # fmt: skip


def prove_page(
    actor: Actor, consumer: Consumer, call: CallRequest, judged: Judgement, found: Found, mode: Mode
) -> UUID:
    """Write the proof of a page and the set of the persons on it; its number. Raises ProofUnavailable."""
    interface = judged.interface
    proof = proof_of(
        actor, consumer, call, judgement=judged, interface=interface, outcome="answered", rows=(), as_of=found.as_of,
        milliseconds=0,
    )  # fmt: skip
    salt, batch_id = secrets.token_hex(32), new_id()
    leaves = sorted({leaf_of(salt, person) for person in found.persons if person})
    root = put_leaves(leaves, batch_folder() / f"{batch_id}.leaves")
    digest = answer_hash(found.rows)
    Batch.objects.create(
        id=batch_id, interface=interface.key, resource=interface.resource, version=found.version, mode=mode.value,
        consumer=consumer.code, consumer_name=consumer.name, provider=interface.provider, grant_id=judged.grant.id,
        columns=list(judged.fields), where={}, purpose=call.purpose, matter=call.matter, rows=len(found.rows), bytes=0,
        sha256=digest, subjects=len(leaves), salt=salt, root=root, as_of=found.as_of, proof_id=proof.id, at=wall_now(),
        until=wall_now(), removed_at=wall_now(),
    )  # fmt: skip
    write_proofs([replace(proof, kind="list", rows=len(found.rows), answer_hash=digest, subjects_root=root)])
    return proof.id
