"""The press: Typst in, PDF out.

Owns: the frame of every printed page and one compiler per thread (a compiler may not be shared; 5–20 ms a page).
Refuses:
the network (packages are refused at declaration) and the file system (the root is an empty folder). Data reach a
template
only as JSON, so nothing in them is ever read as markup.
"""

import json
import re
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import typst

from onecity.hubs.support.adapters.fonts import fonts
from onecity.hubs.support.errors import PrintFailed

__all__ = ["Printed", "press"]

_FRAME = Path(__file__).resolve().parent.parent / "typst" / "frame.typ"
_UNDRAWABLE = re.compile(r'text `"(.+?)"` could not be displayed')
_thread = threading.local()


@dataclass(frozen=True, slots=True)
class Printed:
    """The PDF (PDF/A-2b unless characters are missing) and the first characters no font could draw."""

    pdf: bytes
    missing: tuple[str, ...] = ()


@cache
def _frame() -> str:
    return _FRAME.read_text("utf-8")


@cache
def _empty_root() -> str:
    return tempfile.mkdtemp(prefix="onecity-press-")


def _compiler() -> typst.Compiler:
    if not hasattr(_thread, "compiler"):
        _thread.compiler = typst.Compiler(root=_empty_root(), font_paths=fonts())
    compiler: typst.Compiler = _thread.compiler
    return compiler


def press(body: str, *, data: Mapping[str, object], meta: Mapping[str, object]) -> Printed:
    """Print `body` with `data` and `meta`. Errors: PrintFailed with the compiler's own words."""
    source = f"{_frame()}\n{body}".encode()
    inputs = {
        "data": json.dumps(data, ensure_ascii=False, default=str),
        "meta": json.dumps(meta, ensure_ascii=False, default=str),
    }
    try:
        return Printed(_compile(source, inputs, "a-2b"))
    except typst.TypstError as error:
        found = _UNDRAWABLE.findall(str(error))
        if not found:
            raise PrintFailed(data={"cause": str(error)[:500]}) from error
    return _without_archive(source, inputs, tuple(found))


def _without_archive(source: bytes, inputs: dict[str, str], missing: tuple[str, ...]) -> Printed:
    """PDF/A forbids characters without a shape; an ordinary PDF draws a box, and the clerk is told to write by hand."""
    try:
        return Printed(_compile(source, inputs, "1.7"), missing)
    except typst.TypstError as error:
        raise PrintFailed(data={"cause": str(error)[:500]}) from error


def _compile(source: bytes, inputs: dict[str, str], standard: Literal["a-2b", "1.7"]) -> bytes:
    made = _compiler().compile(input=source, format="pdf", sys_inputs=inputs, pdf_standards=standard)
    if not isinstance(made, bytes):
        raise PrintFailed()
    return made
