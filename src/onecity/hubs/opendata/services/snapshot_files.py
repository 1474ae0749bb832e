"""The files of a version: the Parquet people download and the row table machines ask, both written once and renamed into place."""

import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from onecity.hubs.opendata.contracts import OpenColumn, SnapshotFile
from onecity.hubs.opendata.edge.table import write_table
from onecity.kernel.errors import Unavailable

__all__ = ["batches", "drop_files", "folder", "kind_of", "parquet_of", "prepare_files"]

_BATCH = 20_000
_TYPES = ((pa.types.is_boolean, "logical"), (pa.types.is_integer, "integer"), (pa.types.is_floating, "number"),
          (pa.types.is_decimal, "number"), (pa.types.is_timestamp, "datetime"), (pa.types.is_date, "date"))  # fmt: skip


def folder(key: str) -> Path:
    """Where the files of a dataset lie."""
    return Path(settings.ONECITY_HOME) / "open" / key


def parquet_of(key: str, version: int) -> Path:
    """The file of a version. Raises Unavailable when it is missing."""
    path = folder(key) / f"v{version}.parquet"
    if not path.exists():
        raise Unavailable("opendata.file_missing", "该版本的数据文件暂不可读")
    return path


def kind_of(kind: pa.DataType) -> str:
    """The word for an Arrow type."""
    return next((word for fits, word in _TYPES if fits(kind)), "text")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, float) and value != value:  # not a number
        return None
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def batches(path: Path, names: Sequence[str]) -> Iterator[list[dict[str, Any]]]:
    """Rows of a Parquet file as plain values, some thousands at a time."""
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=_BATCH, columns=list(names)):
            yield [{name: _plain(row[name]) for name in names} for row in batch.to_pylist()]


def prepare_files(
    key: str, version: int, source: Path, columns: Sequence[OpenColumn], as_of: datetime | None
) -> SnapshotFile:
    """Write both files of a version; only the published columns are in them."""
    home = folder(key)
    home.mkdir(parents=True, exist_ok=True)
    names = [one.name for one in columns]
    parquet, rows_file = home / f"v{version}.parquet", home / f"v{version}.sqlite"
    draft = parquet.with_suffix(f".draft{os.getpid()}")
    with (
        pq.ParquetFile(source) as file,
        pq.ParquetWriter(draft, _schema(file.schema_arrow, columns), compression="zstd") as out,
    ):
        for batch in file.iter_batches(batch_size=131_072, columns=names):
            out.write_batch(pa.RecordBatch.from_arrays([batch.column(name) for name in names], schema=out.schema))
    draft.replace(parquet)
    rows = write_table(rows_file, columns, batches(parquet, names))
    digest = hashlib.sha256(parquet.read_bytes()).hexdigest()
    return SnapshotFile(key, version, str(parquet), str(rows_file), rows, parquet.stat().st_size, digest, as_of)


def _schema(found: pa.Schema, columns: Sequence[OpenColumn]) -> pa.Schema:
    fields = [pa.field(one.name, found.field(one.name).type, metadata={"label": one.label}) for one in columns]
    return pa.schema(fields)


def drop_files(key: str, *, keep: Sequence[int] = ()) -> None:
    """Remove a dataset's files but those of the versions kept."""
    home = folder(key)
    if not keep:
        shutil.rmtree(home, ignore_errors=True)
        return
    for path in home.glob("v*.*"):
        if path.stem.lstrip("v").split(".")[0] not in map(str, keep):
            path.unlink(missing_ok=True)
