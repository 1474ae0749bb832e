"""Characters of names: by sound, by shape, in both scripts, and rare ones with what tired systems make of them.

A token is one character (or a surname of two). Tokens of one sound stand together, so that a homophone is a step inside
the group.
"""

from pathlib import Path

import numpy as np
import pyarrow as pa
import yaml

from onecity.simcity.generate.columns import AnyArray
from onecity.simcity.generate.names import SURNAMES

__all__ = [
    "GIVEN",
    "LAST_SURNAME",
    "LATIN",
    "RARE",
    "SHAPE",
    "STEP_OF",
    "TOKENS",
    "TRADITIONAL",
    "WRECKED",
    "homophone",
]


_FILE = Path(__file__).parents[1] / "data" / "resolution" / "characters.yaml"
_WORDS: dict[str, list[str]] = {
    key: words.split() for key, words in yaml.safe_load(_FILE.read_text(encoding="utf-8")).items() if key != "schema"
}

TOKENS: list[str] = [""]
_TOKEN_AT: dict[str, int] = {"": 0}


def _token(text: str) -> int:
    if text not in _TOKEN_AT:
        _TOKEN_AT[text] = len(TOKENS)
        TOKENS.append(text)
    return _TOKEN_AT[text]


for _word in SURNAMES:
    _token(_word)
LAST_SURNAME = len(TOKENS)
"""Surname n of `names.SURNAMES` is token n + 1; given characters may share a token with a surname."""

_HOMOPHONE: dict[int, int] = {}
for _group in [*_WORDS["sounds"], *_WORDS["surnames"]]:
    _members = [_token(letter) for letter in _group]
    for _here, _next in zip(_members, [*_members[1:], _members[0]], strict=True):
        _HOMOPHONE.setdefault(_here, _next)
_SHAPE = {_token(pair[0]): _token(pair[1]) for pair in _WORDS["shapes"]}
_TRAD = {_token(pair[: len(pair) // 2]): _token(pair[len(pair) // 2 :]) for pair in _WORDS["scripts"]}
_WRECK = {_token(forms[0]): [_token(form) for form in (*forms[1:], "?", "□", "\ue5e5")] for forms in _WORDS["rare"]}
GIVEN = np.array(sorted({_token(letter) for group in _WORDS["sounds"] for letter in group}), dtype=np.int32)
RARE = np.array(sorted(_WRECK), dtype=np.int32)


def _mapping(pairs: dict[int, int]) -> AnyArray:
    out = np.arange(len(TOKENS), dtype=np.int32)
    out[list(pairs)] = list(pairs.values())
    return out


STEP_OF = _mapping(_HOMOPHONE)
SHAPE = _mapping(_SHAPE)
TRADITIONAL = _mapping(_TRAD)
WRECKED = np.tile(np.arange(len(TOKENS), dtype=np.int32)[:, None], (1, 5))
for _rare, _forms in _WRECK.items():
    WRECKED[_rare] = _forms


def homophone(tokens: AnyArray, steps: AnyArray) -> AnyArray:
    """Another character of the same sound, one or two steps on."""
    once = STEP_OF[tokens]
    return np.where(steps > 1, np.where(STEP_OF[once] == tokens, once, STEP_OF[once]), once)


def _latin() -> pa.Array:
    """Each token in pinyin, as a clerk without a Chinese keyboard types it."""
    from pypinyin import lazy_pinyin

    plain = ["".join(lazy_pinyin(token)).upper() if token.strip("?□\ue5e5·") else "X" for token in TOKENS]
    return pa.array(["", *plain[1:]], type=pa.string())


LATIN = _latin()
