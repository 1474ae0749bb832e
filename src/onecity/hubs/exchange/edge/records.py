"""The proof record of a gateway call; the Django side has its own beside its own actor."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from onecity.hubs.exchange.contracts import CallRequest
from onecity.hubs.exchange.rules.judge import Judgement
from onecity.hubs.exchange.rules.proof import Proof, answer_hash, canonical
from onecity.hubs.exchange.rules.snapshot import ClientFacts, Snapshot
from onecity.kernel.clock import wall_now
from onecity.kernel.ids import new_id

__all__ = ["gateway_proof", "placed"]


def gateway_proof(
    snapshot: Snapshot, client: ClientFacts, call: CallRequest, person: str, *, judgement: Judgement | None, outcome: str,
    rows: Sequence[Mapping[str, str]], as_of: datetime | None, milliseconds: int,
) -> Proof:  # fmt: skip
    """Who (the caller's person as the machine names it), for whom, why, which items, how many rows, the answer's hash."""
    interface = snapshot.interfaces.get(call.interface)
    grant = judgement.grant if judgement else None
    consent = judgement.consent if judgement else None
    return Proof(
        id=new_id(), at=wall_now(), kind="call", outcome=outcome, interface=call.interface[:64],
        interface_name=interface.name if interface else "", consumer=client.organisation,
        consumer_name=client.organisation_name, provider=interface.provider if interface else "",
        provider_name=interface.provider_name if interface else "", who=f"{client.name} {person}".strip()[:120],
        actor=str(client.id), subject=call.subject[:64], purpose=call.purpose[:200], matter=call.matter[:80],
        basis=grant.basis.value if grant else "", legal_basis=grant.legal_basis if grant else "",
        grant_id=str(grant.id) if grant else "", consent_id=str(consent.id) if consent else "",
        fields=judgement.fields if judgement else tuple(name[:60] for name in call.fields[:100]), rows=len(rows),
        answer_hash=answer_hash(rows) if rows else "", as_of=as_of.isoformat() if as_of else "", milliseconds=milliseconds,
    )  # fmt: skip


def placed(proof: Proof, chain: str, seq: int) -> bytes:
    """The record's bytes at its place in a chain."""
    return canonical(replace(proof, chain=chain, seq=seq))
