"""The twin's data: one SQLite file per source, rows found by a person's or firm's reference. No bare number is kept."""

import re
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from onecity.simcity.twin.behaviour import folder, local_token

__all__ = ["Store", "build"]

_NUMBER = re.compile(r"[1-9]\d{16}[\dX]|[0-9A-HJ-NPQRTUWXY]{18}")
_PLAIN = re.compile(r"[a-z][a-z0-9_]*")


def build(
    home: Path, tables: Mapping[str, pa.Table], *, as_of: datetime | None = None,
    references: Callable[[Sequence[str]], list[str]] | None = None,
) -> int:  # fmt: skip
    """Write `<home>/twin/<source>.sqlite` for every table; returns the rows written.

    A text column that holds 18-character numbers becomes <column>_ref (indexed) and <column>_mask; other columns are kept as
    text. `references` turns numbers into references (the kernel's key ring when not given).
    """
    make = references or _kernel_references()
    local_token(home)
    moment = (as_of or datetime.now(UTC)).isoformat()
    return sum(_write(folder(home), source, table, moment, make) for source, table in tables.items())


def _kernel_references() -> Callable[[Sequence[str]], list[str]]:
    from onecity.kernel.keys import bulk_subject_refs

    return bulk_subject_refs


def _write(place: Path, source: str, table: pa.Table, as_of: str, make: Callable[[Sequence[str]], list[str]]) -> int:
    columns = _stored(table, make)
    if not all(_PLAIN.fullmatch(name) for name in (source, *columns)):
        raise ValueError(f"{source}: names are lower-case letters, digits and underscores")
    aside, path = place / f".{source}.sqlite", place / f"{source}.sqlite"
    aside.unlink(missing_ok=True)
    with sqlite3.connect(aside) as database:
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA synchronous = OFF")
        declared = ", ".join(f'"{name}" TEXT NOT NULL' for name in columns)
        database.execute(f"CREATE TABLE rows ({declared})")
        marks = ", ".join("?" * len(columns))
        database.executemany(f"INSERT INTO rows VALUES ({marks})", zip(*columns.values(), strict=True))
        for name in columns:
            if name.endswith("_ref"):
                database.execute(f'CREATE INDEX "i_{name}" ON rows ("{name}")')
        database.execute("CREATE TABLE facts (as_of TEXT NOT NULL)")
        database.execute("INSERT INTO facts VALUES (?)", (as_of,))
    database.close()
    aside.replace(path)
    return table.num_rows


def _stored(table: pa.Table, make: Callable[[Sequence[str]], list[str]]) -> dict[str, list[str]]:
    columns: dict[str, list[str]] = {}
    for name in table.column_names:
        text = pc.fill_null(pc.utf8_trim_whitespace(table[name].cast(pa.string())), "")
        if _holds_numbers(name, text):
            known = text.combine_chunks().dictionary_encode()
            numbers = known.dictionary.to_pylist()
            references = iter(make([number for number in numbers if number]))
            for end, values in (
                ("ref", [next(references) if number else "" for number in numbers]),
                ("mask", [_mask(number) for number in numbers]),
            ):
                columns[f"{name}_{end}"] = pa.array(values, pa.string()).take(known.indices).to_pylist()
        else:
            columns[name] = text.to_pylist()
    return columns


def _holds_numbers(name: str, text: pa.ChunkedArray) -> bool:
    if not (name.endswith(("number", "code")) or name in ("uscc", "holder", "owner")):
        return False
    sample = text.filter(pc.not_equal(text, "")).slice(0, 50).to_pylist()
    return bool(sample) and sum(bool(_NUMBER.fullmatch(value)) for value in sample) * 2 > len(sample)


def _mask(value: str) -> str:
    if not value:
        return ""
    return f"{value[:6]}********{value[-4:]}" if len(value) >= 15 else "********"


class Store:
    """Read side of one home. Files are opened anew when they were replaced."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._open: dict[str, tuple[int, sqlite3.Connection]] = {}

    def sources(self) -> list[str]:
        """Names of all sources that have data."""
        return sorted(path.stem for path in folder(self._home).glob("*.sqlite") if not path.name.startswith("."))

    def answer(self, source: str, key: str, reference: str, fields: Sequence[str]) -> tuple[list[dict[str, str]], str]:
        """Rows by reference and the time the data held. Raises LookupError for an unknown source, key or field."""
        database = self._database(source)
        known = [row[1] for row in database.execute("PRAGMA table_info(rows)")]
        column = next((name for name in (f"{key}_ref", key) if name in known), None)
        picked = [name for field in fields for name in _columns(field, known)]
        if column is None or not picked:
            raise LookupError(f"{source}: no key {key} or no fields")
        named = ", ".join(f'"{name}"' for name in picked)
        found = database.execute(f'SELECT {named} FROM rows WHERE "{column}" = ? LIMIT 1000', (reference,))
        rows = [dict(zip(picked, row, strict=True)) for row in found]
        (as_of,) = database.execute("SELECT as_of FROM facts").fetchone()
        return rows, str(as_of)

    def _database(self, source: str) -> sqlite3.Connection:
        path = folder(self._home) / f"{source}.sqlite"
        if not _PLAIN.fullmatch(source) or not path.exists():
            raise LookupError(f"no source {source}")
        inode = path.stat().st_ino
        kept = self._open.get(source)
        if kept is None or kept[0] != inode:
            if kept is not None:
                kept[1].close()
            kept = (inode, sqlite3.connect(f"file:{path}?mode=ro", uri=True, check_same_thread=False))
            self._open[source] = kept
        return kept[1]

    def close(self) -> None:
        """Close all files."""
        for _, database in self._open.values():
            database.close()
        self._open.clear()


def _columns(field: str, known: Sequence[str]) -> list[str]:
    wanted = [field] if field in known else [f"{field}_ref", f"{field}_mask"]
    missing = [name for name in wanted if name not in known]
    if missing:
        raise LookupError(f"no field {field}")
    return wanted
