"""XLSX by calamine: values only. Formulas count as the value last saved and are never worked out; without one the file is refused.

Refuses zip bombs before unpacking, merged header cells, passwords. Several sheets with the same header are read one after
the other; sheets with another header are named and left out.
"""

import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from onecity.hubs.catalog.adapters.readers.raw import Raw, RawWriter, Unreadable, Wanted, checked_header
from onecity.hubs.catalog.rules.header import Header, match_header

__all__ = ["read_xlsx"]

_MOST_BYTES = 1024**3
_MOST_RATIO = 200
_SMALL = 20 * 1024 * 1024
_MOST_PARTS = 2_000
_BATCH = 20_000
_FORMULA_WITHOUT_VALUE = re.compile(
    rb"<c\b[^>]*>\s*<f\b(?:[^>]*/>|.{0,8192}?</f>)\s*(?:<v\s*/>|<v>\s*</v>|</c>)", re.DOTALL
)
_PIECE = 4 * 1024 * 1024


def read_xlsx(path: Path, draft: Path, wanted: Wanted) -> Raw:
    """Read a delivery into `draft`. Raises Unreadable."""
    _refuse_bomb(path)
    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            return _read(book, draft, wanted)
    except (CalamineError, zipfile.BadZipFile) as error:
        raise Unreadable("无法打开表格：文件已损坏、有密码或不是 .xlsx") from error


def _refuse_bomb(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as parts:
            infos = parts.infolist()
            unpacked = sum(info.file_size for info in infos)
            packed = max(sum(info.compress_size for info in infos), 1)
            if len(infos) > _MOST_PARTS or unpacked > _MOST_BYTES:
                raise Unreadable("表格展开后超过 1 GB，请改用 CSV 或 Parquet 报送")
            if unpacked > _SMALL and unpacked / packed > _MOST_RATIO:
                raise Unreadable("表格的压缩比不合理（疑似压缩炸弹），不予打开")
            if not any(info.filename == "xl/workbook.xml" for info in infos):
                raise Unreadable("这是压缩包，不是 .xlsx 表格；请解压后报送其中的文件")
            for info in infos:
                if info.filename.startswith("xl/worksheets/") and _open_formula(parts, info):
                    raise Unreadable("表格中有没有计算结果的公式；请用表格软件打开、保存后再报送，或粘贴为数值")
    except zipfile.BadZipFile as error:
        raise Unreadable("表格文件已损坏") from error


def _open_formula(parts: zipfile.ZipFile, info: zipfile.ZipInfo) -> bool:
    rest = b""
    with parts.open(info) as content:
        while piece := content.read(_PIECE):
            rest = rest[-16_384:] + piece
            if b"<f" in rest and _FORMULA_WITHOUT_VALUE.search(rest):
                return True
    return False


def _read(book: CalamineWorkbook, draft: Path, wanted: Wanted) -> Raw:
    sheets = [(name, book.get_sheet_by_name(name)) for name in book.sheet_names if wanted.sheet in ("", name)]
    filled = [(name, sheet) for name, sheet in sheets if sheet.height]
    if not filled:
        raise Unreadable(f"没有工作表“{wanted.sheet}”" if wanted.sheet else "表格是空的")
    fitting = [(name, sheet) for name, sheet in filled if not match_header(_names(sheet), wanted.fields).broken]
    name, sheet = (fitting or filled)[0]
    header = _header(sheet, wanted)
    writer = RawWriter(draft, tuple(header.places))
    left = [other for other, _ in filled if other != name]
    for other, more in fitting or filled[:1]:
        if _names(more) == _names(sheet):
            _refuse_merged(more)
            _fill(writer, more, header)
            left = [one for one in left if one != other]
    notes = [f"工作表“{'、'.join(left)}”表头不同，没有读取"] if left else []
    return writer.close(format="xlsx", header=header, notes=notes)


def _names(sheet: CalamineSheet) -> list[str]:
    first = next(iter(islice(sheet.iter_rows(), 1)), [])
    names = [_text(value) or "" for value in first]
    while names and not names[-1].strip():
        names.pop()
    return names


def _header(sheet: CalamineSheet, wanted: Wanted) -> Header:
    _refuse_merged(sheet)
    return checked_header(_names(sheet), wanted)


def _refuse_merged(sheet: CalamineSheet) -> None:
    top = sheet.start[0] if sheet.start else 0
    for (first_row, first_column), (last_row, last_column) in sheet.merged_cell_ranges or ():
        if first_row <= top <= last_row:
            place = f"第 {first_column + 1} 至 {last_column + 1} 列"
            raise Unreadable(f"表头有合并单元格（{place}），请拆分成一行表头、一列一项再报送")


def _fill(writer: RawWriter, sheet: CalamineSheet, header: Header) -> None:
    places = list(header.places.values())
    rows = islice(sheet.iter_rows(), 1, None)
    for chunk in _chunks(rows):
        kept = []
        for row in chunk:
            if any(value not in ("", None) for value in row):
                kept.append([_text(row[place]) if place < len(row) else None for place in places])
        writer.add_rows(kept)


def _chunks(rows: Iterator[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    while chunk := list(islice(rows, _BATCH)):
        yield chunk


def _text(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value)
