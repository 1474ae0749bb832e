"""Values in downloads: a cell that a spreadsheet would run as a formula becomes plain text. Pure.

Source: OWASP CSV injection. A text beginning with = + - @ tab or return is preceded by an apostrophe; numbers are numbers and stay.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

__all__ = ["csv_lines", "harmless"]

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(value: Any) -> Any:
    """The value as a spreadsheet may hold it."""
    if isinstance(value, str) and (
        value[:1] in ("\t", "\r", "\n") or value.lstrip(" \u200b\ufeff").startswith(_DANGEROUS)
    ):
        return "'" + value
    return value


def csv_lines(rows: Iterable[Sequence[Any]]) -> str:
    """Rows as CSV text (RFC 4180), every cell harmless, empty for no value."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows:
        writer.writerow(["" if value is None else harmless(value) for value in row])
    return out.getvalue()
