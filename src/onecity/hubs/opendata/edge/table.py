"""One published version as an immutable SQLite file: written once, then read by every process through the page cache.

Owns: the file's form (table `rows`: _id, the columns, the row as finished JSON) and reading it. Refuses: writing to a finished file.
The choice lies with the floor bench of open data (`site/bench/opendata_floor.py`).
"""

import os
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import orjson

from onecity.hubs.opendata.contracts import OpenColumn
from onecity.hubs.opendata.rules.cells import csv_lines
from onecity.hubs.opendata.rules.row_query import ROW_ID, RowQuery, next_cursor, statement

__all__ = ["Answer", "RowTable", "write_table"]

_TYPES = {"integer": "INTEGER", "number": "REAL", "logical": "INTEGER"}


class Answer:
    """Rows of one page, still as finished JSON, and the cursor behind them ("" = no more)."""

    __slots__ = ("blobs", "cursor", "rows")

    def __init__(self, blobs: list[bytes], rows: list[tuple[Any, ...]], cursor: str) -> None:
        self.blobs = blobs
        self.rows = rows
        self.cursor = cursor


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def write_table(path: Path, columns: Sequence[OpenColumn], batches: Iterable[list[dict[str, Any]]]) -> int:
    """Write a version; returns how many rows. Written beside and renamed: a broken file never stands under the name."""
    draft = path.with_suffix(f".draft{os.getpid()}")
    draft.unlink(missing_ok=True)
    database = sqlite3.connect(draft, isolation_level=None)
    try:
        count = _fill(database, columns, batches)
    except BaseException:
        database.close()
        draft.unlink(missing_ok=True)
        raise
    database.close()
    with draft.open("rb") as written:
        os.fsync(written.fileno())
    draft.replace(path)
    return count


def _fill(database: sqlite3.Connection, columns: Sequence[OpenColumn], batches: Iterable[list[dict[str, Any]]]) -> int:
    database.executescript(
        "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA page_size=8192; PRAGMA cache_size=-32000;"
    )
    named = ", ".join(f"{_quoted(one.name)} {_TYPES.get(one.type, 'TEXT')}" for one in columns)
    database.execute(f"CREATE TABLE rows (_id INTEGER PRIMARY KEY, {named}, _json BLOB)")
    names = [one.name for one in columns]
    insert = f"INSERT INTO rows VALUES ({','.join('?' * (len(names) + 2))})"
    number = 0
    for batch in batches:
        lines = []
        for row in batch:
            number += 1
            lines.append((number, *(row[name] for name in names), orjson.dumps({ROW_ID: number, **row})))
        database.execute("BEGIN")
        database.executemany(insert, lines)
        database.execute("COMMIT")
    for place, one in enumerate(columns):
        if one.indexed:
            database.execute(f"CREATE INDEX by_{place} ON rows ({_quoted(one.name)}, _id)")
    database.execute("ANALYZE")
    return number


class RowTable:
    """An opened version. Reads only; one thread at a time."""

    def __init__(self, path: Path, columns: Sequence[OpenColumn]) -> None:
        self._database = sqlite3.connect(
            f"file:{path}?mode=ro&immutable=1",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
        )
        self._database.execute("PRAGMA query_only=1")
        self._database.execute("PRAGMA mmap_size=1073741824")
        self.columns = {one.name: one for one in columns}

    def close(self) -> None:
        """Give the file back."""
        self._database.close()

    def read(self, query: RowQuery) -> Answer:
        """One page."""
        whole = not query.fields and not query.csv
        sort = _quoted(query.sort)
        picked = query.fields or (ROW_ID, *self.columns)
        wanted = "_json" if whole else ", ".join(_quoted(name) for name in picked)
        sql, bound = statement(query, f"{sort}, _id, {wanted}")
        found = self._database.execute(sql, bound).fetchall()
        more = len(found) > query.limit
        found = found[: query.limit]
        cursor = next_cursor(found[-1][0], found[-1][1]) if more and found else ""
        if whole:
            return Answer([row[2] for row in found], [], cursor)
        if query.csv:
            return Answer([], [row[2:] for row in found], cursor)
        return Answer([orjson.dumps(dict(zip(picked, row[2:], strict=True))) for row in found], [], cursor)

    def csv(self, query: RowQuery, answer: Answer) -> bytes:
        """The page as CSV with a heading, formulas made harmless."""
        return csv_lines([query.fields or (ROW_ID, *self.columns), *answer.rows]).encode()

    def search(self, query: RowQuery, text: str, most: int) -> Answer:
        """Rows any of whose texts contains `text`; the scan ends after `most` hits."""
        sql, bound = self._containing(query, text, "_json")
        found = self._database.execute(
            f"{sql} LIMIT ? OFFSET ?", [*bound, min(query.limit, most), query.offset]
        ).fetchall()
        return Answer([row[0] for row in found], [], "")

    def matches(self, query: RowQuery, text: str) -> int:
        """How many rows `search` finds in all."""
        sql, bound = self._containing(query, text, "1")
        return int(self._database.execute(f"SELECT count(*) FROM ({sql})", bound).fetchone()[0])

    def _containing(self, query: RowQuery, text: str, columns: str) -> tuple[str, list[Any]]:
        texts = [name for name, one in self.columns.items() if one.type == "text"] or [ROW_ID]
        like = "%" + text[:100].replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        inner, bound = statement(RowQuery(query.conditions), columns)
        where = " OR ".join(f"{_quoted(name)} LIKE ? ESCAPE '\\'" for name in texts)
        head, _, _ = inner.partition(" ORDER BY ")
        joint = " AND " if " WHERE " in head else " WHERE "
        return f"{head}{joint}({where}) ORDER BY _id", [*bound[:-2], *([like] * len(texts))]

    def count(self, query: RowQuery) -> int:
        """How many rows fit, over indexes only."""
        inner, bound = statement(RowQuery(query.conditions), "1")
        head, _, _ = inner.partition(" ORDER BY ")
        return int(self._database.execute(f"SELECT count(*) FROM ({head})", bound[:-2]).fetchone()[0])
