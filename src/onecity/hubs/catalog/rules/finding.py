"""Finding in lists of places: which entries hold a phrase, how well, and what the facets count. Owns the arithmetic; pure arrays.

A posting is a sorted array of `entry << 10 | place`. Two bigrams side by side are two postings that meet after a shift, so a phrase
is found exactly, in any field, without looking at a text.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from onecity.hubs.catalog.rules.asking import Part, Phrase
from onecity.hubs.catalog.rules.words import MIDDLE, PLACE_BITS, TAIL

__all__ = ["NOTHING", "Found", "Places", "find_all", "find_any", "find_part", "joined", "order_by_score"]

Places = npt.NDArray[np.uint32]
Numbers = npt.NDArray[Any]
Lookup = Callable[[str], Places]

_PLACE = (1 << PLACE_BITS) - 1
_IN_NAME, _AT_START, _BESIDE, _IN_TEXT = 4.0, 5.0, 2.0, 1.0
_FIELD_WEIGHTS = np.full(_PLACE + 1, _IN_TEXT, np.float32)
_FIELD_WEIGHTS[:TAIL], _FIELD_WEIGHTS[:MIDDLE], _FIELD_WEIGHTS[0] = _BESIDE, _IN_NAME, _AT_START


@dataclass(frozen=True, slots=True)
class Found:
    """Entries in rising order and how well each matches."""

    entries: Numbers
    weights: npt.NDArray[np.float32]


NOTHING = Found(np.empty(0, np.uint32), np.empty(0, np.float32))


def find_part(part: Part, lookup: Lookup, name_lengths: Numbers, among: Numbers | None = None) -> Found:
    """Entries that hold any phrase of the part. `among`: only these entries are of interest (rising order)."""
    found = [_phrase(phrase, lookup, name_lengths, among) for phrase in part.phrases]
    found = [one for one in found if one.entries.size]
    if not found:
        return NOTHING
    if len(found) == 1:
        return found[0]
    entries = np.concatenate([one.entries for one in found])
    weights = np.concatenate([one.weights for one in found])
    order = np.argsort(entries, kind="stable")
    return _best(entries[order], weights[order])


def find_all(parts: Sequence[Part], lookup: Lookup, name_lengths: Numbers) -> Found:
    """Entries that hold every part; weights add up. The rarest part first, so the others are read only where it was found."""
    result: Found | None = None
    for part in sorted(parts, key=lambda one: _expected(one, lookup)):
        found = find_part(part, lookup, name_lengths, None if result is None else result.entries)
        if result is not None:
            at, held = _meet(result.entries, found.entries)
            found = Found(result.entries[held], result.weights[held] + found.weights[at])
        result = found
        if not result.entries.size:
            return NOTHING
    return result if result is not None else NOTHING


def _expected(part: Part, lookup: Lookup) -> int:
    """No more places than this can hold the part."""
    return sum(min((lookup(token).size for token, _ in phrase.tokens), default=0) for phrase in part.phrases)


def find_any(parts: Sequence[Found]) -> Found:
    """Entries found for at least half of the parts, those that meet more first."""
    if not parts:
        return NOTHING
    entries = np.concatenate([one.entries for one in parts])
    weights = np.concatenate([one.weights for one in parts])
    unique, where = np.unique(entries, return_inverse=True)
    met = np.bincount(where)
    enough = met * 2 >= len(parts)
    return Found(unique[enough], (np.bincount(where, weights)[enough] + met[enough] * 10).astype(np.float32))


def _phrase(phrase: Phrase, lookup: Lookup, name_lengths: Numbers, among: Numbers | None) -> Found:
    lists = sorted(((lookup(token), shift) for token, shift in phrase.tokens), key=lambda one: one[0].size)
    if not lists or not lists[0][0].size:
        return NOTHING
    first, shift = lists[0]
    if among is not None:
        first = _only(first, among)
    starts = first[(first & _PLACE) >= shift] - np.uint32(shift) if shift else first
    for places, shift in lists[1:]:
        _, held = _meet(starts + np.uint32(shift), places)
        starts = starts[held]
    place = starts & _PLACE
    weights = _FIELD_WEIGHTS[place]
    entries = starts >> PLACE_BITS
    in_name = np.flatnonzero(place < MIDDLE)
    weights[in_name] += phrase.length / np.maximum(name_lengths[entries[in_name]], phrase.length)
    return _best(entries, weights * np.float32(phrase.weight))


def _only(places: Places, entries: Numbers) -> Places:
    """Places of a few entries out of a long list, by bisection."""
    if entries.size * 8 > places.size:
        return places
    base = entries.astype(np.uint32) << PLACE_BITS
    start = np.searchsorted(places, base)
    count = np.searchsorted(places, base | np.uint32(_PLACE), side="right") - start
    before = np.cumsum(count) - count
    return places[np.repeat(start - before, count) + np.arange(int(count.sum()))]


def _meet(some: Numbers, others: Numbers) -> tuple[Numbers, npt.NDArray[np.bool_]]:
    """Where the values of `some` stand in sorted `others`, and which of them do."""
    if not others.size:
        return np.empty(0, np.int64), np.zeros(some.size, np.bool_)
    at = np.searchsorted(others, some)
    at[at == others.size] = 0
    held = others[at] == some
    return at[held], held


def _best(entries: Numbers, weights: Numbers) -> Found:
    """One line an entry, with its best weight; entries come in rising order."""
    if not entries.size:
        return NOTHING
    new = entries[1:] != entries[:-1]
    if new.all():
        return Found(entries, weights.astype(np.float32, copy=False))
    first = np.flatnonzero(np.concatenate(([True], new)))
    return Found(entries[first], np.maximum.reduceat(weights, first).astype(np.float32, copy=False))


def joined(old: Places | None, new: Places | None, stale: Numbers) -> Places:
    """Places of one token: of the building without entries written since, and of those entries themselves."""
    if old is not None and old.size and stale.any():
        entries = old >> PLACE_BITS
        kept = entries >= stale.size
        kept[~kept] = ~stale[entries[~kept]]
        old = old[kept]
    if old is None or not old.size:
        return new if new is not None else np.empty(0, np.uint32)
    return old if new is None or not new.size else np.sort(np.concatenate((old, new)))


def order_by_score(entries: Numbers, scores: Numbers, start: int, size: int) -> Numbers:
    """The page of entries with the highest scores, ties by number; only as much is sorted as the page needs."""
    wanted = min(start + size, entries.size)
    if wanted <= start:
        return entries[:0]
    if entries.size > 4 * wanted:
        kept = np.argpartition(-scores, wanted - 1)[:wanted]
        # Ties at the border of the page would make two pages overlap; take every entry that scores as the last one.
        kept = np.flatnonzero(scores >= scores[kept].min())
        entries, scores = entries[kept], scores[kept]
    order = np.lexsort((entries, -scores))
    chosen: Numbers = entries[order[start:wanted]]
    return chosen
