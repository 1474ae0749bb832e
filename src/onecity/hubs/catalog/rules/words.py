"""How an entry becomes findable: its words with their places. Owns normal form, bigrams, pinyin. Refuses to look anything up.

A place is a number below 1,024: the name from 0, labels and tags from 128, the abstract from 640. So a place tells both whether
two bigrams stand side by side and which field they stand in.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
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


def runs(text: str) -> Iterator[tuple[str, int, bool]]:
    """(piece, place, whether Han) of a text in normal form; everything else separates."""
    start, kind = 0, ""
    for place, letter in enumerate(text + "\n"):
        now = "h" if is_han(letter) else "a" if letter.isascii() and letter.isalnum() else ""
        if now != kind:
            if kind:
                yield text[start:place], start, kind == "h"
            start, kind = place, now


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
    for piece, place, han in runs(text):
        if not han:
            yield f"w:{piece}", base + place
            continue
        for at in range(len(piece) - 1):
            yield piece[at : at + 2], base + place + at
        if singles:
            for at, letter in enumerate(piece):
                yield letter, base + place + at


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
