"""Many rows at a time without a file: a page of a list, or what changed since a version. One grant, one meter, one proof a page.

The persons of a page form a set like those of a batch, so each of them finds the access. Refuses inside a transaction.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import duckdb
from django.db import transaction

from onecity.hubs.catalog import api as catalog
from onecity.hubs.catalog.contracts import Ticket
from onecity.hubs.catalog.errors import NoVersion
from onecity.hubs.exchange.contracts import CallRequest, Change, ChangeKind, ChangesPage, ListPage, Mode
from onecity.hubs.exchange.errors import CursorTooOld, InsideTransaction, RequestRefused
from onecity.hubs.exchange.models import Batch
from onecity.hubs.exchange.rules.batch_set import leaf_of
from onecity.hubs.exchange.rules.judge import Judgement
from onecity.hubs.exchange.rules.limits_of_grant import filters_of, limit_items
from onecity.hubs.exchange.rules.proof import answer_hash
from onecity.hubs.exchange.rules.shape import masked
from onecity.hubs.exchange.services.admission import admit
from onecity.hubs.exchange.services.bulk import (
    Column,
    Narrowed,
    as_text,
    batch_folder,
    put_leaves,
    quiet_database,
    quoted,
    source_in,
)
from onecity.hubs.exchange.services.open_batch import batch_columns
from onecity.hubs.exchange.services.proving import Consumer, consumer_of, proof_of, write_proofs
from onecity.kernel.actor import Actor
from onecity.kernel.clock import wall_now
from onecity.kernel.errors import CityError
from onecity.kernel.ids import new_id
from onecity.kernel.subject import SubjectRef

__all__ = ["Wish", "changes", "list_rows"]

_KEY = "exchange_key"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked: `number` and `size` of the page."""

    interface: str
    fields: tuple[str, ...]
    purpose: str
    matter: str
    where: Mapping[str, str]
    number: int
    size: int


@dataclass(frozen=True, slots=True)
class _Found:
    """Rows as they leave, the persons behind them, and where they come from."""

    rows: tuple[dict[str, str], ...]
    persons: tuple[str, ...]
    version: int
    as_of: datetime
    more: bool
    kinds: tuple[str, ...] = ()


def list_rows(actor: Actor, wish: Wish, consumer: Consumer | None) -> ListPage:
    """See `api.list_rows`."""
    found, proof_id = _governed(actor, wish, Mode.LIST, consumer, _page)
    return ListPage(
        wish.interface, found.rows, wish.number, wish.size, found.more, found.version, found.as_of, proof_id
    )


def changes(actor: Actor, wish: Wish, since: int, offset: int, consumer: Consumer | None) -> ChangesPage:
    """See `api.changes`."""

    def read(database: Any, ticket: Ticket, judged: Judgement, asked: Wish) -> _Found:
        return _changed(database, ticket, judged, asked, since, max(0, offset))

    found, proof_id = _governed(actor, wish, Mode.SUBSCRIPTION, consumer, read)
    lines = tuple(
        Change(ChangeKind(kind), key, {} if kind == ChangeKind.REMOVED else row)
        for kind, key, row in zip(found.kinds, found.persons, found.rows, strict=True)
    )
    return ChangesPage(
        wish.interface, since, found.version, since if found.more else found.version, lines, proof_id, found.as_of,
        offset + len(lines) if found.more else 0, found.more,
    )  # fmt: skip


_Read = Callable[["duckdb.DuckDBPyConnection", Ticket, Judgement, Wish], _Found]


def _governed(actor: Actor, wish: Wish, mode: Mode, consumer: Consumer | None, read: _Read) -> tuple[_Found, UUID]:
    """judge → count → read → proof → answer; refusals are proven too."""
    if transaction.get_connection().in_atomic_block:
        raise InsideTransaction()
    for_whom = consumer_of(actor, consumer)
    call = CallRequest(
        wish.interface, SubjectRef(""), wish.fields, wish.matter, wish.purpose, mode=mode, person=actor.name
    )
    judged: Judgement | None = None
    try:
        judged = admit(call, for_whom.code, mode)
        if not 1 <= wish.size <= judged.interface.page_limit or wish.number < 1:
            raise RequestRefused(text=f"每页1至{judged.interface.page_limit}条", data={"size": wish.size})
        asked = (*judged.fields, *limit_items(judged.grant), *wish.where, judged.interface.key_field)
        ticket = catalog.mint_ticket(
            resource=judged.interface.resource, consumer=for_whom.code, fields=asked, purpose=wish.purpose
        )
        with quiet_database() as database:
            found = read(database, ticket, judged, wish)
    except CityError as error:
        interface = judged.interface if judged else None
        refused = proof_of(
            actor, for_whom, call, judgement=judged, interface=interface, outcome=error.code, rows=(), as_of=None,
            milliseconds=0,
        )  # fmt: skip
        write_proofs([replace(refused, kind="list")])
        error.data = {**error.data, "proof_id": str(refused.id)}
        raise
    return found, _prove(actor, for_whom, call, judged, found, mode)


