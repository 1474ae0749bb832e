"""What a person typed becomes phrases to look for. Owns synonyms, the reading of pinyin and initials. Refuses to search."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from onecity.hubs.catalog.rules.words import letters, normal, phrase_tokens, runs, syllables

__all__ = ["Part", "Phrase", "Synonyms", "loosened", "parse", "sounding_like"]

_MOST_PHRASES, _MOST_READINGS, _MOST_PARTS, _LONGEST = 10, 6, 8, 40


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens at fixed distances. `weight` below 1 = found by synonym or sound. `said`: the words it stands for ("" = by sound)."""

    tokens: tuple[tuple[str, int], ...]
    length: int
    weight: float = 1.0
    said: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing asked for: any of its phrases will do; all parts must be met."""

    text: str
    phrases: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Synonyms:
    """Groups of words that mean the same. Built once from rows."""

    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    spoken: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[Iterable[str]]) -> "Synonyms":
        """From groups of words; a word may stand in several."""
        groups: dict[str, list[str]] = {}
        spoken: dict[str, list[str]] = {}
        for row in rows:
            words = [normal(word) for word in row]
            for word in words:
                groups.setdefault(word, []).extend(other for other in words if other != word)
        for word in groups:
            said = [one for one in syllables(word).split(" ") if one != "-"]
            if len(said) == len(word):
                spoken.setdefault("".join(said), []).append(word)
                spoken.setdefault("".join(one[0] for one in said), []).append(word)
        return cls({k: tuple(dict.fromkeys(v)) for k, v in groups.items()}, {k: tuple(v) for k, v in spoken.items()})

    def of_phrase(self, phrase: str) -> Iterator[str]:
        """The phrase with a known word in it said otherwise, the longest known words first."""
        known = [word for word in self.groups if word in phrase]
        for word in sorted(known, key=len, reverse=True)[:3]:
            for other in self.groups[word]:
                yield phrase.replace(word, other)


def parse(text: str, synonyms: Synonyms) -> tuple[Part, ...]:
    """Words split by blanks and signs; each Han run one phrase with its synonyms, each Latin run a word, pinyin or initials."""
    parts: list[Part] = []
    for piece, _, han in runs(normal(text)[:200]):
        phrases = _han(piece[:_LONGEST], synonyms) if han else _latin(piece[:_LONGEST], synonyms)
        parts.append(Part(piece, tuple(phrases)[:_MOST_PHRASES]))
    return tuple(parts[:_MOST_PARTS])


def loosened(part: Part, words: Iterable[str], synonyms: Synonyms) -> tuple[Part, ...]:
    """The same thing asked word by word, for when the whole phrase stands nowhere. Single characters carry too little and fall out."""
    pieces = [word for word in words if len(word) > 1]
    return tuple(Part(word, tuple(_han(word, synonyms))) for word in pieces) or (part,)


def sounding_like(phrase: str) -> Part:
    """The same sounds in other characters: 底保 is heard as 低保."""
    said = syllables(normal(phrase)).split(" ")
    return Part(phrase, (_by_sound(said),)) if said and "-" not in said else Part(phrase, ())


def _han(piece: str, synonyms: Synonyms) -> Iterator[Phrase]:
    yield Phrase(phrase_tokens(piece), len(piece), 1.0, piece)
    for other in synonyms.of_phrase(piece):
        yield Phrase(phrase_tokens(other), len(other), 0.8, other)


def _latin(piece: str, synonyms: Synonyms) -> Iterator[Phrase]:
    yield Phrase(((f"w:{piece}", 0),), len(piece), 1.0, piece)
    if not piece.isalpha():
        return
    for word in synonyms.spoken.get(piece, ()):
        yield Phrase(phrase_tokens(word), len(word), 0.95, word)
        for other in synonyms.groups[word]:
            yield Phrase(phrase_tokens(other), len(other), 0.8, other)
    for reading in _readings(piece)[:_MOST_READINGS]:
        yield _by_sound(reading)
    if (2 <= len(piece) <= 12 and not _readings(piece)) or 2 <= len(piece) <= 4:
        yield _by_initials(piece)


def _by_sound(said: list[str]) -> Phrase:
    if len(said) == 1:
        return Phrase(((f"~{said[0]}", 0),), 1, 0.7)
    last = len(said) - 2
    places = (*range(0, last, 2), last)
    return Phrase(tuple((f"~{said[at]} {said[at + 1]}", at) for at in places), len(said), 0.9)


def _by_initials(piece: str) -> Phrase:
    last = len(piece) - 2
    places = (*range(0, last, 2), last)
    return Phrase(tuple((f"^{piece[at : at + 2]}", at) for at in places), len(piece), 0.6)


def _readings(piece: str) -> list[list[str]]:
    """Every way to cut letters into syllables, fewest first: xian is 县 or 西安."""
    ways: list[list[list[str]]] = [[[]], *([] for _ in piece)]
    for end in range(1, len(piece) + 1):
        for size in range(1, min(6, end) + 1):
            syllable = piece[end - size : end]
            if syllable in letters():
                ways[end] += [[*before, syllable] for before in ways[end - size][:_MOST_READINGS]]
    return sorted(ways[-1], key=len)
