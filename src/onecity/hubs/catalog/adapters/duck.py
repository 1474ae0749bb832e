"""DuckDB over Parquet: the default engine of checks, and the SQL of the lake. Owns connections that can reach nothing else.

Bounded memory, spilling into the lake's drafts; no network, no extensions, no files beyond those named for the statement.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from onecity.hubs.catalog.adapters import lake
from onecity.hubs.catalog.adapters.number_checks import BREAKS
from onecity.hubs.catalog.errors import StorageFull
from onecity.hubs.catalog.rules.plan import BITS, Plan

__all__ = ["DuckEngine", "checked_table", "connected", "relation", "rows_of", "write_query"]

MEMORY = "1GB"
AHEAD = "64MB"
"""Answers worked out before they are asked for, so that the engine does not wait for the reader."""

_SPACE = ("No space left", "File too large", "failed to write", "Could not write")


@contextmanager
def connected(*paths: Path, threads: int = 0) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that may read and write `paths` and spill, and nothing else."""
    drafts = lake.drafts()
    connection = duckdb.connect(":memory:")
    try:
        connection.execute(f"SET memory_limit='{MEMORY}'")
        if threads:
            connection.execute(f"SET threads={int(threads)}")
        connection.execute("SET autoinstall_known_extensions=false")
        connection.execute("SET autoload_known_extensions=false")
        connection.execute(f"SET temp_directory={_text(str(drafts / 'spill'))}")
        connection.execute("SET TimeZone='UTC'")
        connection.execute(f"SET streaming_buffer_size='{AHEAD}'")
        listed = ", ".join(_text(str(path)) for path in paths)
        connection.execute(f"SET allowed_paths=[{listed}]")
        connection.execute(f"SET allowed_directories=[{_text(str(drafts))}]")
        connection.execute("SET enable_external_access=false")
        connection.execute("SET lock_configuration=true")
        yield connection
    except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
        if any(words in str(error) for words in _SPACE):
            raise StorageFull(data={"engine": "duckdb"}) from error
        raise
    finally:
        connection.close()


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def relation(path: Path, *, numbered: bool = False) -> str:
    """A Parquet file as a relation; `numbered` adds the row's place in the file as `file_row_number`."""
    return f"read_parquet({_text(str(path))}{', file_row_number=true' if numbered else ''})"


def rows_of(connection: duckdb.DuckDBPyConnection, sql: str, size: int = lake.ROW_GROUP) -> Iterator[pa.RecordBatch]:
    """The answer as it comes, batch by batch, in order."""
    yield from connection.execute(sql).to_arrow_reader(size)


def write_query(connection: duckdb.DuckDBPyConnection, sql: str, path: Path) -> None:
    """The answer as a Parquet file in the form of the lake."""
    connection.execute(
        f"COPY ({sql}) TO {_text(str(path))} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE {lake.ROW_GROUP})"
    )


def checked_table(table: pa.Table, plan: Plan) -> pa.Table:
    """Typed items and bits of a few rows in memory."""
    with connected() as connection:
        connection.register("given", table)
        return connection.execute(plan.select("given")).to_arrow_table()


def _with_numbers(batch: pa.RecordBatch, plan: Plan) -> pa.RecordBatch:
    """The batch with the bits of broken numbers set, which the statement left out."""
    for place, check in plan.numbers:
        broken = BREAKS[check.number](batch.column(check.field))
        if broken.any():
            name = plan.bit_columns[place // BITS]
            bits = np.asarray(batch.column(name)) | (broken.astype(np.int64) << (place % BITS))
            batch = batch.set_column(batch.schema.get_field_index(name), name, pa.array(bits))
    return batch


class DuckEngine:
    """Runs plans with DuckDB."""

    name = "duckdb"

    def checked(self, raw: Path, plan: Plan) -> Iterator[pa.RecordBatch]:
        """Typed items and bits of every row of `raw`, in order."""
        with connected(raw) as connection:
            for batch in rows_of(connection, plan.select(relation(raw), numbers=False)):
                yield _with_numbers(batch, plan)

    def rows_breaking(self, statement: str, relations: dict[str, Path]) -> Sequence[int]:
        """Row numbers a rule over rows names; `{rows}` and `{other}` in the statement stand for files."""
        with connected(*relations.values()) as connection:
            for name, path in relations.items():
                number = "file_row_number AS _row, " if name == "rows" else ""
                source = relation(path, numbered=name == "rows")
                columns = "* EXCLUDE (file_row_number)" if name == "rows" else "*"
                connection.execute(f"CREATE VIEW {name} AS SELECT {number}{columns} FROM {source}")
            found = connection.execute(statement + " ORDER BY 1").fetchnumpy()
            return list(map(int, found["_row"]))
