"""A front database is read by SQLAlchemy, row by row, into a Parquet file of texts. Owns nothing of what it reads; writes nothing there."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa

from onecity.hubs.catalog.edge.batch import row_hash, total

__all__ = ["FrontFailed", "Read", "Source", "fingerprint", "read_front"]

_AT_ONCE = 10_000


class FrontFailed(Exception):
    """The front database cannot be read; the sentence names the source, never the address."""


@dataclass(frozen=True, slots=True)
class Source:
    """One table of a front database. `columns`: item → column there; `watermark`: a column that only grows, "" = always the whole.

    `keys`: items that name a row, needed for increments. `dsn` is a secret of the settings file.
    """

    resource: str
    dsn: str
    table: str
    columns: dict[str, str]
    watermark: str = ""
    keys: tuple[str, ...] = ()
    every_minutes: float = 60
    name: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Read:
    """What was read: `latest` = greatest watermark as text, `tail` = hash of the rows that carry it (all without a watermark)."""

    rows: int
    hash: str
    latest: str
    tail: str = ""


def read_front(source: Source, path: Path, *, after: str = "") -> Read:
    """Write the rows (beyond the watermark `after`) as Parquet. Raises FrontFailed."""
    schema = pa.schema([(item, pa.string()) for item in source.columns])
    rows, hashed, latest, tail = 0, 0, after, 0
    with pq.ParquetWriter(path, schema, compression="zstd") as out:
        for chunk, marks in _chunks(source, after):
            out.write_table(pa.table([list(column) for column in zip(*chunk, strict=True)], schema=schema))
            rows += len(chunk)
            hashes = [row_hash(row) for row in chunk]
            hashed += sum(hashes)
            before, latest = latest, _last(marks, latest)
            tail = (
                (tail if latest == before else 0)
                + sum(one for one, mark in zip(hashes, marks, strict=True) if mark == latest)
                if marks
                else hashed
            )
    return Read(rows, _hexadecimal(hashed), latest, _hexadecimal(tail))


def _hexadecimal(hashed: int) -> str:
    return f"{hashed % 2**64:016x}"


def fingerprint(source: Source) -> Read:
    """Rows, hash and latest watermark of the whole table as it stands now. Raises FrontFailed."""
    rows, hashes, latest = 0, 0, ""
    for chunk, marks in _chunks(source, ""):
        rows += len(chunk)
        hashes += sum(row_hash(row) for row in chunk)
        latest = _last(marks, latest)
    return Read(rows, total([hashes]), latest)


def _last(marks: list[str], before: str) -> str:
    """The greatest mark; rows without one come first or last and say nothing."""
    return next((mark for mark in reversed(marks) if mark), before)


def _chunks(source: Source, after: str) -> Iterator[tuple[list[list[str | None]], list[str]]]:
    name = source.name or source.resource
    try:
        engine = sa.create_engine(source.dsn, connect_args=source.extra)
        try:
            with engine.connect() as connection:
                if engine.dialect.name == "postgresql":
                    connection = connection.execution_options(postgresql_readonly=True)
                yield from _read(connection, source, after)
        finally:
            engine.dispose()
    except (sa.exc.SQLAlchemyError, ImportError) as error:
        raise FrontFailed(f"前置库“{name}”{_words(error, source)}") from error
    except ValueError as error:
        raise FrontFailed(f"前置库“{name}”的增量列“{source.watermark}”类型已改变，请重新设置") from error


def _words(error: Exception, source: Source) -> str:
    """What to do about it. The driver's own words stay here: they may name the address and the account."""
    text = str(error).lower()
    if isinstance(error, ImportError | sa.exc.NoSuchModuleError):
        return "的驱动没有安装，请运维人员安装后再试"
    if isinstance(error, sa.exc.NoSuchTableError):
        return f"中没有表“{source.table}”，或账号看不到它"
    if "password" in text or "authentication" in text or "access denied" in text:
        return "拒绝了用户名或口令"
    if "permission denied" in text or "insufficientprivilege" in text:
        return f"的账号没有读取“{source.table}”的权限"
    if isinstance(error, sa.exc.OperationalError):
        return "连不上或中途断开，请核对主机、端口、库名和网络"
    return f"读取失败：{type(error).__name__}"


def _read(connection: sa.Connection, source: Source, after: str) -> Iterator[tuple[list[list[str | None]], list[str]]]:
    schema, _, name = source.table.rpartition(".")
    table = sa.Table(name, sa.MetaData(), schema=schema or None, autoload_with=connection)
    missing = [column for column in (*source.columns.values(), source.watermark) if column and column not in table.c]
    if missing:
        raise FrontFailed(f"前置库“{source.name or source.resource}”的表中没有列 {'、'.join(missing)}")
    wanted = [table.c[column] for column in source.columns.values()]
    query = sa.select(*wanted)
    if source.watermark:
        mark = table.c[source.watermark]
        query = query.add_columns(mark).order_by(mark)  # unmarked rows come with the first reading only
        if after:
            # Rows of the same instant may have been written after they were read: the last instant is read again.
            query = query.where(mark >= _as_value(mark, after))
    result = connection.execution_options(stream_results=True, max_row_buffer=_AT_ONCE).execute(query)
    for part in result.partitions(_AT_ONCE):
        count = len(wanted)
        yield (
            [[_text(value) for value in row[:count]] for row in part],
            [_text(row[count]) or "" for row in part] if source.watermark else [],
        )


def _as_value(column: Any, text: str) -> Any:
    kind = column.type.python_type
    if kind is datetime:
        return datetime.fromisoformat(text)
    if kind is date:
        return date.fromisoformat(text)
    return kind(text)


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("utf-8", "replace")
    return str(value)
