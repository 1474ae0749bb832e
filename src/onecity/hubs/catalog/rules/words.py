"""How an entry becomes findable: its words with their places. Owns normal form, bigrams, pinyin. Refuses to look anything up.

A place is a number below 1,024: the name from 0, labels and tags from 128, the abstract from 640. So a place tells both whether
two bigrams stand side by side and which field they stand in.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

__all__ = [
    "MIDDLE", "PLACE_BITS", "TAIL", "Words", "is_han", "letters", "normal", "phrase_tokens", "runs", "syllables", "tokens",
]  # fmt: skip

PLACE_BITS = 10
MIDDLE, TAIL, END = 128, 640, 1 << PLACE_BITS


@dataclass(frozen=True, slots=True)
class Words:
    """The text of an entry in normal form: name, what stands beside it (tags, provider, labels, codes; one a line), abstract.

    `pinyin`: one syllable for each character of the name, "-" where it has none.
    """

    name: str
    middle: str
    tail: str
    pinyin: str


def normal(text: str) -> str:
    """Full-width, compatibility and case differences taken out; rare characters stay themselves."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def is_han(letter: str) -> bool:
    """Whether a character takes part in bigrams: any letter or digit beyond ASCII, rare planes too."""
    return not letter.isascii() and (letter.isalnum() or unicodedata.category(letter) == "Co")


_RUNS = re.compile(r"[0-9A-Za-z]+|[^\x00-\x7f]+")


def runs(text: str) -> Iterator[tuple[str, int, bool]]:
    """(piece, place, whether Han) of a text in normal form; everything else separates."""
    for found in _RUNS.finditer(text):
        piece, start = found[0], found.start()
        if piece.isascii():
            yield piece, start, False
        elif piece.isalnum():
            yield piece, start, True
        else:
            yield from _letters_of(piece, start)


def _letters_of(piece: str, base: int) -> Iterator[tuple[str, int, bool]]:
    """Runs of a piece beyond ASCII that holds signs too."""
    start = -1
    for place, letter in enumerate(piece + "\n"):
        if is_han(letter):
            start = place if start < 0 else start
        elif start >= 0:
            yield piece[start:place], base + start, True
            start = -1


def tokens(words: Words) -> Iterator[tuple[str, int]]:
    """(token, place): bigrams; single characters of the name; Latin words; pinyin and initials of the name."""
    yield from _field(words.name[:MIDDLE], 0, singles=True)
    yield from _field(words.middle[: TAIL - MIDDLE], MIDDLE, singles=False)
    yield from _field(words.tail[: END - TAIL], TAIL, singles=False)
    spoken = words.pinyin.split(" ") if words.pinyin else []
    for place, syllable in enumerate(spoken[:MIDDLE]):
        if syllable == "-":
            continue
        yield f"~{syllable}", place
        following = spoken[place + 1] if place + 1 < len(spoken) else "-"
        if following != "-":
            yield f"~{syllable} {following}", place
            yield f"^{syllable[0]}{following[0]}", place


def _field(text: str, base: int, *, singles: bool) -> Iterator[tuple[str, int]]:
    """Line by line: labels and names of departments come again and again, so a short line is cut once."""
    for line in text.split("\n"):
        for token, place in _of_line(line, singles) if len(line) <= _SHORT else _cut(line, singles):
            yield token, base + place
        base += len(line) + 1


def _cut(line: str, singles: bool) -> tuple[tuple[str, int], ...]:
    out: list[tuple[str, int]] = []
    for piece, place, han in runs(line):
        if not han:
            out.append((f"w:{piece}", place))
            continue
        out += [(piece[at : at + 2], place + at) for at in range(len(piece) - 1)]
        if singles:
            out += [(letter, place + at) for at, letter in enumerate(piece)]
    return tuple(out)


_SHORT = 24
_of_line = lru_cache(20_000)(_cut)


def phrase_tokens(phrase: str) -> tuple[tuple[str, int], ...]:
    """The bigrams of a Han phrase that together, at these distances, mean the phrase itself."""
    if len(phrase) < 3:
        return ((phrase, 0),)
    last = len(phrase) - 2
    return tuple((phrase[at : at + 2], at) for at in (*range(0, last, 2), last))


def _unspoken(unknown: str) -> Any:
    """One dash for each character; the library takes a list here although it only declares texts."""
    return ["-"] * len(unknown)


def syllables(name: str) -> str:
    """The name's syllables without tones, one for each character."""
    import pypinyin  # half a second to load: only where it is used

    out: list[str] = []
    for piece, place, han in runs(name):
        out += ["-"] * (place - len(out))
        if not han:
            out += ["-"] * len(piece)
            continue
        spoken = pypinyin.lazy_pinyin(piece, errors=_unspoken)
        out += [one if one.isascii() and one.isalpha() else "-" for one in spoken][: len(piece)]
    return " ".join(out)


@cache
def letters() -> frozenset[str]:
    """Every syllable without its tone."""
    import pypinyin

    found: set[str] = set()
    for spoken in pypinyin.constants.PINYIN_DICT.values():
        for one in spoken.split(","):
            bare = unicodedata.normalize("NFD", one).replace("u\u0308", "v")
            found.add("".join(letter for letter in bare if letter.isascii() and letter.isalpha()))
    return frozenset(one for one in found if 0 < len(one) <= 6)
