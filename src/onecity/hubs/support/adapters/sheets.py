"""XLSX out and in.

Owns: write-only sheets with the watermark in header and footer, and reading rows as text. Refuses formulas: every
cell that
begins like one is written as text, so a name cannot become a command in the reader's office program.
"""

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from python_calamine import CalamineError, CalamineWorkbook

from onecity.kernel.clock import CITY_ZONE
from onecity.kernel.errors import Invalid

if TYPE_CHECKING:  # a quarter of a second that most processes never need
    from openpyxl.cell import Cell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

__all__ = ["read_sheet", "write_sheet"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_sheet(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]], mark: str) -> tuple[bytes, int]:
    """The bytes of a workbook with one frozen heading row, and how many data rows it holds."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31] or "Sheet1")
    sheet.freeze_panes = "A2"
    sheet.oddHeader.center.text = mark.replace("&", "&&")
    sheet.oddFooter.center.text = mark.replace("&", "&&") + "    &P / &N"
    sheet.page_setup.orientation = "landscape" if len(columns) > 6 else "portrait"
    sheet.page_setup.paperSize = 9
    sheet.print_title_rows = "1:1"
    sheet.append([_heading(sheet, column) for column in columns])
    count = 0
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
        count += 1
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), count


def _heading(sheet: "WriteOnlyWorksheet", text: str) -> "Cell":
    from openpyxl.styles import Font

    cell = _cell(sheet, text)
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: "WriteOnlyWorksheet", value: object) -> "Cell":
    from openpyxl.cell import WriteOnlyCell

    if isinstance(value, datetime):
        value = value.astimezone(CITY_ZONE).replace(tzinfo=None) if value.tzinfo else value
    elif value is not None and not isinstance(value, str | int | float | bool | date):
        value = str(value)
    cell: Cell = WriteOnlyCell(sheet)
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(_FORMULA)
    return cell


def read_sheet(content: bytes, *, largest: int = 100_000) -> list[list[str]]:
    """Rows of the first sheet as text. Errors: Invalid when it is no workbook or holds more rows than allowed."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=True)
    except (CalamineError, OSError, IndexError, ValueError) as error:
        raise Invalid("support.not_a_sheet", "无法读取表格文件", hint="请上传 XLSX 文件，首行为表头") from error
    if len(rows) > largest:
        raise Invalid("support.sheet_too_long", f"表格超过 {largest} 行", hint="请拆分后分次导入")
    return [[_text(value) for value in row] for row in rows]


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
