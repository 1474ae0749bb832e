"""DuckDB fuses governed batches into one relation per file of a register; memory is bounded, what does not fit goes to disk.

Refuses to read anything but the batches it is given.
"""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from onecity.hubs.registers.rules import fusion_sql
from onecity.hubs.registers.rules.files import FileSpec
from onecity.hubs.registers.rules.fusion_sql import FeedPlan, SourcePlan, quoted

__all__ = ["Fused", "fuse"]

_MEMORY, _THREADS, _CHUNK = "700MB", 2, 100_000
_TYPES = {"text": "VARCHAR", "ref": "VARCHAR", "date": "DATE", "int": "BIGINT"}


@dataclass(frozen=True, slots=True)
class FeedCount:
    """What came of one feed: rows with a key, keys nobody established, keys named twice."""

    resource: str
    rows: int
    unmatched: int
    repeated: int


@dataclass(frozen=True)
class Fused:
    """The fused relation, read in chunks of Arrow."""

    database: "duckdb.DuckDBPyConnection"
    spec: FileSpec
    conflicts_query: str
    feeds: tuple[FeedCount, ...]

    def rows(self) -> int:
        """Entities."""
        (count,) = self.database.execute("SELECT count(*) FROM fused").fetchone() or (0,)
        return int(count)

    def chunks(self) -> Iterator[pa.Table]:
        """entity, the fields in their types, sources as JSON text."""
        columns = ", ".join(
            f"TRY_CAST({quoted(one.name)} AS {_TYPES[one.type]}) AS {quoted(one.name)}" for one in self.spec.fields
        )
        yield from self._read(f"SELECT entity, {columns}, sources FROM fused")

    def conflicts(self) -> Iterator[pa.Table]:
        """entity, field, said, chosen, chosen_source, rule."""
        if self.conflicts_query:
            yield from self._read(self.conflicts_query)

    def _read(self, query: str) -> Iterator[pa.Table]:
        for batch in self.database.execute(query).to_arrow_reader(_CHUNK):
            yield pa.Table.from_batches([batch])


@contextmanager
def fuse(
    spec: FileSpec, feeds: Sequence[FeedPlan], sources: Sequence[SourcePlan], paths: Mapping[str, str]
) -> Iterator[Fused]:
    """Fuse the batches at `paths` (resource → Parquet file). A batch without a declared column is a duckdb error."""
    with (
        tempfile.TemporaryDirectory(prefix="onecity-fusion-") as folder,
        duckdb.connect(str(Path(folder) / "f.duckdb")) as database,
    ):
        for setting in (f"memory_limit = '{_MEMORY}'", f"threads = {_THREADS}", f"temp_directory = '{folder}'"):
            database.execute(f"SET {setting}")
        for feed in feeds:
            relation = f"read_parquet('{paths[feed.resource].replace(chr(39), chr(39) * 2)}')"
            made = fusion_sql.feed_sql(spec, feed, sources, relation)
            database.execute(f"CREATE TABLE {quoted('feed_' + feed.resource)} AS {made}")
        database.execute(f"CREATE TABLE keys AS {fusion_sql.keys_sql(feeds)}")
        database.execute(f"CREATE TABLE fused AS {fusion_sql.fused_sql(spec, feeds, sources)}")
        counts = tuple(_count(database, feed, paths[feed.resource]) for feed in feeds)
        yield Fused(database, spec, fusion_sql.conflicts_sql(spec, sources), counts)


def _count(database: "duckdb.DuckDBPyConnection", feed: FeedPlan, path: str) -> FeedCount:
    table = quoted("feed_" + feed.resource)
    found = database.execute(
        f"SELECT (SELECT count(*) FROM read_parquet(?)), (SELECT count(*) FROM {table}),"
        f" (SELECT count(*) FROM {table} WHERE _entity NOT IN (SELECT _entity FROM keys))",
        [path],
    ).fetchone() or (0, 0, 0)
    rows, kept, unmatched = (int(value) for value in found)
    return FeedCount(feed.resource, rows, unmatched, rows - kept if not feed.where else 0)
