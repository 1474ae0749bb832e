"""Front door, second half: delivery of many rows under the same grants. Calls here run outside of every transaction."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from onecity.hubs.exchange.contracts import BatchView, ChangesPage, ListPage
from onecity.hubs.exchange.rules.cursor import Cursor
from onecity.hubs.exchange.services import list_rows as _list
from onecity.hubs.exchange.services import open_batch as _batch
from onecity.hubs.exchange.services.batches import (
    batch,
    batch_file,
    batch_memberships,
    batches,
    manifest,
    remove_old_batches,
)
from onecity.hubs.exchange.services.proving import MACHINE, Consumer
from onecity.kernel.actor import Actor, ActorKind

__all__ = [
    "batch", "batch_file", "batch_memberships", "batches", "changes", "list_rows", "machine", "manifest", "open_batch",
    "remove_old_batches",
]  # fmt: skip


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


def list_rows(
    actor: Actor, /, *, interface: str, fields: Sequence[str] = (), purpose: str, matter: str = "",
    where: Mapping[str, str] | None = None, number: int = 1, size: int = 100, consumer: str = "", consumer_name: str = "",
) -> ListPage:  # fmt: skip
    """One page of rows, narrowed by the interface's filter items. One proof a page; every person in it can find it.

    Raises what `open_batch` raises, and RequestRefused for a page larger than the contract's.
    """
    for_whom = Consumer(consumer, consumer_name) if consumer else None
    wish = _list.Wish(interface, tuple(fields), purpose, matter, dict(where or {}), number, size)
    return _list.list_rows(actor, wish, for_whom)


def changes(
    actor: Actor, /, *, interface: str, cursor: str = "", fields: Sequence[str] = (), purpose: str, matter: str = "",
    size: int = 100, consumer: str = "", consumer_name: str = "",
) -> ChangesPage:  # fmt: skip
    """Rows added, changed and removed since `cursor` ("" = everything; a batch's `cursor` = since that file). Ask again with the
    answer's `cursor`, at once while `more`. A change may be told twice, with the same id; none is ever left out.

    Raises what `list_rows` raises, and CursorTooOld when that version is no longer kept: begin again from "" or by a batch.
    """
    for_whom = Consumer(consumer, consumer_name) if consumer else None
    wish = _list.Wish(interface, tuple(fields), purpose, matter, {}, 1, size)
    return _list.changes(actor, wish, Cursor.parse(cursor), for_whom)


def machine(client_id: UUID, name: str, person: str) -> Actor:
    """A registered machine the gateway has recognised, with the person it names. Only the gateway's own service may make one."""
    return Actor(ActorKind.SYSTEM, account_id=client_id, name=name[:60], post=person[:60], hub=MACHINE)
