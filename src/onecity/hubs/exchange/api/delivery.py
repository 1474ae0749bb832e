"""Front door, second half: delivery of many rows under the same grants. Calls here run outside of every transaction."""

from collections.abc import Mapping, Sequence

from onecity.hubs.exchange.contracts import BatchView
from onecity.hubs.exchange.services import open_batch as _batch
from onecity.hubs.exchange.services.open_batch import batch_memberships, remove_old_batches
from onecity.hubs.exchange.services.proving import Consumer
from onecity.kernel.actor import Actor

__all__ = ["batch_memberships", "open_batch", "remove_old_batches"]


def open_batch(
    actor: Actor, /, *, interface: str, fields: Sequence[str], purpose: str, matter: str,
    where: Mapping[str, str] | None = None, consumer: str = "", consumer_name: str = "",
) -> BatchView:  # fmt: skip
    """One governed, minimised, masked Parquet file of the published version and one proof with the set of persons in it.

    `fields` empty = everything granted; `where` narrows by the interface's filter items (an identifier by its reference).
    `consumer` may be named by a hub acting by itself (`Actor.system`). Raises NotGranted, PurposeNotGranted, GrantExpired,
    FieldNotGranted, ModeNotGranted, FilterNotGranted, ConsentMissing, QuotaExceeded, SourceUnavailable, NoVersion,
    ProofUnavailable, InsideTransaction; refusals are proven too.
    """
    for_whom = Consumer(consumer, consumer_name) if consumer else None
    return _batch.open_batch(
        actor,
        interface=interface,
        fields=fields,
        purpose=purpose,
        matter=matter,
        where=dict(where or {}),
        consumer=for_whom,
    )
