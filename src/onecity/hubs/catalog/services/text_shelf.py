"""A shelf of documents held in memory, for hubs above that let people search what they publish: same words, sounds and synonyms.

Owns postings as arrays and their renewal document by document. Refuses to read tables; whoever fills it says what is shown.
"""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from onecity.hubs.catalog.rules.finding import Places, joined
from onecity.hubs.catalog.rules.words import MIDDLE, PLACE_BITS, Words, normal, syllables, tokens
from onecity.hubs.catalog.services.text_search import answer_text

__all__ = ["ShelfAnswer", "TextShelf", "words_of_text"]

_REBUILD_FROM = 300


@dataclass(frozen=True, slots=True)
class ShelfAnswer:
    """Numbers of documents in rising order with their weights; None = nothing was asked."""

    numbers: npt.NDArray[Any] | None
    weights: npt.NDArray[Any] | None
    loosened: bool
    suggestions: tuple[str, ...]


@dataclass(frozen=True)
class TextShelf:
    """Never changed, renewed as a whole; `built` stays while few documents changed, `stale` marks those it holds no longer."""

    texts: Mapping[int, Words]
    built: Mapping[str, Places]
    recent: Mapping[str, Places]
    changed: frozenset[int]
    stale: npt.NDArray[Any]
    shown: npt.NDArray[Any]
    name_lengths: npt.NDArray[Any]
    names: Mapping[str, str]

    @classmethod
    def of(cls, texts: Mapping[int, Words], names: Mapping[str, str]) -> "TextShelf":
        """A shelf of documents by number (small numbers, from 0)."""
        return cls(
            dict(texts),
            _postings(texts, texts),
            {},
            frozenset(),
            np.zeros(_size(texts), np.bool_),
            *_sizes(texts),
            names,
        )

    def renewed(self, changed: Mapping[int, Words], gone: Iterable[int], names: Mapping[str, str]) -> "TextShelf":
        """With documents written anew or taken away; built anew when many were."""
        texts = {**self.texts, **changed}
        left = frozenset(gone)
        for number in left:
            texts.pop(number, None)
        touched = self.changed | set(changed) | left
        if len(touched) > _REBUILD_FROM:
            return TextShelf.of(texts, names)
        stale = np.zeros(max(_size(texts), self.stale.size), np.bool_)
        stale[list(touched)] = True
        recent = _postings(texts, sorted(n for n in touched if n in texts))
        return TextShelf(texts, self.built, recent, touched, stale, *_sizes(texts, stale.size), names)

    def places(self, wanted: Iterable[str]) -> dict[str, Places]:
        """Where each token stands."""
        return {token: joined(self.built.get(token), self.recent.get(token), self.stale) for token in wanted}

    def find(self, text: str) -> ShelfAnswer:
        """The documents a text leads to."""
        answer = answer_text(self, text.strip()[:200])
        found = answer.found
        if found is None:
            return ShelfAnswer(None, None, False, ())
        return ShelfAnswer(found.entries, found.weights, answer.loosened, answer.suggestions)


def words_of_text(name: str, beside: Sequence[str], text: str) -> Words:
    """A document's words in normal form; `beside`: tags, departments, labels."""
    plain = normal(name)
    return Words(plain, "\n".join(normal(word) for word in beside if word), normal(text), syllables(plain))


def _size(texts: Mapping[int, Words]) -> int:
    return max(texts, default=-1) + 1


def _sizes(texts: Mapping[int, Words], size: int = 0) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    shown, lengths = np.zeros(size or _size(texts), np.bool_), np.zeros(size or _size(texts), np.int32)
    for number, words in texts.items():
        shown[number], lengths[number] = True, min(len(words.name), MIDDLE)
    return shown, lengths


def _postings(texts: Mapping[int, Words], numbers: Iterable[int]) -> dict[str, Places]:
    gathered: dict[str, array[int]] = {}
    for number in numbers:
        base = number << PLACE_BITS
        for token, place in tokens(texts[number]):
            gathered.setdefault(token, array("I")).append(base | place)
    return {token: np.sort(np.frombuffer(places, np.uint32)) for token, places in gathered.items()}
