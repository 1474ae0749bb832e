"""The State Council's holiday notices as rows, from a structured file or a table pasted by an administrator.

A line of a table reads `2027-01-01,放假,元旦` or `2027-01-01/2027-01-03,放假,元旦`; 上班 marks make-up working days.
Refuses a day outside its year, a day named twice, a word it does not know.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from onecity.hubs.process.contracts import CalendarDayView

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
