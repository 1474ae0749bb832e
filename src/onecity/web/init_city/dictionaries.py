"""Rows of the sheet 字典 cut into one sheet per dictionary, as `support.import_dictionary` takes them."""

import io
from collections.abc import Iterable, Mapping

from onecity.hubs.identity.contracts import RowError
from onecity.web.init_city.workbook import DICTIONARY_COLUMNS

__all__ = ["SHEET", "dictionary_books"]

SHEET = "字典"


def dictionary_books(
    lines: Iterable[tuple[int, Mapping[str, str]]],
) -> tuple[dict[str, tuple[bytes, list[int]]], list[RowError]]:
    """For each dictionary its XLSX and the rows it came from; rows without dictionary, code or name are errors."""
    grouped: dict[str, list[tuple[int, list[str]]]] = {}
    errors: list[RowError] = []
    for number, line in lines:
        missing = [column for column in ("字典", "代码", "名称") if not line.get(column, "").strip()]
        errors += [RowError(SHEET, number, column, "此格为空", "此列必填") for column in missing]
        if not missing:
            cells = [line.get(column, "") for column in DICTIONARY_COLUMNS[1:]]
            grouped.setdefault(line["字典"].strip(), []).append((number, cells))
    return {key: (_book(rows), [number for number, _cells in rows]) for key, rows in grouped.items()}, errors


def _book(rows: list[tuple[int, list[str]]]) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(list(DICTIONARY_COLUMNS[1:]))
    for _number, cells in rows:
        sheet.append(cells)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
