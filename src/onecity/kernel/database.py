"""What PostgreSQL offers beyond the ORM.

Owns: COPY, advisory locks, and the guard against outside calls inside a transaction. Refuses: SQL of any hub.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import psycopg
from django.db import connection, transaction
from psycopg import sql

from onecity.kernel.errors import Broken

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["advisory_lock", "copy_arrow", "copy_rows", "own_connection", "prepared", "refuse_inside_atomic"]


def advisory_lock(name: str, *, wait: bool = True) -> bool:
    """Take the named lock until the end of the current transaction; without `wait`, False when somebody holds it."""
    key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
    function = "pg_advisory_xact_lock" if wait else "pg_try_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [key])
        (taken,) = cursor.fetchone()
    return wait or bool(taken)


def prepared(statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Run a statement that comes many times a second in the current transaction, planned once a connection; its rows, if any.

    Parameters are bound by the server: write casts where their type is not plain from the place (`%s::bigint[]`).
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(statement, parameters, prepare=True)
        return cursor.fetchall() if cursor.description else []


def refuse_inside_atomic(what: str) -> None:
    """Raise Broken when a transaction is open: outside calls must not hold row locks (gather → decide → write)."""
    if transaction.get_connection().in_atomic_block:
        raise Broken("kernel.inside_transaction", f"{what}不得在事务内进行", hint="先取数，再判定，最后写入")


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """COPY rows of Python values into `table` ("schema.table" or "table"); returns how many."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(*table.split(".")), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    count = 0
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
            count += 1
    return count


def copy_arrow(table: str, rows: "pa.Table") -> int:
    """COPY an Arrow table into the columns of its names ("schema.table" or "table"); returns how many rows.

    Several times faster than `copy_rows`, for no value becomes a Python object. Null is NULL, "" stays "".
    """
    import io

    from pyarrow import csv

    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(
        sql.Identifier(*table.split(".")), sql.SQL(", ").join(map(sql.Identifier, rows.column_names))
    )
    options = csv.WriteOptions(include_header=False, quoting_style="all_valid")
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for batch in rows.to_batches(max_chunksize=50_000):
            buffer = io.BytesIO()
            csv.write_csv(batch, buffer, options)
            copy.write(buffer.getbuffer())
    return int(rows.num_rows)


def own_connection(*, autocommit: bool = True) -> "psycopg.Connection[tuple[Any, ...]]":
    """A connection beside Django's, to the same database: for what must commit by itself (proofs) or listen."""
    parameters = connection.get_connection_params()
    wanted = ("dbname", "user", "password", "host", "port")
    return psycopg.connect(autocommit=autocommit, **{k: parameters[k] for k in wanted if parameters.get(k)})
