"""Reading a published version in bulk: DuckDB narrows it, masks are laid on while it streams, memory stays constant.

Owns the file that leaves and the file of salted leaves beside it. Refuses to judge: the caller did.
"""

import mmap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from onecity.hubs.catalog import api as catalog
from onecity.hubs.catalog.contracts import Ticket
from onecity.hubs.exchange.rules.batch_set import LEAF_BYTES, chunk_roots, set_root
from onecity.hubs.exchange.rules.shape import masked

__all__ = [
    "Column",
    "Leaves",
    "Narrowed",
    "as_text",
    "batch_folder",
    "file_hash",
    "open_source",
    "put_leaves",
    "quiet_database",
    "quoted",
    "source_in",
    "write_leaves",
    "write_rows",
]  # fmt: skip

_ROW_GROUP = 131_072
_MEMORY = "512MB"


@dataclass(frozen=True, slots=True)
class Column:
    """A stored column, the name it leaves under, the mask laid on it ("" = none)."""

    stored: str
    name: str
    mask: str = ""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A version as it may be read: the rows that pass, from a relation DuckDB knows."""

    database: "duckdb.DuckDBPyConnection"
    relation: str
    condition: str
    values: tuple[str, ...]
    version: int
    as_of: datetime
    corrections: int = 0

    def reader(self, picked: str, rest: str = "") -> pa.RecordBatchReader:
        """Stream a SELECT over the rows that pass."""
        statement = f"SELECT {picked} FROM {self.relation} WHERE {self.condition} {rest}"
        return self.database.execute(statement, list(self.values)).to_arrow_reader(_ROW_GROUP)


def batch_folder() -> Path:
    """Where governed files lie on this node."""
    folder = Path(settings.ONECITY_HOME) / "exchange" / "batches"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def quiet_database() -> Iterator["duckdb.DuckDBPyConnection"]:
    """A DuckDB of its own within bounds: a big file may not take the process's memory."""
    with duckdb.connect() as database:
        database.execute(f"SET memory_limit = '{_MEMORY}'")
        database.execute("SET threads = 2")
        yield database


def source_in(
    database: "duckdb.DuckDBPyConnection", ticket: Ticket, *, number: int, limits: Mapping[str, Sequence[str]],
    filters: Sequence[tuple[str, str]], laid: int | None = None,
) -> Narrowed:  # fmt: skip
    """The version behind a ticket (0 = the published one), narrowed to the granted and wanted rows, corrections laid over it.

    `laid`: how many of them (None = all in force).
    """
    overlay = catalog.overlay_of(ticket.resource)[:laid]
    found = catalog.version_file(ticket, resource=ticket.resource, number=number)
    relation = _overlaid(database, found.path, found.columns, overlay)
    condition, values = _condition(limits, filters)
    return Narrowed(database, relation, condition, values, found.number, found.as_of, len(overlay))


@contextmanager
def open_source(
    ticket: Ticket, *, number: int = 0, limits: Mapping[str, Sequence[str]], filters: Sequence[tuple[str, str]]
) -> Iterator[Narrowed]:
    """One version in a database of its own; see `source_in`."""
    with quiet_database() as database:
        yield source_in(database, ticket, number=number, limits=limits, filters=filters)


def _overlaid(
    database: "duckdb.DuckDBPyConnection", path: str, columns: Sequence[str], overlay: Sequence[tuple[str, str, str]]
) -> str:
    """The file as a relation; columns with answered corrections take their newest value."""
    source = f"read_parquet({_text(path)})"
    references = [quoted(name) for name in columns if name.endswith("_ref")]
    touched = {field for _, field, _ in overlay} & set(columns)
    if not touched or not references:
        return source
    name = f"exchange_overlay_{len(overlay)}"
    held = pa.table(
        {
            "place": list(range(len(overlay))), "ref": [row[0] for row in overlay], "field": [row[1] for row in overlay],
            "value": [row[2] for row in overlay],
        }
    )  # fmt: skip
    database.register(name, held)
    replaced = ", ".join(_replacement(name, column, references) for column in sorted(touched))
    return f"(SELECT * REPLACE ({replaced}) FROM {source} t)"


def _replacement(overlay: str, name: str, references: Sequence[str]) -> str:
    newest = " ".join(
        f"(SELECT arg_max(o.value, o.place) FROM {overlay} o WHERE o.field = {_text(name)} AND o.ref = t.{ref}),"
        for ref in references
    )
    return f"COALESCE({newest} {as_text(f't.{quoted(name)}')}) AS {quoted(name)}"


