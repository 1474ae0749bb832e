"""The template of a year's notice as XLSX. Reading is the kernel's; judging is `rules.notices`."""

import io

from onecity.hubs.process.rules.notices import COLUMNS

__all__ = ["notice_template"]


def notice_template(year: int) -> bytes:
    """Headings, and on a second sheet how to fill them in."""
    from openpyxl import Workbook
    from openpyxl.styles import Font, PatternFill

    book = Workbook()
    sheet, notes = book.worksheets[0], book.create_sheet("填写说明")
    sheet.title = f"{year}年"
    sheet.append(list(COLUMNS))
    for number, cell in enumerate(sheet[1]):
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="E3F0FA")
        sheet.column_dimensions["ABCD"[number]].width = 18
    sheet.freeze_panes = "A2"
    for line in (
        ("开始日期", "第一天，写成 2027-01-01"),
        ("结束日期", "最后一天；只有一天的留空"),
        ("安排", "放假 或 上班（周末调休上班）"),
        ("名称", "如 元旦、春节调休"),
        ("", "没有列出的周六、周日为休息日，其他日子为工作日"),
    ):
        notes.append(line)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
