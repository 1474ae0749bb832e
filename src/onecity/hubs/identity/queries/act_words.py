"""What an act of the audit trail is called, in Chinese and English; one table for the whole house."""

from functools import cache
from pathlib import Path

import yaml
from django.utils.translation import get_language

__all__ = ["act_word", "act_words", "acts_called"]

FILE = Path(__file__).parent.parent / "data" / "audit_acts.yaml"


@cache
def act_words() -> dict[str, tuple[str, str]]:
    """Act → its Chinese and English words."""
    found = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {act: (zh, en) for act, (zh, en) in found.items()}


def act_word(act: str) -> str:
    """The words of an act in the reader's language; an act of a pack that is not ours keeps its own name."""
    zh, en = act_words().get(act, (act, act))
    return en if (get_language() or "").startswith("en") else zh


def acts_called(words: str) -> tuple[str, ...]:
    """Acts whose words in either language contain `words`."""
    wanted = words.strip().casefold()
    found = act_words().items()
    return tuple(act for act, pair in found if wanted and any(wanted in word.casefold() for word in pair))
