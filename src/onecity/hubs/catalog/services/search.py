"""Search: words to phrases, phrases to entries, entries to one page with facets. Owns order, counts and what comes near."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
from django.db import connection

from onecity.hubs.catalog.contracts import (
    FACETS,
    DataLevel,
    FacetValue,
    OpenType,
    SearchFilters,
    SearchHit,
    SearchOrder,
    SearchPage,
    ShareType,
    Supply,
    UpdateCycle,
)
from onecity.hubs.catalog.rules.finding import order_by_score
from onecity.hubs.catalog.services.search_index import Column, Snapshot, current_snapshot
from onecity.hubs.catalog.services.text_search import Answer, answer_text
from onecity.hubs.catalog.services.vocabulary import category_label, synonym_state, topic_keys, topic_labels
from onecity.kernel.paging import PageRequest

__all__ = ["search", "search_json"]

_SECONDS_OLD = 1.0
_REMEMBERED = 400
_FACET_VALUES = 40
_COLUMN = {"supply": "supply_now"}
_LABELS: dict[str, Callable[[str], ShareType | OpenType | UpdateCycle | Supply | DataLevel]] = {
    "share": ShareType, "open": OpenType, "cycle": UpdateCycle, "supply": Supply, "level": DataLevel,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Counted:
    entries: Column
    scores: Column | None
    total: int
    facets: dict[str, tuple[FacetValue, ...]]
    json: str


def search(text: str, filters: SearchFilters, page: PageRequest, *, fresh: bool = False) -> SearchPage:
    """One page of published entries. `fresh`: as of this very moment instead of the last second."""
    snapshot = current_snapshot(0.0 if fresh else _SECONDS_OLD)
    answer, counted, chosen = _find(snapshot, text, filters, page)
    bodies = _bodies(chosen)
    items = tuple(SearchHit(**{**(hit := orjson.loads(body)), "items": tuple(hit["items"])}) for body in bodies)
    return SearchPage(
        items, counted.total, page.number, page.size, counted.facets, answer.marks, answer.loosened, answer.suggestions
    )


def search_json(text: str, filters: SearchFilters, page: PageRequest) -> str:
    """The same as text ready to send: documents are joined as they were assembled."""
    answer, counted, chosen = _find(current_snapshot(_SECONDS_OLD), text, filters, page)
    head = orjson.dumps({
        "total": counted.total, "number": page.number, "size": page.size, "marks": answer.marks,
        "loosened": answer.loosened, "suggestions": answer.suggestions,
    }).decode()  # fmt: skip
    return f'{head[:-1]},"items":[{",".join(_bodies(chosen))}],"facets":{counted.json}}}'


def _find(
    snapshot: Snapshot, text: str, filters: SearchFilters, page: PageRequest
) -> tuple[Answer, _Counted, Sequence[int]]:
    text = text.strip()[:200]
    known = synonym_state()  # other words in force, other answers
    answer: Answer = _remember(snapshot, ("text", known, text), lambda: answer_text(snapshot, text))
    counted: _Counted = _remember(snapshot, (known, text, filters), lambda: _count(snapshot, answer, filters))
    if counted.scores is None:
        chosen = counted.entries[page.offset : page.offset + page.size]
    else:
        chosen = order_by_score(counted.entries, counted.scores, page.offset, page.size)
    return answer, counted, [int(n) for n in chosen]


def _remember(snapshot: Snapshot, key: Any, make: Any) -> Any:
    """Kept with the snapshot, so a change of any entry forgets it. Threads may race; the last one wins with the same answer."""
    memo = snapshot.memo
    if key in memo:
        return memo[key]
    made = memo[key] = make()
    while len(memo) > _REMEMBERED:
        memo.pop(next(iter(memo)), None)
    return made


def _count(snapshot: Snapshot, answer: Answer, filters: SearchFilters) -> _Counted:
    entries = snapshot.entries if answer.found is None else answer.found.entries
    passing = {
        facet: _passing(snapshot, facet, filters.chosen(facet), entries) for facet in FACETS if filters.chosen(facet)
    }
    facets: dict[str, tuple[FacetValue, ...]] = {}
    for facet in FACETS:
        others = [mask for name, mask in passing.items() if name != facet]
        left = entries[np.logical_and.reduce(others)] if others else entries
        facets[facet] = _values(snapshot, facet, left, filters.chosen(facet))
    kept = np.logical_and.reduce(list(passing.values())) if passing else np.ones(entries.size, np.bool_)
    entries = entries[kept]
    weights = answer.found.weights[kept] if answer.found is not None else None
    ordered, scores = _ordered(snapshot, entries, weights, filters.order)
    shown = {
        name: [{"value": v.value, "label": v.label, "count": v.count, "chosen": v.chosen} for v in values]
        for name, values in facets.items()
    }
    return _Counted(ordered, scores, int(entries.size), facets, orjson.dumps(shown).decode())


def _passing(snapshot: Snapshot, facet: str, chosen: tuple[str, ...], entries: Column) -> Column:
    if facet == "topic":
        keys = topic_keys()
        wanted = sum(1 << keys.index(key) for key in chosen if key in keys)
        return (snapshot.columns["topics"][entries] & wanted) > 0
    values = snapshot.values[facet]
    table = np.zeros(len(values) + 1, np.bool_)
    table[[values.index(value) for value in chosen if value in values]] = True
    passed: Column = table[snapshot.columns[_COLUMN.get(facet, facet)][entries]]
    return passed


def _values(snapshot: Snapshot, facet: str, entries: Column, chosen: tuple[str, ...]) -> tuple[FacetValue, ...]:
    if facet == "topic":
        column = snapshot.columns["topics"][entries]
        counts = [(key, int(np.count_nonzero(column & (1 << n)))) for n, key in enumerate(topic_keys())]
    else:
        column = snapshot.columns[_COLUMN.get(facet, facet)][entries]
        numbers = np.bincount(column, minlength=len(snapshot.values[facet]))
        counts = [(value, int(n)) for value, n in zip(snapshot.values[facet], numbers, strict=False) if value]
    made = [
        FacetValue(value, _label(snapshot, facet, value), count, value in chosen)
        for value, count in counts
        if count or value in chosen
    ]
    return tuple(sorted(made, key=lambda one: (not one.chosen, -one.count, one.value))[:_FACET_VALUES])


def _label(snapshot: Snapshot, facet: str, value: str) -> str:
    if facet == "provider":
        return snapshot.labels.get(value) or value
    if facet == "category":
        return category_label(value)
    if facet == "topic":
        return topic_labels()[value]
    return str(_LABELS[facet](value).label)


def _ordered(
    snapshot: Snapshot, entries: Column, weights: Column | None, order: SearchOrder
) -> tuple[Column, Column | None]:
    """Entries already in order (no scores), or with the scores to order them by."""
    if order is SearchOrder.UPDATE:
        return entries, snapshot.columns["updated"][entries].astype(np.float64)
    if order is SearchOrder.USE:
        return entries, snapshot.columns["uses"][entries].astype(np.float64)
    standing = _standing(snapshot)[entries]
    return entries, standing if weights is None else weights * 10 + standing


def _standing(snapshot: Snapshot) -> Column:
    """What speaks for an entry before a word is read: use, and that there are data."""
    if "standing" not in snapshot.memo:
        used = np.log1p(snapshot.columns["uses"]) / 4
        snapshot.memo["standing"] = used + (snapshot.columns["late_on"] > 0)
    found: Column = snapshot.memo["standing"]
    return found


def _bodies(chosen: Sequence[int]) -> list[str]:
    if not chosen:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT n, body FROM catalog_searchdocument WHERE n = ANY(%s)", [list(chosen)])
        found = dict(cursor.fetchall())
    return [found[n] for n in chosen if n in found]
