"""What may have been meant, and where a long phrase may be cut. Owns nothing but closeness."""

from collections.abc import Iterable, Mapping

import rapidfuzz

from onecity.hubs.catalog.rules.asking import Synonyms
from onecity.hubs.catalog.rules.words import normal, syllables

__all__ = ["cut", "suggestions"]

_CLOSE, _MOST = 60.0, 4


def cut(phrase: str) -> list[str]:
    """Words of a phrase, by dictionary."""
    import rjieba  # loads its dictionary: only where it is used

    return list(rjieba.cut(phrase))


def suggestions(text: str, synonyms: Synonyms, providers: Mapping[str, str]) -> tuple[str, ...]:
    """Known words near what was typed: by letters for pinyin, by sound and characters for Chinese."""
    asked = normal(text)
    words: Iterable[str] = [*synonyms.groups, *(normal(name) for name in providers.values() if name)]
    if asked.isascii():
        spoken = {word: _spoken(word) for word in words}
        found = rapidfuzz.process.extract(asked, spoken, scorer=rapidfuzz.fuzz.ratio, score_cutoff=_CLOSE, limit=_MOST)
        return tuple(word for _, _, word in found)
    heard = _spoken(asked)
    scored = [
        (max(rapidfuzz.fuzz.ratio(heard, _spoken(word)), rapidfuzz.fuzz.ratio(asked, word)), word) for word in words
    ]
    near = sorted((one for one in scored if one[0] >= _CLOSE), reverse=True)
    return tuple(dict.fromkeys(word for _, word in near if word != asked))[:_MOST]


_heard: dict[str, str] = {}


def _spoken(word: str) -> str:
    if word not in _heard:
        _heard[word] = syllables(word).replace(" ", "").replace("-", "")
    return _heard[word]
