"""Sentences of templates have their English.

Owns: finding every sentence marked for translation in a template and looking it up in the catalogues of the house. What has no English
yet stands in `missing_english.txt`, a list that may only shrink. Refuses: to judge a translation.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

__all__ = ["MISSING", "problems", "sentences", "translated"]

MISSING = "missing_english.txt"
_STRING = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_CALL = re.compile(rf"(?:\bn?gettext\(|\bn?pgettext\({_STRING}, |(?<!\w)_\()(?P<text>{_STRING})")
_HAN = range(0x4E00, 0x9FFF + 1)


def sentences(source: Path) -> dict[str, str]:
    """Every Chinese sentence marked in a template below `source` → the template it stands in."""
    found: dict[str, str] = {}
    for path in sorted(source.rglob("templates/**/*.html")):
        for text in _marked(path):
            found.setdefault(text, path.relative_to(source).as_posix())
    return found


def _marked(path: Path) -> Iterator[str]:
    code = templatize(path.read_text(encoding="utf-8"), origin=path.name)
    for found in _CALL.finditer(code):
        text = ast.literal_eval(found["text"])
        if any(ord(sign) in _HAN for sign in text):
            yield text


@cache
def translated(source: Path) -> frozenset[str]:
    """Every sentence that some English catalogue of the house translates."""
    found: set[str] = set()
    for path in sorted(source.rglob("locale/en/LC_MESSAGES/django.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="en"):
                if message.id and (all(message.string) if isinstance(message.string, tuple) else message.string):
                    found.add(message.id[0] if isinstance(message.id, tuple | list) else message.id)
    return frozenset(found)


def problems(source: Path, missing: Path) -> Iterator[str]:
    """One sentence per template text newly without English, and per entry of the list that is no longer needed."""
    marked = sentences(source)
    known = set(missing.read_text(encoding="utf-8").splitlines()) if missing.exists() else set()
    lacking = {" ".join(text.split()): where for text, where in marked.items() if text not in translated(source)}
    for text, where in sorted(lacking.items()):
        if text not in known:
            yield f"{where}: no English for {text!r}. Add it to the room's locale/en/LC_MESSAGES/django.po."
    for text in sorted(known - lacking.keys()):
        yield f"{missing.name}: {text!r} is translated or gone. Remove its line."
