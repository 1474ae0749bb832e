"""Rows of the published version for a holder of a ticket, or for the owner. Refuses everybody else.

A ticket is minted by the exchange after grant, purpose, period, fields, quota and consent were checked; it lives seconds.
"""

import hmac
import time
from collections.abc import Sequence
from datetime import date, datetime
from hashlib import sha256

from django.db import connection

from onecity.hubs.catalog.contracts import Permission, ResourceView, Ticket, VersionAnswer, current_relation
from onecity.hubs.catalog.errors import NoVersion, TicketRefused
from onecity.hubs.catalog.rules import storage
from onecity.hubs.catalog.rules.storage import column_types, quoted
from onecity.hubs.catalog.services.authority import require_provider
from onecity.hubs.catalog.services.read_file import rows_in_file
from onecity.kernel.actor import Actor
from onecity.kernel.crypto import Algorithm
from onecity.kernel.keys import ring

__all__ = ["check_ticket", "mint_ticket", "open_version", "stored_columns"]

_LIFE_SECONDS = 30
_KEY = "catalog-ticket"
_MAX_ROWS = 1000


def _mac(ticket: Ticket) -> str:
    key = ring().current(_KEY, Algorithm.SECRET).derive("ticket", 32)
    return hmac.new(key, ticket.message(), sha256).hexdigest()


def mint_ticket(*, resource: str, consumer: str, fields: Sequence[str], purpose: str) -> Ticket:
    """A ticket for one reading within the next seconds. Only the exchange calls this."""
    bare = Ticket(resource, consumer, tuple(fields), purpose, int(time.time()) + _LIFE_SECONDS)
    return Ticket(bare.resource, bare.consumer, bare.fields, bare.purpose, bare.expires, _mac(bare))


def check_ticket(ticket: Ticket, fields: Sequence[str]) -> None:
    """Raise TicketRefused unless the ticket is ours, in time and covers `fields`."""
    if not hmac.compare_digest(ticket.mac, _mac(ticket)):
        raise TicketRefused(data={"reason": "mac"})
    if ticket.expires < time.time():
        raise TicketRefused(text="读取凭据已过期", data={"reason": "expired"})
    if beyond := sorted(set(fields) - set(ticket.fields)):
        raise TicketRefused(text="所取信息项超出授权", data={"reason": "fields", "fields": beyond})


def stored_columns(resource: ResourceView, fields: Sequence[str]) -> tuple[str, ...]:
    """The columns behind the asked items; an item may also be asked by one of its columns. Raises TicketRefused."""
    known = column_types(resource.fields)
    columns: list[str] = []
    for name in fields:
        field = resource.field(name)
        if field is not None:
            columns.extend(field.columns)
        elif name in known:
            columns.append(name)
        else:
            raise TicketRefused(text=f"资源中没有信息项 {name}", data={"reason": "fields", "fields": [name]})
    return tuple(dict.fromkeys(columns))


def open_version(
    opener: Ticket | Actor, resource: ResourceView, *, key_field: str, refs: Sequence[str], fields: Sequence[str]
) -> VersionAnswer:
    """Rows whose `key_field` is one of `refs` (at most 1,000 rows)."""
    if isinstance(opener, Ticket):
        if opener.resource != resource.key:
            raise TicketRefused(data={"reason": "resource"})
        check_ticket(opener, fields)
    else:
        require_provider(opener, Permission.RECEIVE, resource.provider)
    if not resource.version or resource.as_of is None:
        raise NoVersion(data={"resource": resource.key})
    columns = stored_columns(resource, fields)
    key = stored_columns(resource, [key_field])[0]
    if resource.rows > storage.TABLE_LIMIT:
        kept = rows_in_file(resource.key, resource.version, key=key, refs=list(refs), columns=columns, limit=_MAX_ROWS)
        rows = tuple({name: _text(value) for name, value in zip(columns, row, strict=True)} for row in kept)
        return VersionAnswer(rows, resource.as_of, resource.version)
    picked = ", ".join(map(quoted, columns))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT _version, _as_of, {picked} FROM {current_relation(resource.key)} "
            f"WHERE {quoted(key)} = ANY(%s) LIMIT {_MAX_ROWS}",
            [list(refs)],
        )
        found = cursor.fetchall()
    rows = tuple({name: _text(value) for name, value in zip(columns, row[2:], strict=True)} for row in found)
    if found:
        return VersionAnswer(rows, found[0][1], found[0][0])
    return VersionAnswer(rows, resource.as_of, resource.version)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)
