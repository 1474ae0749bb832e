"""What may be read right now: open datasets, those taken down, keys, dated access. Swapped whole; never changed in place.

Owns: the facts and the answer to one query over them. Refuses: to answer from facts older than `FRESH_SECONDS` — a reader that cannot
learn of a take-down must not go on reading.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson

from onecity.hubs.opendata.contracts import OpenColumn
from onecity.hubs.opendata.edge.table import RowTable
from onecity.hubs.opendata.errors import DatasetUnknown, KeyRefused, NotOpenToYou, TakenDown
from onecity.hubs.opendata.rules.row_query import RowQuery, parse_query

__all__ = ["FRESH_SECONDS", "KeyFacts", "OpenFacts", "Shelf", "Tables", "digest_of", "shelf_from_rows"]

FRESH_SECONDS = 5.0
_KEPT_OPEN = 128


@dataclass(frozen=True, slots=True)
class OpenFacts:
    """One open dataset."""

    key: str
    version: int
    columns: Mapping[str, OpenColumn]
    conditional: bool
    rows: int
    as_of: datetime | None


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """One live key."""

    id: UUID
    account: UUID
    per_minute: int
    per_day: int


@dataclass(frozen=True, slots=True)
class Shelf:
    """The facts of one generation."""

    generation: int = -1
    datasets: Mapping[str, OpenFacts] = field(default_factory=dict)
    gone: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, KeyFacts] = field(default_factory=dict)
    access: Mapping[tuple[str, UUID], date] = field(default_factory=dict)

    def key(self, secret: str) -> KeyFacts:
        """The key behind a secret. Raises KeyRefused."""
        found = self.keys.get(digest_of(secret)) if secret else None
        if found is None:
            raise KeyRefused()
        return found

    def dataset(self, name: str, account: UUID, today: date) -> OpenFacts:
        """An open dataset this account may read. Raises DatasetUnknown, TakenDown, NotOpenToYou."""
        found = self.datasets.get(name)
        if found is None:
            if name in self.gone:
                raise TakenDown(data={"dataset": name, "reason": self.gone[name]})
            raise DatasetUnknown(data={"dataset": name[:60]})
        if found.conditional and self.access.get((name, account), date.min) < today:
            raise NotOpenToYou(data={"dataset": name})
        return found


def digest_of(secret: str) -> str:
    """What is kept of a key: its secret has 160 random bits, so one round is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def shelf_from_rows(generation: int, datasets: Iterable[Any], keys: Iterable[Any], access: Iterable[Any]) -> Shelf:
    """Build the facts from rows of `sql.DATASETS`, `sql.KEYS`, `sql.ACCESS`."""
    opened, gone = {}, {}
    for key, version, columns, conditional, rows, as_of, state, reason in datasets:
        if state != "open":
            gone[key] = reason
            continue
        content = orjson.loads(columns) if isinstance(columns, str | bytes) else columns
        named = {one["name"]: OpenColumn(**one) for one in content}
        opened[key] = OpenFacts(key, version, named, conditional, rows, as_of)
    live = {digest: KeyFacts(key_id, account, minute, day) for key_id, digest, account, minute, day in keys}
    dated: dict[tuple[str, UUID], date] = {}
    for key, account, valid_to in access:
        dated[key, account] = max(valid_to, dated.get((key, account), date.min))
    return Shelf(generation, opened, gone, live, dated)


class Tables:
    """Opened files of versions, the least used closed first."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._open: OrderedDict[tuple[str, int], RowTable] = OrderedDict()

    def table(self, facts: OpenFacts) -> RowTable:
        """The table of a version. Raises FileNotFoundError when its file is missing."""
        name = (facts.key, facts.version)
        found = self._open.get(name)
        if found is None:
            path = self._home / "open" / facts.key / f"v{facts.version}.sqlite"
            if not path.exists():
                raise FileNotFoundError(path)
            found = self._open[name] = RowTable(path, list(facts.columns.values()))
            if len(self._open) > _KEPT_OPEN:
                self._open.popitem(last=False)[1].close()
        else:
            self._open.move_to_end(name)
        return found

    def keep_only(self, shelf: Shelf) -> None:
        """Close every version that is not open any more."""
        for name in [name for name in self._open if _version_of(shelf, name[0]) != name[1]]:
            self._open.pop(name).close()

    def answer(self, facts: OpenFacts, pairs: Iterable[tuple[str, str]]) -> tuple[bytes, str, RowQuery]:
        """Body, media type and the query as understood. Raises BadQuery."""
        query = parse_query(pairs, facts.columns)
        table = self.table(facts)
        found = table.read(query)
        if query.csv:
            return table.csv(query, found), "text/csv; charset=utf-8", query
        head = orjson.dumps(
            {"dataset": facts.key, "version": facts.version, "as_of": facts.as_of, "total_rows": facts.rows, "next": found.cursor}
        )  # fmt: skip
        return head[:-1] + b',"rows":[' + b",".join(found.blobs) + b"]}", "application/json", query


def _version_of(shelf: Shelf, key: str) -> int:
    found = shelf.datasets.get(key)
    return found.version if found else 0