def as_text(column: str) -> str:
    """The value as single calls spell it: a whole number without its point."""
    plain = f"CAST({column} AS VARCHAR)"
    return f"CASE WHEN typeof({column}) = 'DOUBLE' THEN regexp_replace({plain}, '\\.0$', '') ELSE {plain} END"


def _condition(limits: Mapping[str, Sequence[str]], filters: Sequence[tuple[str, str]]) -> tuple[str, tuple[str, ...]]:
    parts, values = ["TRUE"], list[str]()
    for name, allowed in sorted(limits.items()):
        marks = ", ".join("?" * len(allowed))
        parts.append(f"{as_text(quoted(name))} IN ({marks})" if allowed else "FALSE")
        values.extend(allowed)
    for name, value in filters:
        parts.append(f"{as_text(quoted(name))} = ?")
        values.append(value)
    return " AND ".join(parts), tuple(values)


def quoted(name: str) -> str:
    """A column's name inside a statement."""
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def write_rows(source: Narrowed, columns: Sequence[Column], target: Path) -> int:
    """Write the rows that may leave as Parquet (zstd); returns how many. The caller renames the file once it is proven."""
    picked = ", ".join(f"{quoted(one.stored)} AS {quoted(one.name)}" for one in columns)
    reader = source.reader(picked)
    schema = pa.schema(
        [
            pa.field(one.name, pa.string() if one.mask else reader.schema.field(one.name).type)
            for one in columns
        ]
    )  # fmt: skip
    rows = 0
    with pq.ParquetWriter(target, schema, compression="zstd") as writer:
        for batch in reader:
            rows += batch.num_rows
            writer.write_batch(_masked_batch(batch, columns, schema))
    return rows


def _masked_batch(batch: pa.RecordBatch, columns: Sequence[Column], schema: pa.Schema) -> pa.RecordBatch:
    if not any(one.mask for one in columns):
        return batch.cast(schema)
    arrays = [
        _masked_column(batch.column(place), one.mask) if one.mask else batch.column(place)
        for place, one in enumerate(columns)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _masked_column(array: pa.Array, kind: str) -> pa.Array:
    """Every distinct value is masked once."""
    coded = array.cast(pa.string()).dictionary_encode()
    shown = pa.array([masked(kind, value or "") for value in coded.dictionary.to_pylist()], pa.string())
    return shown.take(coded.indices)


class Leaves:
    """The file of salted leaves: leaves in ascending order, then the roots of their chunks. Random access without loading it."""

    def __init__(self, path: Path, size: int) -> None:
        self._file = path.open("rb")
        self._map = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ) if path.stat().st_size else b""
        self._size = size

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, index: int) -> bytes:
        return bytes(self._map[index * LEAF_BYTES : (index + 1) * LEAF_BYTES])

    @property
    def roots(self) -> list[bytes]:
        """The roots of the chunks."""
        tail = bytes(self._map[self._size * LEAF_BYTES :])
        return [tail[at : at + LEAF_BYTES] for at in range(0, len(tail), LEAF_BYTES)]

    def close(self) -> None:
        """Let the file go."""
        if not isinstance(self._map, bytes):
            self._map.close()
        self._file.close()


def put_leaves(leaves: Sequence[bytes], target: Path) -> str:
    """Write a small set that is already sorted and distinct; returns its root."""
    roots = chunk_roots(leaves)
    with target.open("wb") as out:
        out.writelines((*leaves, *roots))
    return set_root(roots)


def write_leaves(source: Narrowed, key_column: str, salt: str, target: Path) -> tuple[int, str]:
    """Write the set of persons; returns how many and the root that goes into the proof."""
    column = quoted(key_column)
    picked = f"DISTINCT unhex(sha256(concat({_text(salt)}, {column}))) AS leaf"
    reader = source.reader(picked, f"AND {column} IS NOT NULL AND {column} <> '' ORDER BY leaf")
    count = 0

    def leaves(out: Any) -> Iterator[bytes]:
        nonlocal count
        for batch in reader:
            for value in batch.column(0).to_pylist():
                count += 1
                out.write(value)
                yield value

    with target.open("wb") as out:
        roots = chunk_roots(leaves(out))
        out.writelines(roots)
    return count, set_root(roots)


def file_hash(path: Path) -> str:
    """SHA-256 of a file, hex."""
    digest = sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
