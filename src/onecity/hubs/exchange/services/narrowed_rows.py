"""Rows and columns of a published version as they may leave: narrowed by the grant, masked, paged or compared with an older version.

Reads only; whether it may be read was judged before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

from onecity.hubs.catalog import api as catalog
from onecity.hubs.catalog.contracts import Ticket
from onecity.hubs.catalog.errors import NoVersion
from onecity.hubs.exchange.errors import CursorTooOld
from onecity.hubs.exchange.rules.cursor import Cursor
from onecity.hubs.exchange.rules.judge import Judgement
from onecity.hubs.exchange.rules.limits_of_grant import filters_of, masks_of
from onecity.hubs.exchange.rules.shape import masked
from onecity.hubs.exchange.services.bulk import (
    Column,
    Narrowed,
    as_text,
    quoted,
    source_in,
)

__all__ = ["Found", "Wish", "batch_columns", "read_changes", "read_page"]  # fmt: skip


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
class Found:
    """Rows as they leave, the persons behind them, and where they come from."""

    rows: tuple[dict[str, str], ...]
    persons: tuple[str, ...]
    version: int
    as_of: datetime
    more: bool
    kinds: tuple[str, ...] = ()
    cursor: Cursor = Cursor()


def batch_columns(judged: Judgement) -> tuple[Column, ...]:
    """Stored column → name and mask under which it leaves. An identifier F leaves as F (masked) and F_ref."""
    interface, masks = judged.interface, masks_of(judged.interface, judged.grant)
    columns: list[Column] = []
    for name in judged.fields:
        if name in interface.identifiers:
            columns += [Column(f"{name}_mask", name), Column(f"{name}_ref", f"{name}_ref")]
        else:
            columns.append(Column(name, name, masks.get(name, "")))
    return tuple({one.name: one for one in columns}.values())


def read_page(database: "duckdb.DuckDBPyConnection", ticket: Ticket, judged: Judgement, wish: Wish) -> Found:
    """One page of the rows a grant and the wish let through."""
    filters = filters_of(judged.interface, judged.grant, wish.where)
    source = source_in(database, ticket, number=0, limits=judged.grant.rows_limit, filters=filters)
    columns = batch_columns(judged)
    rows = database.execute(
        f"SELECT {_picked(columns, judged.interface.key_field)} FROM {source.relation} WHERE {source.condition} "
        f"LIMIT {wish.size + 1} OFFSET {(wish.number - 1) * wish.size}",
        list(source.values),
    ).fetchall()
    kept = rows[: wish.size]
    return Found(
        tuple(_leaving(columns, row[1:]) for row in kept), tuple(row[0] for row in kept), source.version, source.as_of,
        len(rows) > wish.size,
    )  # fmt: skip


def read_changes(
    database: "duckdb.DuckDBPyConnection", ticket: Ticket, judged: Judgement, wish: Wish, asked: Cursor
) -> Found:
    """One page of what differs between what the cursor's holder has and the state in force. Raises CursorTooOld."""
    limits, columns = judged.grant.rows_limit, batch_columns(judged)
    current = source_in(database, ticket, number=0, limits=limits, filters=())
    cursor = asked.towards(current.version, current.corrections)
    if max(cursor.since, cursor.until) > current.version:
        raise CursorTooOld(text="游标超出现有版本", data={"cursor": str(asked)})
    picked = _picked(columns, judged.interface.key_field)

    def lay(name: str, version: int, laid: int) -> Narrowed:
        # Corrections belong to the version in force; of an older one they are forgotten.
        given = laid if version == current.version else 0
        try:
            source = source_in(database, ticket, number=version, limits=limits, filters=(), laid=given)
        except NoVersion:
            raise CursorTooOld(data={"version": version}) from None
        _lay(database, name, picked, source)
        return source

    new = lay("new_rows", cursor.until, cursor.over)
    if cursor.since:
        lay("old_rows", cursor.since, cursor.laid)
    else:
        database.execute("CREATE TEMP TABLE old_rows AS SELECT * FROM new_rows WHERE FALSE")
    forgotten = cursor.laid and cursor.since != current.version
    again = list(catalog.corrected_subjects(ticket.resource)) if forgotten else []
    rows = database.execute(_DIFFERENCE, [again, wish.size + 1, cursor.offset]).fetchall()
    kept, more = rows[: wish.size], len(rows) > wish.size
    return Found(
        tuple({} if row[0] == "removed" else _leaving(columns, row[2:]) for row in kept), tuple(row[1] for row in kept),
        new.version, new.as_of, more, tuple(row[0] for row in kept), cursor.after(len(kept), more=more),
    )  # fmt: skip


def _picked(columns: Sequence[Column], key_field: str) -> str:
    stored = [f"COALESCE({as_text(quoted(one.stored))}, '') AS {quoted(one.name)}" for one in columns]
    key = quoted(f"{key_field}_ref")
    return ", ".join([f"COALESCE({key}, '') AS {_KEY}", *stored])


def _leaving(columns: Sequence[Column], values: Sequence[str]) -> dict[str, str]:
    return {one.name: masked(one.mask, value) for one, value in zip(columns, values, strict=True)}


def _lay(database: "duckdb.DuckDBPyConnection", name: str, picked: str, source: Narrowed) -> None:
    database.execute(
        f"CREATE TEMP TABLE {name} AS SELECT DISTINCT {picked} FROM {source.relation} WHERE {source.condition}",
        list(source.values),
    )


_DIFFERENCE = f"""
SELECT * FROM (
  SELECT CASE WHEN d.{_KEY} IN (SELECT {_KEY} FROM old_rows) THEN 'changed' ELSE 'added' END AS kind, d.*
  FROM (
    (SELECT * FROM new_rows EXCEPT SELECT * FROM old_rows) UNION SELECT * FROM new_rows WHERE list_contains(?, {_KEY})
  ) d
  UNION ALL
  SELECT 'removed', o.* FROM old_rows o ANTI JOIN new_rows n USING ({_KEY})
) ORDER BY ALL LIMIT ? OFFSET ?
"""
