"""What every reader gives and is given. Owns the raw file: delivered columns under the items' names, in delivered order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from onecity.hubs.catalog.adapters import lake
from onecity.hubs.catalog.contracts import FieldSpec
from onecity.hubs.catalog.rules.header import Header, match_header

__all__ = ["Lost", "Raw", "RawWriter", "Unreadable", "Wanted", "checked_header"]

MOST_LOST = 100_000


class Unreadable(Exception):
    """The delivery as a whole cannot be read; the sentence is for the sender."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is known before reading: the items, the file's name, a declared encoding and sheet ("" = find out)."""

    fields: tuple[FieldSpec, ...]
    name: str = ""
    encoding: str = ""
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Lost:
    """A row that could not be read: its position among the data rows (from 0), why, and what stood there (cut)."""

    position: int
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Raw:
    """A readable delivery. `path`: Parquet with the columns of `how` (item → "native"|"text"), `rows` of them; `lost` apart."""

    path: Path
    how: dict[str, str]
    rows: int
    lost: tuple[Lost, ...] = ()
    undeclared: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    format: str = ""

    @property
    def received(self) -> int:
        """Data rows that stood in the file."""
        return self.rows + len(self.lost)


def checked_header(delivered: Sequence[str], wanted: Wanted) -> Header:
    """The header matched. Raises Unreadable with its fault."""
    header = match_header(delivered, wanted.fields)
    if header.broken:
        raise Unreadable(header.broken)
    return header


@dataclass
class RawWriter:
    """Writes text columns batch by batch and keeps the rows that were lost."""

    path: Path
    items: tuple[str, ...]
    rows: int = 0
    lost: list[Lost] = field(default_factory=list)
    _out: pq.ParquetWriter | None = None

    def add(self, batch: pa.RecordBatch) -> None:
        """Append rows; columns in the order of `items`, all text."""
        if self._out is None:
            self._out = lake.writer(self.path, self.schema)
        if batch.num_rows:
            self._out.write_batch(batch)
            self.rows += batch.num_rows

    def add_rows(self, rows: Iterable[Sequence[str | None]]) -> None:
        """Append rows of Python values."""
        columns = list(zip(*rows, strict=True)) or [()] * len(self.items)
        self.add(pa.record_batch([pa.array(column, pa.string()) for column in columns], schema=self.schema))

    def lose(self, reason: str, text: str, position: int = -1) -> None:
        """Note a row that cannot be read. Raises Unreadable when there are too many to be an accident."""
        self.lost.append(Lost(self.rows + len(self.lost) if position < 0 else position, reason, text[:500]))
        if len(self.lost) > MOST_LOST:
            raise Unreadable(f"无法读取的行超过 {MOST_LOST:,} 行（{reason}），请核对分隔符和列数")

    @property
    def schema(self) -> pa.Schema:
        """All text."""
        return pa.schema([(item, pa.string()) for item in self.items])

    def close(self, *, format: str, header: Header, notes: Sequence[str] = ()) -> Raw:
        """Finish the file."""
        if self._out is None:
            self._out = lake.writer(self.path, self.schema)
        self._out.close()
        self._out = None
        how = dict.fromkeys(self.items, "text")
        return Raw(self.path, how, self.rows, tuple(self.lost), header.undeclared, tuple(notes), format)
