"""Many rows at a time without a file: a page of a list, or what changed since a version. One grant, one meter, one proof a page.

The persons of a page form a set like those of a batch, so each of them finds the access. Refuses inside a transaction.
"""

import json
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any
from uuid import UUID

import duckdb
from django.db import transaction

from onecity.hubs.catalog import api as catalog
from onecity.hubs.catalog.contracts import Ticket
from onecity.hubs.exchange.contracts import CallRequest, Change, ChangeKind, ChangesPage, ListPage, Mode
from onecity.hubs.exchange.errors import InsideTransaction, RequestRefused
from onecity.hubs.exchange.rules.cursor import Cursor
from onecity.hubs.exchange.rules.judge import Judgement
from onecity.hubs.exchange.rules.limits_of_grant import limit_items
from onecity.hubs.exchange.services.admission import admit
from onecity.hubs.exchange.services.bulk import (
    quiet_database,
)
from onecity.hubs.exchange.services.narrowed_rows import Found, Wish, read_changes, read_page
from onecity.hubs.exchange.services.prove_page import prove_page
from onecity.hubs.exchange.services.proving import Consumer, consumer_of, person_of, prove_refusal
from onecity.kernel.actor import Actor
from onecity.kernel.errors import CityError
from onecity.kernel.subject import SubjectRef

__all__ = ["changes", "list_rows"]


def list_rows(actor: Actor, wish: Wish, consumer: Consumer | None) -> ListPage:
    """See `api.list_rows`."""
    found, proof_id, grant = _governed(actor, wish, Mode.LIST, consumer, read_page)
    return ListPage(
        wish.interface, found.rows, wish.number, wish.size, found.more, found.version, found.as_of, proof_id, grant
    )


def changes(actor: Actor, wish: Wish, cursor: Cursor, consumer: Consumer | None) -> ChangesPage:
    """See `api.changes`."""

    def read(database: Any, ticket: Ticket, judged: Judgement, asked: Wish) -> Found:
        return read_changes(database, ticket, judged, asked, cursor)

    found, proof_id, grant = _governed(actor, wish, Mode.SUBSCRIPTION, consumer, read)
    lines = tuple(
        Change(_change_id(wish.interface, found.version, kind, key, row), ChangeKind(kind), key, row)
        for kind, key, row in zip(found.kinds, found.persons, found.rows, strict=True)
    )
    return ChangesPage(
        wish.interface, found.version, str(found.cursor), lines, proof_id, found.as_of, found.more, grant
    )


def _change_id(interface: str, version: int, kind: str, key: str, row: Mapping[str, str]) -> str:
    told = json.dumps([interface, version, kind, key, dict(row)], ensure_ascii=False, sort_keys=True)
    return sha256(told.encode()).hexdigest()[:32]


_Read = Callable[["duckdb.DuckDBPyConnection", Ticket, Judgement, Wish], Found]


def _governed(actor: Actor, wish: Wish, mode: Mode, consumer: Consumer | None, read: _Read) -> tuple[Found, UUID, UUID]:
    """judge → count → read → proof → answer; refusals are proven too."""
    if transaction.get_connection().in_atomic_block:
        raise InsideTransaction()
    for_whom = consumer_of(actor, consumer)
    call = CallRequest(
        wish.interface, SubjectRef(""), wish.fields, wish.matter, wish.purpose, mode=mode, person=person_of(actor)
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
        prove_refusal(actor, for_whom, call, judged, error, kind="list")
        raise
    return found, prove_page(actor, for_whom, call, judged, found, mode), judged.grant.id
