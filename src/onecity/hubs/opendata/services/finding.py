"""Finding open datasets: one index a process, as of the last change of what is open. Owns filters, order, facets.

Words, sounds and synonyms are the catalogue's own (`catalog.TextShelf`), so the portal and the desk find alike. Refuses to show anything:
it answers with ids, and whoever fetches the rows asks again whether they are open.
Downloads, which order a list, are read anew every ten minutes.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
import orjson
from django.db import connection

from onecity.hubs.catalog import api as catalog
from onecity.hubs.opendata.contracts import DatasetFilter, DatasetState, FacetValue
from onecity.hubs.opendata.models import Dataset
from onecity.hubs.opendata.rules.package import FORMATS
from onecity.hubs.opendata.services import generation
from onecity.hubs.opendata.services.lookup import topics
from onecity.hubs.opendata.services.views import dataset_view

__all__ = ["Result", "find", "forget", "text_of"]

_REMEMBERED, _MOST_TAGS, _OLDEST = 400, 50, 600.0
Numbers = npt.NDArray[Any]
_FIELDS = (
    "id", "key", "title", "provider", "provider_name", "licence", "topics", "formats", "tags", "conditional", "downloads",
    "changed_at", "opened_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Result:
    """Places in the order wanted, and how the text was read. `facets` count the whole result."""

    everything: Sequence[UUID]
    places: Numbers
    facets: tuple[FacetValue, ...]
    loosened: bool = False
    suggestions: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """How many fit."""
        return int(self.places.size)

    def ids(self, start: int, count: int) -> list[UUID]:
        """Ids of one page."""
        return [self.everything[int(n)] for n in self.places[start : start + count]]


@dataclass(frozen=True)
class _Lists:
    """A facet with several values a dataset, as pairs (place of the dataset, code of the value)."""

    values: list[str]
    places: Numbers
    codes: Numbers

    def mask(self, value: str, size: int) -> Numbers:
        """Datasets that carry the value."""
        out = np.zeros(size, np.bool_)
        if value in self.values:
            out[self.places[self.codes == self.values.index(value)]] = True
        return out

    def counts(self, kept: Numbers) -> dict[str, int]:
        """How many of the kept datasets carry each value."""
        numbers = np.bincount(self.codes[kept[self.places]], minlength=len(self.values))
        return {value: int(n) for value, n in zip(self.values, numbers, strict=True) if n}


@dataclass
class _Index:
    """Everything as of one generation; places 0… are the datasets in order of key."""

    generation: int
    read_at: float
    ids: list[UUID]
    columns: dict[str, list[Any]]
    lists: dict[str, _Lists]
    orders: dict[str, Numbers]
    numbers: dict[UUID, int]
    place_of: Numbers
    shelf: Any = None
    memo: "OrderedDict[Any, Any]" = field(default_factory=OrderedDict)


@dataclass
class _Kept:
    """What stays over generations: numbers given once, and the shelf with the moment each document was read."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    now: _Index | None = None
    numbers: dict[UUID, int] = field(default_factory=dict)
    read: dict[UUID, datetime] = field(default_factory=dict)
    shelf: Any = None


_kept: dict[str, _Kept] = {}


def forget() -> None:
    """Drop everything kept (tests)."""
    _kept.clear()


def find(chosen: DatasetFilter, *, near: bool = True) -> Result:
    """Open datasets that fit. `near`: what comes near will do when nothing holds all that was asked."""
    kept = _kept.setdefault(str(connection.settings_dict["NAME"]), _Kept())
    index = _index(kept)
    if not chosen.text.strip():
        return _remember(index, (chosen, near), lambda: _result(index, chosen, None, near))
    with kept.lock:
        shelf = _shelf(kept, index)
    return _remember(
        index,
        (chosen, near, catalog.synonym_state()),
        lambda: _result(index, chosen, shelf.find(chosen.text[:60]), near),
    )


def _remember(index: _Index, key: Any, make: Any) -> Result:
    """Kept with the index. Threads may race; the last one wins with the same answer."""
    if key not in index.memo:
        index.memo[key] = make()
        while len(index.memo) > _REMEMBERED:
            index.memo.pop(next(iter(index.memo)), None)
    found: Result = index.memo[key]
    return found


def _index(kept: _Kept) -> _Index:
    number = generation.current()
    held = kept.now
    if held is not None and held.generation == number and time.monotonic() - held.read_at < _OLDEST:
        return held
    with kept.lock:
        if kept.now is None or kept.now.generation != number or time.monotonic() - kept.now.read_at >= _OLDEST:
            kept.now = _read(kept, number)
        return kept.now


def _read(kept: _Kept, number: int) -> _Index:
    rows = list(
        Dataset.objects.filter(state=DatasetState.OPEN, version__gt=0).order_by("key").values_list(*_FIELDS).iterator()
    )
    columns = {name: [row[n] for row in rows] for n, name in enumerate(_FIELDS)}
    columns["opened_at"] = [at or columns["changed_at"][n] for n, at in enumerate(columns["opened_at"])]
    ids: list[UUID] = columns["id"]
    for one in ids:
        kept.numbers.setdefault(one, len(kept.numbers))
    place_of = np.full(len(kept.numbers), -1, np.int64)
    place_of[[kept.numbers[one] for one in ids]] = np.arange(len(ids))
    lists = {name: _lists(columns[name]) for name in ("topics", "formats", "tags")}
    lists |= {name: _lists([[value] for value in columns[name]]) for name in ("provider", "licence")}
    return _Index(number, time.monotonic(), ids, columns, lists, _orders(columns), kept.numbers, place_of)


