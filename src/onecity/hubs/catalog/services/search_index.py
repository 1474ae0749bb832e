"""What a web process keeps of the catalogue to answer in a millisecond: facet columns and recent words, followed by transaction.

Owns: one index a process and database, always as fresh as the last commit that ended before the question. Refuses to keep texts.
Postings of the great building are fetched by token and kept while room lasts; documents written after it are read as they are.
"""

import threading
import time
from array import array
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import psycopg
from django.db import connection

from onecity.hubs.catalog.contracts import Supply
from onecity.hubs.catalog.models import SearchBuilding
from onecity.hubs.catalog.rules.finding import Places, joined
from onecity.hubs.catalog.rules.words import PLACE_BITS, Words, tokens
from onecity.hubs.catalog.services.vocabulary import forget_synonyms
from onecity.kernel.clock import today

__all__ = ["Snapshot", "current_snapshot", "forget"]

_KEPT_PLACES = 12_000_000  # four bytes each
_EPOCH = 719_163
_CODED = ("provider", "category", "share", "open", "cycle", "level", "supply")
_NUMBERS = ("topics", "late_on", "uses", "updated")
EMPTY: Places = np.empty(0, np.uint32)
Column = npt.NDArray[Any]
_NO_STALE: Column = np.empty(0, np.bool_)


@dataclass(frozen=True)
class Snapshot:
    """Everything as of one moment; never changed, replaced as a whole. `memo` keeps answers for as long as it stands."""

    cursor: int
    building: int
    columns: dict[str, Column]
    values: dict[str, list[str]]
    labels: dict[str, str]
    shown: Column
    stale: Column
    name_lengths: Column
    recent: dict[str, Places]
    day: int
    memo: "OrderedDict[Any, Any]" = field(default_factory=OrderedDict)

    @property
    def entries(self) -> Column:
        """Numbers of all entries shown."""
        if "entries" not in self.memo:
            self.memo["entries"] = np.flatnonzero(self.shown).astype(np.uint32)
        found: Column = self.memo["entries"]
        return found

    @property
    def names(self) -> dict[str, str]:
        """Departments by code: offered to who finds nothing."""
        return self.labels

    def places(self, wanted: Iterable[str]) -> dict[str, Places]:
        """Postings of several tokens by token; one without any place is empty."""
        return _follower().places(self, wanted)


class _Follower:
    """The process's view of one database."""

    def __init__(self) -> None:
        self.lock, self.reading = threading.Lock(), threading.Lock()
        self.now: Snapshot | None = None
        self.looked = 0.0
        self.written: dict[int, int] = {}
        self.words: dict[int, list[tuple[str, int]]] = {}
        self.kept: OrderedDict[tuple[int, str], Places] = OrderedDict()
        self.room = _KEPT_PLACES

    def follow(self, every: float) -> Snapshot:
        """The snapshot, no older than `every` seconds."""
        known = self.now
        if known is not None and time.monotonic() - self.looked < every:
            return known
        if not self.reading.acquire(blocking=known is None or every == 0):
            return known if known is not None else self.follow(every)  # somebody reads already; what is known will do
        try:
            if self.now is None or every == 0 or time.monotonic() - self.looked >= every:
                self.now = self._read(self.now)
                self.looked = time.monotonic()
            return self.now
        finally:
            self.reading.release()

    def _read(self, before: Snapshot | None) -> Snapshot:
        building = SearchBuilding.objects.order_by("-id").first()
        number, built = (building.id, building.cursor) if building else (0, 0)
        since = before.cursor if before is not None and before.building == number else 0
        with connection.cursor() as cursor:
            cursor.execute("SELECT (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint")
            horizon = int(cursor.fetchone()[0])
            cursor.execute("SELECT n, tx FROM catalog_searchdocument WHERE tx >= %s", [since])
            changed = [n for n, tx in cursor.fetchall() if since == 0 or self.written.get(n) != tx]
            day = today().toordinal() - _EPOCH
            if not changed and before is not None and before.building == number and before.day == day:
                return before if before.cursor == horizon else _moved(before, horizon)
            if since == 0:
                self.written, self.words, before = {}, {}, None
            rows = _documents(cursor, changed if before is not None else None, built)
        return self._with(before, rows, horizon, number, built, day)

    def _with(
        self, before: Snapshot | None, rows: Sequence[tuple[Any, ...]], horizon: int, number: int, built: int, day: int
    ) -> Snapshot:
        size = max([before.shown.size if before else 0, *(row[0] + 1 for row in rows)], default=0)
        columns = {
            name: _grown(before.columns[name] if before else None, size, np.int32) for name in (*_CODED, *_NUMBERS)
        }
        shown = _grown(before.shown if before else None, size, np.bool_)
        stale = _grown(before.stale if before else None, size, np.bool_)
        lengths = _grown(before.name_lengths if before else None, size, np.int32)
        values = {name: list(before.values[name]) if before else [] for name in _CODED}
        labels = dict(before.labels) if before else {}
        places = {name: {value: n for n, value in enumerate(values[name])} for name in _CODED}
        for row in rows:
            n, tx, shown[n], lengths[n] = row[0], row[1], row[2], row[3]
            self.written[n] = tx
            for name, value in zip(_CODED, row[4:11], strict=True):
                code = places[name].get(value)
                if code is None:
                    code = places[name][value] = len(values[name])
                    values[name].append(value)
                columns[name][n] = code
            for name, value in zip(_NUMBERS, row[11:15], strict=True):
                columns[name][n] = value
            labels[row[4]] = row[15]
            if tx >= built:
                stale[n] = True
                self.words[n] = list(tokens(Words(*row[16:20])))
        if len(self.written) > 200_000 or built:
            self.written = {n: tx for n, tx in self.written.items() if tx >= built}
        columns["supply_now"] = _supply_today(columns, places["supply"], values["supply"], day)
        return Snapshot(horizon, number, columns, values, labels, shown, stale, lengths, _recent(self.words), day)

    def places(self, snapshot: Snapshot, wanted: Iterable[str]) -> dict[str, Places]:
        """Postings of tokens, recent words joined in, replaced ones taken out."""
        wanted = list(dict.fromkeys(wanted))
        built = self._built(snapshot.building, wanted) if snapshot.building else {}
        nothing = snapshot.stale if snapshot.recent else _NO_STALE
        return {token: joined(built.get(token), snapshot.recent.get(token), nothing) for token in wanted}

    def _built(self, building: int, wanted: list[str]) -> dict[str, Places]:
        with self.lock:
            found = {token: self.kept[(building, token)] for token in wanted if (building, token) in self.kept}
            for token in found:
                self.kept.move_to_end((building, token))
        missing = [token for token in wanted if token not in found]
        if missing:
            fetched = _fetch(building, missing)
            found |= fetched
            with self.lock:
                for token in missing:
                    self._keep((building, token), fetched.get(token, EMPTY))
        return found

    def _keep(self, key: tuple[int, str], places: Places) -> None:
        if key in self.kept:
            return
        self.kept[key] = places
        self.room -= places.size + 50
        while self.room < 0 and self.kept:
            _, dropped = self.kept.popitem(last=False)
            self.room += dropped.size + 50


