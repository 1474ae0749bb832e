"""The State Council's holiday notices as rows, from a structured file or a table pasted by an administrator.

A line of a table reads `2027-01-01,放假,元旦` or `2027-01-01/2027-01-03,放假,元旦`; 上班 marks make-up working days.
A sheet has the columns 开始日期, 结束日期, 安排, 名称; all its faults are told at once.
Refuses a day outside its year, a day named twice, a word it does not know.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from onecity.hubs.process.contracts import CalendarDayView, CellFault

_WORKS = {"放假": False, "上班": True}
_LONGEST = 31


class NoticeFault(ValueError):
    """A line of a notice that cannot be read; `line` counts from 1."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(f"第 {line} 行：{why}")
        self.line = line


@dataclass(frozen=True, slots=True)
class Notice:
    """One year's notice."""

    year: int
    source: str
    days: tuple[CalendarDayView, ...]


def notices_of(content: Mapping[str, Any]) -> tuple[Notice, ...]:
    """The notices of a structured file: years with their source, holidays and make-up working days as ranges."""
    return tuple(_notice(entry) for entry in content["years"])


def _notice(entry: Mapping[str, Any]) -> Notice:
    free = (view for row in entry["holidays"] for view in _views(row["days"], False, row["label"]))
    worked = (view for row in entry["working"] for view in _views(row["days"], True, row["label"]))
    return Notice(entry["year"], entry["source"], tuple(sorted((*free, *worked), key=lambda view: view.day)))


def _views(days: str, works: bool, label: str) -> Iterator[CalendarDayView]:
    first, _, last = days.partition("/")
    day, end = date.fromisoformat(first.strip()), date.fromisoformat((last or first).strip())
    if not 0 <= (end - day).days < _LONGEST:
        raise ValueError("起止日期颠倒，或超过一个月")
    while day <= end:
        yield CalendarDayView(day, works, label)
        day += timedelta(days=1)


COLUMNS = ("开始日期", "结束日期", "安排", "名称")
_PARTS = re.compile(r"\s*(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?\s*")
_LONGEST_LABEL = 60


def read_sheet(year: int, source: str, grid: Sequence[Sequence[str]]) -> tuple[Notice, tuple[CellFault, ...]]:
    """The notice of a sheet and every fault in it; the notice is whole only without faults."""
    header = [cell.strip() for cell in grid[0]] if grid else []
    missing = [column for column in (COLUMNS[0], COLUMNS[2]) if column not in header]
    if missing:
        told = (CellFault(1, column, "", "缺少此列", "请按模板补上列标题，列名不要改动") for column in missing)
        return Notice(year, source, ()), tuple(told)
    found: dict[date, CalendarDayView] = {}
    faults: list[CellFault] = []
    for number, cells in enumerate(grid[1:], start=2):
        line = dict(zip(header, cells, strict=False))
        if any(cell.strip() for cell in cells):
            faults += _take_row(number, line, year, found)
    if not found and not faults:
        faults.append(CellFault(2, COLUMNS[0], "", "表中没有内容", "每行写一段放假，或一天调休上班"))
    return Notice(year, source, tuple(found[day] for day in sorted(found))), tuple(faults)


def _take_row(
    number: int, line: Mapping[str, str], year: int, found: dict[date, CalendarDayView]
) -> Iterator[CellFault]:
    first, last, word, label = (line.get(column, "").strip() for column in COLUMNS)
    if word not in _WORKS:
        yield CellFault(number, COLUMNS[2], word, "不认识的安排", "请填写 放假 或 上班")
    if len(label) > _LONGEST_LABEL:
        yield CellFault(number, COLUMNS[3], label, "名称过长", f"不超过 {_LONGEST_LABEL} 个字")
    begin, end = _date(first), _date(last or first)
    for column, text, day in ((COLUMNS[0], first, begin), (COLUMNS[1], last or first, end)):
        if day is None and (column == COLUMNS[0] or last):
            yield CellFault(number, column, text, "日期不存在或格式不对", "请写成 2027-01-01")
        elif day is not None and day.year != year and (column == COLUMNS[0] or last):
            yield CellFault(number, column, text, f"不在 {year} 年", "跨年的部分写进另一年的通知")
    if begin is None or end is None or begin.year != year or end.year != year or word not in _WORKS:
        return
    if not 0 <= (end - begin).days < _LONGEST:
        yield CellFault(number, COLUMNS[1], last, "起止日期颠倒，或超过一个月", "请核对起止日期")
        return
    for step in range((end - begin).days + 1):
        day = begin + timedelta(days=step)
        if day in found:
            yield CellFault(number, COLUMNS[0], first, f"{day} 与前面的行重复", "每一天只写一次")
        found.setdefault(day, CalendarDayView(day, _WORKS[word], label[:_LONGEST_LABEL]))


def _date(text: str) -> date | None:
    parts = _PARTS.fullmatch(text)
    try:
        return date(*(int(part) for part in parts.groups())) if parts else None
    except ValueError:
        return None


def table_of(notice: Notice) -> str:
    """The notice as a table that `parse_table` reads back."""
    words = {works: word for word, works in _WORKS.items()}
    clean = str.maketrans("，,\t\r\n", "     ")
    return "\n".join(f"{day.day},{words[day.works]},{day.label.translate(clean)}" for day in notice.days)


def parse_table(year: int, source: str, table: str) -> Notice:
    """Read a pasted table. Raises NoticeFault with the line."""
    found: dict[date, CalendarDayView] = {}
    for number, line in enumerate(table.splitlines(), start=1):
        if line.strip():
            for view in _line(number, line):
                if view.day.year != year:
                    raise NoticeFault(number, f"{view.day} 不在 {year} 年")
                if view.day in found:
                    raise NoticeFault(number, f"{view.day} 重复")
                found[view.day] = view
    if not found:
        raise NoticeFault(1, "没有内容")
    return Notice(year, source, tuple(found[day] for day in sorted(found)))


def _line(number: int, line: str) -> list[CalendarDayView]:
    parts = [part.strip() for part in line.replace("，", ",").replace("\t", ",").split(",")]
    if len(parts) < 2 or parts[1] not in _WORKS:
        raise NoticeFault(number, "应写作：日期,放假或上班,名称")
    try:
        return list(_views(parts[0], _WORKS[parts[1]], parts[2] if len(parts) > 2 else ""))
    except ValueError as fault:
        raise NoticeFault(number, f"日期 {parts[0]} 不对：{fault}") from fault
