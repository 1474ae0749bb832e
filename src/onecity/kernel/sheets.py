"""A workbook somebody hands in, as texts: sheets by name.

Owns: reading XLSX safely. Refuses: what is no workbook, what is too large, zip bombs; formulas count as the value last saved.
"""

import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile

from onecity.kernel.errors import Invalid, TooLarge

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

__all__ = ["Grid", "read_sheets"]

Grid = Sequence[Sequence[str]]
"""Rows of cells, the heading first."""

LARGEST_BYTES = 50 * 1024 * 1024
LARGEST_UNPACKED = 512 * 1024 * 1024
LARGEST_RATIO = 200
"""Honest sheets compress 5 to 30 times; a bomb a thousand times."""
SMALL = 20 * 1024 * 1024
MOST_PARTS = 1_000
MOST_ROWS = 200_000
MOST_CELLS = 5_000_000


def read_sheets(content: bytes) -> dict[str, Grid]:
    """Every sheet by name as rows of texts.

    Raises Invalid (no workbook, a bomb, too many rows), TooLarge above 50 MB.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    if len(content) > LARGEST_BYTES:
        raise TooLarge()
    try:
        _refuse_bomb(content)
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return {name: _grid(book, name) for name in book.sheet_names}
    except (CalamineError, BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Invalid(
            "kernel.sheet.not_a_workbook", "无法读取文件，不是有效的 XLSX", hint="请用模板另存为 .xlsx 后再传"
        ) from error


def _refuse_bomb(content: bytes) -> None:
    with ZipFile(io.BytesIO(content)) as parts:
        infos = parts.infolist()
    unpacked = sum(info.file_size for info in infos)
    packed = max(sum(info.compress_size for info in infos), 1)
    if (
        len(infos) > MOST_PARTS
        or unpacked > LARGEST_UNPACKED
        or (unpacked > SMALL and unpacked / packed > LARGEST_RATIO)
    ):
        raise Invalid("kernel.sheet.bomb", "文件展开后过大，不予打开", hint="请只保留模板中的列，另存为 .xlsx 后再传")


def _grid(book: "CalamineWorkbook", name: str) -> Grid:
    sheet = book.get_sheet_by_name(name)
    if sheet.height > MOST_ROWS or sheet.height * sheet.width > MOST_CELLS:
        raise Invalid(
            "kernel.sheet.too_long",
            f"工作表“{name}”超过 {MOST_ROWS} 行或列数过多",
            hint="请删去空行空列，或拆分后导入",
        )
    rows: Sequence[Sequence[object]] = sheet.to_python(skip_empty_area=False)
    return [[_text(cell) for cell in row] for row in rows]


def _text(cell: object) -> str:
    """A cell as people wrote it: codes typed as numbers keep no decimal point, dates are ISO."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.isoformat()[:10]
    return str(cell).replace("\x00", "").strip()
