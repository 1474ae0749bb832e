"""The language of the row API: query parameters → one checked query over one table. Pure.

`column=value` or `column.eq|in|gte|gt|lte|lt|prefix=value` on indexed columns, `fields`, `sort` (`-column` descends), `limit`
(1–1000), `offset` (≤ 10,000) or `cursor`, `format` json|csv. Refuses everything else: no expression ever comes from outside; names
are looked up, values are bound.
"""

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from onecity.hubs.opendata.contracts import OpenColumn
from onecity.hubs.opendata.errors import BadQuery

__all__ = ["ROW_ID", "TEXT_END", "RowQuery", "next_cursor", "parse_query", "statement"]

ROW_ID = "_id"
TEXT_END = "\U0010ffff"
DEEPEST, LARGEST, USUAL = 10_000, 1_000, 20
_RESERVED = frozenset({"fields", "sort", "limit", "offset", "cursor", "format", "key"})
_COMPARE = {"eq": "=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
_LIST_LONGEST = 100


@dataclass(frozen=True, slots=True)
class RowQuery:
    """A checked query. `fields` empty = all; `single` = asks for one row by its id, what an enumerating crawler does."""

    conditions: tuple[tuple[str, str, tuple[Any, ...]], ...] = ()
    fields: tuple[str, ...] = ()
    sort: str = ROW_ID
    descending: bool = False
    limit: int = USUAL
    offset: int = 0
    after: tuple[Any, int] | None = None
    csv: bool = False

    @property
    def single(self) -> bool:
        """Whether one row is named by its id."""
        return any(name == ROW_ID and operator == "=" for name, operator, _ in self.conditions)


def parse_query(pairs: Iterable[tuple[str, str]], columns: Mapping[str, OpenColumn]) -> RowQuery:
    """Read query parameters. Raises BadQuery naming the parameter."""
    given: dict[str, str] = {}
    conditions: list[tuple[str, str, tuple[Any, ...]]] = []
    for name, value in pairs:
        if name in _RESERVED:
            if name in given:
                raise BadQuery(text=f"参数 {name} 重复", data={"parameter": name})
            given[name] = value
        else:
            conditions.append(_condition(name, value, columns))
    if len(conditions) > 8:
        raise BadQuery(text="筛选条件最多8个")
    sort, descending = _sort(given.get("sort", ""), columns)
    return RowQuery(
        tuple(conditions), _fields(given.get("fields", ""), columns), sort, descending,
        _number(given, "limit", USUAL, 1, LARGEST), _number(given, "offset", 0, 0, DEEPEST),
        _after(given.get("cursor", "")), _csv(given.get("format", "json")),
    )  # fmt: skip


def _csv(value: str) -> bool:
    if value not in ("json", "csv"):
        raise BadQuery(text="format 只能是 json 或 csv", data={"parameter": "format"})
    return value == "csv"


def _column(name: str, columns: Mapping[str, OpenColumn]) -> OpenColumn:
    if name == ROW_ID:
        return OpenColumn(ROW_ID, "行号", "integer", True)
    found = columns.get(name)
    if found is None:
        raise BadQuery(text=f"没有字段 {name[:40]}", data={"parameter": name[:60]})
    return found


def _indexed(name: str, columns: Mapping[str, OpenColumn]) -> OpenColumn:
    column = _column(name, columns)
    if not column.indexed:
        can = "、".join(one.name for one in columns.values() if one.indexed) or "无"
        raise BadQuery(text=f"字段 {name} 不能筛选或排序", hint=f"可筛选和排序的字段：{can}", data={"parameter": name})
    return column


def _condition(name: str, value: str, columns: Mapping[str, OpenColumn]) -> tuple[str, str, tuple[Any, ...]]:
    bare, _, operator = name.rpartition(".") if "." in name else (name, "", "eq")
    column = _indexed(bare, columns)
    if operator in _COMPARE:
        return bare, _COMPARE[operator], (_typed(column, value),)
    if operator == "in":
        values = value.split(",")
        if len(values) > _LIST_LONGEST:
            raise BadQuery(text=f"{bare}.in 最多{_LIST_LONGEST}个值", data={"parameter": name})
        return bare, "in", tuple(_typed(column, one) for one in values)
    if operator == "prefix" and column.type == "text" and value:
        return bare, "prefix", (value, value + TEXT_END)
    raise BadQuery(text=f"无法识别的条件 {name[:60]}", data={"parameter": name[:60]})


def _typed(column: OpenColumn, value: str) -> Any:
    if "\x00" in value or len(value) > 500:
        raise BadQuery(text=f"{column.name} 的值无法识别", data={"parameter": column.name})
    if column.type not in ("integer", "number", "logical"):
        return value
    if column.type == "logical":
        if value not in ("true", "false"):
            raise BadQuery(text=f"{column.name} 应为 true 或 false", data={"parameter": column.name})
        return int(value == "true")
    try:
        number = int(value) if column.type == "integer" else float(value)
    except ValueError:
        raise BadQuery(text=f"{column.name} 应为数字", data={"parameter": column.name}) from None
    if not -9e18 < number < 9e18:
        raise BadQuery(text=f"{column.name} 超出范围", data={"parameter": column.name})
    return number


def _fields(text: str, columns: Mapping[str, OpenColumn]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_column(name, columns).name for name in text.split(",") if name))