def _lists(values: Sequence[Sequence[str]]) -> _Lists:
    codes: dict[str, int] = {}
    pairs = [(place, codes.setdefault(one, len(codes))) for place, held in enumerate(values) for one in held]
    flat = np.array(pairs, np.int64).reshape(-1, 2)
    return _Lists(list(codes), flat[:, 0], flat[:, 1])


def _orders(columns: Mapping[str, list[Any]]) -> dict[str, Numbers]:
    """Rank of each dataset in each order; the key decides between equals."""
    everywhere = range(len(columns["id"]))

    def rank(name: str, *, falling: bool) -> Numbers:
        order = sorted(everywhere, key=columns[name].__getitem__, reverse=falling)
        out = np.empty(len(order), np.int64)
        out[order] = np.arange(len(order))
        return out

    return {
        "changed": rank("changed_at", falling=True), "opened": rank("opened_at", falling=True),
        "downloads": rank("downloads", falling=True), "name": rank("title", falling=False),
    }  # fmt: skip


def _shelf(kept: _Kept, index: _Index) -> Any:
    """The shelf of this generation: only documents that changed since the last one are read."""
    if index.shelf is None:
        moments = dict(zip(index.ids, index.columns["changed_at"], strict=True))
        changed = [one for one, at in moments.items() if kept.read.get(one) != at]
        gone = [kept.numbers[one] for one in kept.read if one not in moments]
        names = dict(zip(index.columns["provider"], index.columns["provider_name"], strict=True))
        texts = {kept.numbers[one]: words for one, words in _texts(changed) if one in moments}
        kept.shelf = (
            catalog.TextShelf.of(texts, names) if kept.shelf is None else kept.shelf.renewed(texts, gone, names)
        )
        kept.read, index.shelf = moments, kept.shelf
    return index.shelf


def _texts(ids: Sequence[UUID]) -> Iterator[tuple[UUID, "catalog.Words"]]:
    """Words of these datasets: as they stand beside the row, assembled only where they were never written."""
    rows = Dataset.objects.filter(state=DatasetState.OPEN, version__gt=0)
    if len(ids) < 2_000:
        rows = rows.filter(pk__in=ids)
    missing = []
    for one, written in rows.values_list("id", "found_by").iterator():
        if written:
            yield one, catalog.Words(*orjson.loads(written))
        else:
            missing.append(one)
    for row in Dataset.objects.filter(pk__in=missing).defer("package", "turtle"):
        yield row.id, text_of(row)


def text_of(row: Dataset) -> "catalog.Words":
    """The words a dataset is found by; written beside it when it is published, assembled here where they are not yet."""
    if row.found_by:
        return catalog.Words(*orjson.loads(row.found_by))
    view = dataset_view(row)
    subjects = [word for topic in topics() if topic.key in row.topics for word in (topic.zh, topic.en)]
    beside = [row.title_en, row.provider_name, row.key.replace("_", " "), *row.tags, *subjects]
    return catalog.words_of_text(row.title, [*beside, *(one.label for one in view.columns)], row.abstract)


def _result(index: _Index, chosen: DatasetFilter, asked: Any, near: bool) -> Result:
    kept = _passing(index, chosen)
    weights, loosened, suggestions = None, False, ()
    if asked is not None and asked.numbers is not None:
        loosened, suggestions = asked.loosened and near, asked.suggestions
        weights = np.zeros(len(index.ids))
        if near or not asked.loosened:
            places = index.place_of[asked.numbers]
            weights[places[places >= 0]] = asked.weights[places >= 0]
        kept &= weights > 0
    places = np.flatnonzero(kept)
    if weights is not None and not chosen.sort:
        used = np.log1p(np.array(index.columns["downloads"], np.float64))[places] / 4
        places = places[np.lexsort((places, -(weights[places] * 10 + used)))]
    else:
        places = places[np.argsort(index.orders.get(chosen.sort, index.orders["changed"])[places], kind="stable")]
    return Result(index.ids, places.astype(np.int32), _facets(index, kept), loosened, suggestions)


def _passing(index: _Index, chosen: DatasetFilter) -> Numbers:
    size = len(index.ids)
    kept = np.ones(size, np.bool_)
    wanted = {
        "topics": chosen.topic, "provider": chosen.provider, "tags": chosen.tag, "formats": chosen.format, "licence": chosen.licence,
    }  # fmt: skip
    for name, value in wanted.items():
        if value:
            kept &= index.lists[name].mask(value, size)
    if chosen.conditional:
        kept &= np.array(index.columns["conditional"], np.bool_) == (chosen.conditional == "1")
    return kept


def _facets(index: _Index, kept: Numbers) -> tuple[FacetValue, ...]:
    labels: dict[str, Mapping[str, str]] = {
        "topic": {topic.key: topic.zh for topic in topics()},
        "provider": dict(zip(index.columns["provider"], index.columns["provider_name"], strict=True)),
        "format": {form: form for form in FORMATS},
    }
    out: list[FacetValue] = []
    for facet, name in (("topic", "topics"), ("provider", "provider"), ("format", "formats"), ("licence", "licence")):
        known = labels.get(facet, {})
        out += [FacetValue(facet, v, known.get(v, v), n) for v, n in index.lists[name].counts(kept).items()]
    tags = sorted(index.lists["tags"].counts(kept).items(), key=lambda one: (-one[1], one[0]))[:_MOST_TAGS]
    out += [FacetValue("tag", value, value, n) for value, n in tags]
    return tuple(sorted(out, key=lambda one: (one.facet, -one.count, one.value)))
