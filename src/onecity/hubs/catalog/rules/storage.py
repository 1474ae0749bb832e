"""How a version lies in PostgreSQL: column types, table and view statements as text. Owns names; executes nothing.

Every identifier here comes from a name already matched against [a-z][a-z0-9_]*; `quoted` refuses anything else.
"""

import re
from collections.abc import Sequence
from datetime import datetime

from onecity.hubs.catalog.contracts import FieldSpec, FieldType, current_relation

__all__ = [
    "SCHEMA", "TABLE_LIMIT", "column_types", "create_table", "create_view", "index_columns", "index_statement", "quoted",
    "relation", "table_name",
]  # fmt: skip

SCHEMA = "catalog_data"
TABLE_LIMIT = 2_000_000
"""Rows up to which a version lies in PostgreSQL beside its file."""

_SQL_TYPES = {
    FieldType.TEXT: "text",
    FieldType.INTEGER: "bigint",
    FieldType.MONEY: "bigint",
    FieldType.NUMBER: "double precision",
    FieldType.DATE: "date",
    FieldType.DATETIME: "timestamptz",
    FieldType.LOGICAL: "boolean",
}
_PLAIN_NAME = re.compile(r"[a-z][a-z0-9_]*")


def quoted(name: str) -> str:
    """The name as an SQL identifier. Raises ValueError for anything but lower-case letters, digits and underscores."""
    if not _PLAIN_NAME.fullmatch(name) or len(name) > 63:
        raise ValueError(f"not a plain name: {name!r}")
    return f'"{name}"'


def relation(table: str) -> str:
    """Schema-qualified name."""
    return f"{SCHEMA}.{quoted(table)}"


def table_name(key: str, version: int) -> str:
    """The table that holds one version."""
    return f"{key}_v{version}"


def column_types(fields: Sequence[FieldSpec]) -> dict[str, str]:
    """Column → SQL type, in the order of the information items."""
    types: dict[str, str] = {}
    for field in fields:
        for column in field.columns:
            types[column] = 'text COLLATE "C"' if field.type.is_identifier else _SQL_TYPES[field.type]
    return types


def index_columns(fields: Sequence[FieldSpec]) -> tuple[str, ...]:
    """The reference columns, by which the exchange looks rows up."""
    return tuple(f"{field.name}_ref" for field in fields if field.type.is_identifier)


def create_table(key: str, version: int, fields: Sequence[FieldSpec]) -> str:
    """CREATE TABLE of one version."""
    columns = ", ".join(f"{quoted(name)} {kind}" for name, kind in column_types(fields).items())
    return f"CREATE TABLE {relation(table_name(key, version))} ({columns})"


def index_statement(key: str, version: int, column: str, number: int) -> str:
    """CREATE INDEX on one reference column."""
    name = quoted(f"{table_name(key, version)[:48]}_i{number}")
    return f"CREATE INDEX {name} ON {relation(table_name(key, version))} ({quoted(column)})"


def create_view(key: str, version: int, as_of: datetime, fields: Sequence[FieldSpec], overlaid: Sequence[str]) -> str:
    """The view readers use. `overlaid` = items with an answered correction: their value comes from the overlay if there is one.

    The overlay is matched by the corrected person's reference in any reference column of the row.
    """
    references = ", ".join(f"t.{quoted(column)}" for column in index_columns(fields))
    parts = []
    for column, kind in column_types(fields).items():
        if column in overlaid and references:
            parts.append(
                f"COALESCE((SELECT o.value::{kind} FROM catalog_overlay o WHERE o.resource = '{key}' "
                f"AND o.field = '{column}' AND o.subject IN ({references}) ORDER BY o.id DESC LIMIT 1), "
                f"t.{quoted(column)}) AS {quoted(column)}"
            )
        else:
            parts.append(f"t.{quoted(column)}")
    table = relation(table_name(key, version))
    stamp = as_of.isoformat()
    columns = ", ".join([*parts, f"{version}::bigint AS _version", f"'{stamp}'::timestamptz AS _as_of"])
    schema, _, view = current_relation(key).partition(".")
    return f"CREATE VIEW {schema}.{quoted(view)} AS SELECT {columns} FROM {table} t"