def _sort(text: str, columns: Mapping[str, OpenColumn]) -> tuple[str, bool]:
    if not text:
        return ROW_ID, False
    return _indexed(text.removeprefix("-"), columns).name, text.startswith("-")


def _number(given: Mapping[str, str], name: str, usual: int, least: int, most: int) -> int:
    text = given.get(name, "")
    if not text:
        return usual
    if not text.isascii() or not text.isdigit() or not least <= int(text[:9]) <= most or len(text) > 9:
        hint = "更深的页请用 next 返回的 cursor，或下载整份文件" if name == "offset" else ""
        raise BadQuery(text=f"{name} 应在 {least} 到 {most} 之间", hint=hint, data={"parameter": name})
    return int(text)


def _after(text: str) -> tuple[Any, int] | None:
    if not text:
        return None
    try:
        value, row = json.loads(base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4)))
        if not (value is None or isinstance(value, str | int | float)) or not isinstance(row, int) or abs(row) > 2**60:
            raise ValueError
    except (ValueError, TypeError):
        raise BadQuery(text="cursor 无法识别", data={"parameter": "cursor"}) from None
    return value, row


def next_cursor(value: Any, row: int) -> str:
    """Where the next page begins: after this sorted value and this row."""
    return base64.urlsafe_b64encode(json.dumps([value, row], separators=(",", ":")).encode()).rstrip(b"=").decode()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def statement(query: RowQuery, columns: str) -> tuple[str, list[Any]]:
    """The SQL over table `rows` and what is bound to it. `columns` = what is selected (the caller's own words)."""
    parts: list[str] = []
    bound: list[Any] = []
    for name, operator, values in query.conditions:
        if operator == "in":
            parts.append(f"{_quoted(name)} IN ({','.join('?' * len(values))})")
        elif operator == "prefix":
            parts.append(f"{_quoted(name)} >= ? AND {_quoted(name)} < ?")
        else:
            parts.append(f"{_quoted(name)} {operator} ?")
        bound += values
    if query.after is not None:
        part, more = _behind(query, query.after)
        parts.append(part)
        bound += more
    way = " DESC" if query.descending else ""
    order = f"{_quoted(query.sort)}{way}" + (f", _id{way}" if query.sort != ROW_ID else "")
    where = f" WHERE {' AND '.join(parts)}" if parts else ""
    bound += [query.limit + 1, query.offset]
    return f"SELECT {columns} FROM rows{where} ORDER BY {order} LIMIT ? OFFSET ?", bound


def _behind(query: RowQuery, after: tuple[Any, int]) -> tuple[str, list[Any]]:
    """Rows behind a cursor. SQLite sorts empty values first."""
    value, row = after
    sign = "<" if query.descending else ">"
    name = _quoted(query.sort)
    if query.sort == ROW_ID:
        return f"_id {sign} ?", [row]
    if value is None:
        return (f"({name} IS NULL AND _id < ?)", [row]) if query.descending else (
            f"(({name} IS NULL AND _id > ?) OR {name} IS NOT NULL)", [row])  # fmt: skip
    part = f"({name}, _id) {sign} (?, ?)"
    return (f"({part} OR {name} IS NULL)", [value, row]) if query.descending else (part, [value, row])
