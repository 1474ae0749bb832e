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


@dataclass(frozen=True, slots=True)
class Found:
    """Entries in rising order and how well each matches."""

    entries: Numbers
    weights: npt.NDArray[np.float32]


NOTHING = Found(np.empty(0, np.uint32), np.empty(0, np.float32))


def find_part(part: Part, lookup: Lookup, name_lengths: Numbers) -> Found:
    """Entries that hold any phrase of the part."""
    found = [_phrase(phrase, lookup, name_lengths) for phrase in part.phrases]
    found = [one for one in found if one.entries.size]
    if not found:
        return NOTHING
    if len(found) == 1:
        return found[0]
    return _best(np.concatenate([one.entries for one in found]), np.concatenate([one.weights for one in found]))


def find_all(parts: Sequence[Found]) -> Found:
    """Entries found for every part; weights add up."""
    result = min(parts, key=lambda one: one.entries.size, default=NOTHING)
    for other in sorted(parts, key=lambda one: one.entries.size):
        if other is result:
            continue
        at, held = _meet(result.entries, other.entries)
        result = Found(result.entries[held], result.weights[held] + other.weights[at])
    return result


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


def _phrase(phrase: Phrase, lookup: Lookup, name_lengths: Numbers) -> Found:
    lists = sorted(((lookup(token), shift) for token, shift in phrase.tokens), key=lambda one: one[0].size)
    if not lists or not lists[0][0].size:
        return NOTHING
    first, shift = lists[0]
    starts = first[(first & _PLACE) >= shift] - np.uint32(shift)
    for places, shift in lists[1:]:
        _, held = _meet(starts + np.uint32(shift), places)
        starts = starts[held]
    place = starts & _PLACE
    weights = np.where(place < MIDDLE, _IN_NAME, np.where(place < TAIL, _BESIDE, _IN_TEXT)).astype(np.float32)
    weights[place == 0] = _AT_START
    entries = starts >> PLACE_BITS
    in_name = place < MIDDLE
    weights[in_name] += phrase.length / np.maximum(name_lengths[entries[in_name]], phrase.length)
    return _best(entries, weights * np.float32(phrase.weight))


def _meet(some: Numbers, others: Numbers) -> tuple[Numbers, npt.NDArray[np.bool_]]:
    """Where the values of `some` stand in sorted `others`, and which of them do."""
    if not others.size:
        return np.empty(0, np.int64), np.zeros(some.size, np.bool_)
    at = np.searchsorted(others, some)
    at[at == others.size] = 0
    held = others[at] == some
    return at[held], held


def _best(entries: Numbers, weights: Numbers) -> Found:
    """One line an entry, with its best weight."""
    order = np.argsort(entries, kind="stable")
    entries, weights = entries[order], weights[order]
    first = np.flatnonzero(np.concatenate(([True], entries[1:] != entries[:-1]))) if entries.size else np.empty(0, int)
    return Found(entries[first], np.maximum.reduceat(weights, first).astype(np.float32) if first.size else weights)


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