def _prove(actor: Actor, consumer: Consumer, call: CallRequest, judged: Judgement, found: _Found, mode: Mode) -> UUID:
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


def _picked(columns: Sequence[Column], key_field: str) -> str:
    stored = [f"COALESCE({as_text(quoted(one.stored))}, '') AS {quoted(one.name)}" for one in columns]
    key = quoted(f"{key_field}_ref")
    return ", ".join([f"COALESCE({key}, '') AS {_KEY}", *stored])


def _leaving(columns: Sequence[Column], values: Sequence[str]) -> dict[str, str]:
    return {one.name: masked(one.mask, value) for one, value in zip(columns, values, strict=True)}


def _page(database: "duckdb.DuckDBPyConnection", ticket: Ticket, judged: Judgement, wish: Wish) -> _Found:
    filters = filters_of(judged.interface, judged.grant, wish.where)
    source = source_in(database, ticket, number=0, limits=judged.grant.rows_limit, filters=filters)
    columns = batch_columns(judged)
    rows = database.execute(
        f"SELECT {_picked(columns, judged.interface.key_field)} FROM {source.relation} WHERE {source.condition} "
        f"LIMIT {wish.size + 1} OFFSET {(wish.number - 1) * wish.size}",
        list(source.values),
    ).fetchall()
    kept = rows[: wish.size]
    return _Found(
        tuple(_leaving(columns, row[1:]) for row in kept), tuple(row[0] for row in kept), source.version, source.as_of,
        len(rows) > wish.size,
    )  # fmt: skip


def _changed(
    database: "duckdb.DuckDBPyConnection", ticket: Ticket, judged: Judgement, wish: Wish, since: int, offset: int
) -> _Found:
    limits, columns = judged.grant.rows_limit, batch_columns(judged)
    new = source_in(database, ticket, number=0, limits=limits, filters=())
    if since < 0 or since > new.version:
        raise CursorTooOld(text="游标超出现有版本", data={"since": since, "version": new.version})
    picked = _picked(columns, judged.interface.key_field)
    _lay(database, "new_rows", picked, new)
    old: Narrowed | None = None
    if since:
        with suppress(NoVersion):
            old = source_in(database, ticket, number=since, limits=limits, filters=())
        if old is None:
            raise CursorTooOld(data={"since": since})
        _lay(database, "old_rows", picked, old)
    else:
        database.execute("CREATE TEMP TABLE old_rows AS SELECT * FROM new_rows WHERE FALSE")
    rows = database.execute(_DIFFERENCE, [wish.size + 1, offset]).fetchall()
    kept = rows[: wish.size]
    return _Found(
        tuple({} if row[0] == "removed" else _leaving(columns, row[2:]) for row in kept), tuple(row[1] for row in kept),
        new.version, new.as_of, len(rows) > wish.size, tuple(row[0] for row in kept),
    )  # fmt: skip


def _lay(database: "duckdb.DuckDBPyConnection", name: str, picked: str, source: Narrowed) -> None:
    database.execute(
        f"CREATE TEMP TABLE {name} AS SELECT DISTINCT {picked} FROM {source.relation} WHERE {source.condition}",
        list(source.values),
    )


_DIFFERENCE = f"""
SELECT * FROM (
  SELECT CASE WHEN d.{_KEY} IN (SELECT {_KEY} FROM old_rows) THEN 'changed' ELSE 'added' END AS kind, d.*
  FROM (SELECT * FROM new_rows EXCEPT SELECT * FROM old_rows) d
  UNION ALL
  SELECT 'removed', o.* FROM old_rows o ANTI JOIN new_rows n USING ({_KEY})
) ORDER BY ALL LIMIT ? OFFSET ?
"""
