"""A population-wide run asks once: one governed, minimised, masked file and one proof with the set of persons in it.

Order: judge → count → read, mask and write the file under a draft name → proof → the file gets its name. A file without a proof
is nobody's. Refuses inside a transaction; refusals are proven too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from django.db import transaction

from onecity.hubs.exchange.contracts import BatchView, CallRequest, Mode
from onecity.hubs.exchange.errors import InsideTransaction
from onecity.hubs.exchange.models import Batch
from onecity.hubs.exchange.rules.judge import Judgement
from onecity.hubs.exchange.services.admission import admit
from onecity.hubs.exchange.services.batches import batch_view
from onecity.hubs.exchange.services.bulk import (
    batch_folder,
)
from onecity.hubs.exchange.services.draft_batch import Draft, draft_path, write_draft
from onecity.hubs.exchange.services.proving import (
    Consumer,
    consumer_of,
    person_of,
    proof_of,
    prove_refusal,
    write_proofs,
)
from onecity.hubs.exchange.services.rows import limit_row
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import wall_now
from onecity.kernel.errors import CityError
from onecity.kernel.subject import SubjectRef

__all__ = ["open_batch"]

_NOBODY = SubjectRef("")


def open_batch(
    actor: Actor, *, interface: str, fields: Sequence[str], purpose: str, matter: str, where: Mapping[str, str],
    consumer: Consumer | None = None,
) -> BatchView:  # fmt: skip
    """See `api.open_batch`."""
    if transaction.get_connection().in_atomic_block:
        raise InsideTransaction()
    for_whom = consumer_of(actor, consumer)
    call = CallRequest(interface, _NOBODY, tuple(fields), matter, purpose, mode=Mode.BATCH, person=person_of(actor))
    judged: Judgement | None = None
    try:
        judged = admit(call, for_whom.code, Mode.BATCH)
        made = write_draft(judged, call, for_whom, where)
    except CityError as error:
        prove_refusal(actor, for_whom, call, judged, error, kind="batch")
        raise
    return _prove(actor, for_whom, call, judged, made, where)


def _prove(
    actor: Actor, consumer: Consumer, call: CallRequest, judged: Judgement, made: Draft, where: Mapping[str, str]
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
    draft_path(made.id).rename(batch_folder() / f"{made.id}.parquet")
    return replace(batch_view(row), cursor=made.cursor)