def _fetch(building: int, wanted: list[str]) -> dict[str, Places]:
    connection.ensure_connection()
    with psycopg.Cursor(connection.connection) as cursor:  # Django's own cursors cannot take binary, and hex doubles it
        cursor.execute(
            "SELECT token, places FROM catalog_searchposting WHERE building = %s AND token = ANY(%s)",
            [building, wanted],
            binary=True,
        )
        return {token: np.frombuffer(places, np.uint32) for token, places in cursor.fetchall()}


def _documents(cursor: Any, changed: list[int] | None, built: int) -> list[tuple[Any, ...]]:
    """All documents, or the changed ones. Texts only of those the building does not hold."""
    words = ", ".join(f"CASE WHEN tx >= %s THEN {name} ELSE '' END" for name in ("name", "middle", "tail", "pinyin"))
    query = (
        "SELECT n, tx, shown, length(name), provider, category, share, open, cycle, level, supply, topics, late_on, uses, "
        f"updated, provider_name, {words} FROM catalog_searchdocument"
    )
    bounds: list[Any] = [built] * 4
    if changed is not None:
        query += " WHERE n = ANY(%s)"
        bounds.append(changed)
    cursor.execute(query, bounds)
    rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _moved(before: Snapshot, horizon: int) -> Snapshot:
    return Snapshot(**{**{name: getattr(before, name) for name in before.__dataclass_fields__}, "cursor": horizon})


def _grown(known: Column | None, size: int, kind: type) -> Column:
    out: Column = np.zeros(size, kind)
    if known is not None:
        out[: known.size] = known
    return out


def _supply_today(columns: dict[str, Column], codes: dict[str, int], values: list[str], day: int) -> Column:
    late = codes.setdefault(Supply.LATE, len(values))
    if late == len(values):
        values.append(Supply.LATE)
    overdue = (columns["late_on"] > 0) & (columns["late_on"] <= day)
    fresh = codes.get(Supply.FRESH, -1)
    return np.where(overdue & (columns["supply"] == fresh), late, columns["supply"])


def _recent(words: dict[int, list[tuple[str, int]]]) -> dict[str, Places]:
    gathered: dict[str, array[int]] = {}
    for n in sorted(words):
        base = n << PLACE_BITS
        for token, place in words[n]:
            gathered.setdefault(token, array("I")).append(base | place)
    return {token: np.sort(np.frombuffer(places, np.uint32)) for token, places in gathered.items()}


_followers: dict[str, _Follower] = {}


def _follower() -> _Follower:
    return _followers.setdefault(str(connection.settings_dict["NAME"]), _Follower())


def current_snapshot(every: float = 0.0) -> Snapshot:
    """The index as it is now; `every`: seconds an older view may do."""
    return _follower().follow(every)


def forget() -> None:
    """Drop everything kept (tests with databases of their own)."""
    _followers.clear()
    forget_synonyms()
