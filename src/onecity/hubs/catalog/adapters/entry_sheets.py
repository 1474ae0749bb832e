"""Sheets of entries as bytes: XLSX out and in. Refuses formulas, bombs and anything that is no workbook."""

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence

from onecity.hubs.catalog.errors import SheetRefused

__all__ = ["read_workbook", "write_workbook"]

_BYTES, _UNPACKED, _ROWS, _COLUMNS = 20 << 20, 200 << 20, 100_000, 80


def write_workbook(title: str, headings: Sequence[str], lines: Iterable[Sequence[str]]) -> bytes:
    """A workbook of one sheet. Every value is written as text, so none becomes a formula at the reader's."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(title[:31])
    bold = book.add_format(
        {"bold": True, "bg_color": "#E3F0FA", "text_wrap": True, "border": 1, "border_color": "#DFE5EA"}
    )
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, bold)
        sheet.set_column(column, column, max(10, min(40, len(heading) * 2 + 4)))
    for number, line in enumerate(lines, start=1):
        for column, value in enumerate(line):
            if value:
                sheet.write_string(number, column, value)
    sheet.freeze_panes(1, 3)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(0)
    book.close()
    return out.getvalue()


def read_workbook(content: bytes) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    """(headings, numbered lines) of the first sheet. Raises SheetRefused; a formula is refused with its place."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    _unpackable(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        rows = book.worksheets[0].iter_rows(max_col=_COLUMNS)
        headings = [_text(cell) for cell in next(rows, ())]
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, IndexError, SyntaxError) as error:
        raise SheetRefused(text="文件不是可读的 XLSX 工作簿") from error
    return headings, _lines(rows)


def _lines(rows: Iterable[Sequence[object]]) -> Iterator[tuple[int, list[str]]]:
    for number, row in enumerate(rows, start=2):
        if number > _ROWS:
            raise SheetRefused(text=f"工作表超过 {_ROWS:,} 行，请分文件导入")
        yield number, [_text(cell) for cell in row]


def _text(cell: object) -> str:
    if getattr(cell, "data_type", "") == "f":
        raise SheetRefused(
            text=f"单元格 {getattr(cell, 'coordinate', '')} 是公式，目录只收文字",
            hint="请“复制—选择性粘贴—数值”后再导入",
        )
    value = getattr(cell, "value", None)
    if value is None:
        return ""
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    return text.replace("\x00", "").strip()


def _unpackable(content: bytes) -> None:
    if len(content) > _BYTES:
        raise SheetRefused(text="文件超过 20 MB，请分文件导入")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(entry.file_size for entry in packed.infolist())
            parts = len(packed.infolist())
    except zipfile.BadZipFile as error:
        raise SheetRefused(text="文件不是可读的 XLSX 工作簿") from error
    if unpacked > _UNPACKED or parts > 2_000 or unpacked > 200 * max(len(content), 10_000):
        raise SheetRefused(text="文件解压后异常庞大，已拒绝读取")
