"""From a text to entries: all of it, the same sounds, word by word, most of the words. Owns the order of attempts.

Knows no table: a shelf says where tokens stand. The catalogue's own index is one shelf, a hub above may fill another.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from onecity.hubs.catalog.rules.asking import Part, loosened, parse, sounding_like
from onecity.hubs.catalog.rules.finding import NOTHING, Found, Places, find_all, find_any, find_part
from onecity.hubs.catalog.services.suggesting import cut, suggestions
from onecity.hubs.catalog.services.vocabulary import synonyms

__all__ = ["Answer", "Shelf", "answer_text"]


class Shelf(Protocol):
    """Documents by number. `shown`: which may be found; `names`: what else may have been meant."""

    @property
    def shown(self) -> npt.NDArray[Any]:
        """Whether a document may be found."""
        ...

    @property
    def name_lengths(self) -> npt.NDArray[Any]:
        """Characters of each name."""
        ...

    @property
    def names(self) -> Mapping[str, str]:
        """Names offered to who finds nothing."""
        ...

    def places(self, wanted: Iterable[str]) -> Mapping[str, Places]:
        """Where each token stands."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """What a text leads to; `found` None = nothing was asked, everything will do."""

    found: Found | None
    marks: tuple[str, ...] = ()
    loosened: bool = False
    suggestions: tuple[str, ...] = ()


def answer_text(shelf: Shelf, text: str) -> Answer:
    """The documents a text leads to, exactly or nearly."""
    known = synonyms()
    parts = parse(text, known)
    if not parts:
        return Answer(None if not text else NOTHING)
    found = _meet(shelf, parts)
    if found.entries.size:
        return Answer(found, _marks(parts))
    near = _near(shelf, parts)
    if near is not None:
        return Answer(near[0], _marks(near[1]), True, suggestions(text, known, shelf.names))
    return Answer(found, (), False, suggestions(text, known, shelf.names))


def _near(shelf: Shelf, parts: tuple[Part, ...]) -> tuple[Found, tuple[Part, ...]] | None:
    """Nothing holds it all: the same sounds, then word by word, then most of the words."""
    known = synonyms()
    heard = tuple(sounding_like(part.text) if not part.text.isascii() else part for part in parts)
    if (found := _meet(shelf, heard)).entries.size:
        return found, heard
    pieces = tuple(piece for part in parts for piece in loosened(part, cut(part.text), known))
    if (found := _meet(shelf, pieces)).entries.size:
        return found, pieces
    found = _half(shelf, pieces) if len(pieces) > 1 else found
    return (found, pieces) if found.entries.size else None


def _places(shelf: Shelf, parts: Sequence[Part]) -> Mapping[str, Places]:
    return shelf.places(token for part in parts for phrase in part.phrases for token, _ in phrase.tokens)


def _meet(shelf: Shelf, parts: Sequence[Part]) -> Found:
    return _shown(shelf, find_all(parts, _places(shelf, parts).__getitem__, shelf.name_lengths))


def _half(shelf: Shelf, parts: Sequence[Part]) -> Found:
    """Entries that hold at least half of the parts."""
    places = _places(shelf, parts)
    return _shown(shelf, find_any([find_part(part, places.__getitem__, shelf.name_lengths) for part in parts]))


def _shown(shelf: Shelf, found: Found) -> Found:
    if not found.entries.size:
        return Found(np.empty(0, np.uint32), np.empty(0, np.float32))
    seen = shelf.shown[found.entries]
    return Found(found.entries[seen], found.weights[seen])


def _marks(parts: tuple[Part, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(phrase.said for part in parts for phrase in part.phrases if phrase.said))
