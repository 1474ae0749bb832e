"""Text as search words: bigrams of Chinese, whole Latin words, pinyin of the title. Pure; the same cutting for text and question."""

import re
import unicodedata
from collections.abc import Iterable

__all__ = ["question", "vector"]

_RUNS = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+")
_LONGEST = 40


def _cut(text: str) -> list[str]:
    words = []
    for run in _RUNS.findall(unicodedata.normalize("NFKC", text).lower()):
        if run[0] < "\u3400":
            words.append(run[:_LONGEST])
        elif len(run) == 1:
            words.append(run)
        else:
            words += [run[n : n + 2] for n in range(len(run) - 1)]
    return words


def _pinyin(title: str) -> list[str]:
    from pypinyin import Style, lazy_pinyin  # half a second to load: only where it is used

    words = []
    for run in re.findall(r"[\u3400-\u9fff]+", title):
        full = lazy_pinyin(run, style=Style.NORMAL)
        for start in range(min(len(full), 12)):
            words += ["".join(full[start:])[:_LONGEST], "".join(part[:1] for part in full[start:])[:_LONGEST]]
    return words


def vector(title: str, rest: Iterable[str]) -> str:
    """A tsvector as text: the title weighs A, its pinyin B, the rest D."""
    out, place = [], 1
    for weight, words in (
        ("A", _cut(title)),
        ("B", _pinyin(title)),
        ("D", [word for one in rest for word in _cut(one)]),
    ):
        for word in words:
            out.append(f"'{word}':{min(place, 16_000)}{weight}")
            place += 1
        place += 5
    return " ".join(out)


def question(text: str) -> str:
    """A tsquery as text: runs must stand together, words in any order; "" when nothing can be asked."""
    parts = []
    for run in _RUNS.findall(unicodedata.normalize("NFKC", text[:60]).lower())[:6]:
        words = _cut(run)
        if run[0] < "\u3400":
            parts.append(f"'{run[:_LONGEST]}':*")
        elif len(run) == 1:
            parts.append(f"'{run}':*")
        else:
            parts.append("(" + " <-> ".join(f"'{word}'" for word in words) + ")")
    return " & ".join(parts)
