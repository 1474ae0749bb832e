"""Which rows of a delivery are good. Vectorised over Arrow columns: required, type, length, check characters.

Owns the checks of single fields (GB/T 36344-2018: 规范性, 完整性). Refuses storage; a bad row is named with its reason, the good
ones go on, and a delivery without a declared required column, or with too many bad rows, is broken as a whole.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from onecity.hubs.catalog.contracts import FieldSpec, FieldType
from onecity.hubs.catalog.rules.numbers import citizen_numbers_hold, credit_codes_hold

__all__ = ["BadRow", "Checked", "broken_because", "check_table"]

Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]
Positions = np.ndarray[tuple[int], np.dtype[np.int64]]


@dataclass(frozen=True, slots=True)
class BadRow:
    """Position in the delivery (from 0), the field and the reason."""

    position: int
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Checked:
    """The typed good rows, the bad ones, the columns nobody declared (dropped), and why the whole is broken ("" = it is not)."""

    good: pa.Table
    bad: tuple[BadRow, ...]
    undeclared: tuple[str, ...]
    broken: str = ""


_PATTERNS = {
    FieldType.INTEGER: r"^-?\d{1,18}$",
    FieldType.MONEY: r"^-?\d{1,18}$",
    FieldType.NUMBER: r"^-?\d{1,18}(\.\d{1,10})?$",
    FieldType.DATE: r"^\d{4}-\d{2}-\d{2}$",
    FieldType.DATETIME: r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$",
    FieldType.LOGICAL: r"^(true|false|0|1|是|否)$",
}
_REASONS = {
    FieldType.INTEGER: "不是整数",
    FieldType.MONEY: "不是以分为单位的整数金额",
    FieldType.NUMBER: "不是数值",
    FieldType.DATE: "不是有效日期（年-月-日）",
    FieldType.DATETIME: "不是有效时间",
    FieldType.LOGICAL: "不是“是/否”",
    FieldType.CITIZEN_NUMBER: "身份证号码格式或校验位不符",
    FieldType.CREDIT_CODE: "统一社会信用代码格式或校验位不符",
}
_NATIVE: dict[FieldType, Callable[[pa.DataType], bool]] = {
    FieldType.INTEGER: pa.types.is_integer,
    FieldType.MONEY: pa.types.is_integer,
    FieldType.NUMBER: lambda kind: pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind),
    FieldType.DATE: pa.types.is_date,
    FieldType.DATETIME: pa.types.is_timestamp,
    FieldType.LOGICAL: pa.types.is_boolean,
}
_ARROW = {
    FieldType.INTEGER: pa.int64(),
    FieldType.MONEY: pa.int64(),
    FieldType.NUMBER: pa.float64(),
    FieldType.DATE: pa.date32(),
    FieldType.DATETIME: pa.timestamp("us", tz="UTC"),
    FieldType.LOGICAL: pa.bool_(),
}


def check_table(table: pa.Table, fields: Sequence[FieldSpec]) -> Checked:
    """Check every declared field of every row; the first fault of a row is its reason."""
    declared = {field.name for field in fields}
    undeclared = tuple(name for name in table.column_names if name not in declared)
    missing = [field.label for field in fields if field.required and field.name not in table.column_names]
    if missing:
        return Checked(table.slice(0, 0), (), undeclared, f"缺少必填信息项：{'、'.join(missing)}")
    if len(set(table.column_names)) != len(table.column_names):
        return Checked(table.slice(0, 0), (), undeclared, "信息项重名，无法确定以哪一列为准")
    faults = _Faults(table.num_rows)
    columns = {field.name: _checked_column(table, field, faults) for field in fields}
    good = pa.table(columns).filter(pa.array(faults.good))
    return Checked(good, faults.rows(), undeclared)


def broken_because(checked: Checked, received: int, bad_share_limit: float) -> str:
    """Why the delivery must not become a version; "" = it may. `bad_share_limit` 0..1 of the received rows."""
    if checked.broken:
        return checked.broken
    if received == 0:
        return "报送的文件没有数据行"
    share = len(checked.bad) / received
    if share > bad_share_limit:
        return f"问题数据占 {share:.1%}，超过 {bad_share_limit:.0%}，整批退回"
    return ""


class _Faults:
    """The first fault of every row."""

    def __init__(self, rows: int) -> None:
        self.code = np.zeros(rows, dtype=np.int32)
        self.named: list[tuple[str, str]] = [("", "")]

    def note(self, bad: Flags, field: str, reason: str) -> None:
        fresh = bad & (self.code == 0)
        if fresh.any():
            self.code[fresh] = len(self.named)
            self.named.append((field, reason))

    @property
    def good(self) -> Flags:
        return np.asarray(self.code == 0)

    def rows(self) -> tuple[BadRow, ...]:
        positions: Positions = np.flatnonzero(self.code)
        return tuple(BadRow(int(p), *self.named[self.code[p]]) for p in positions)


def _flags(array: pa.ChunkedArray) -> Flags:
    filled = pc.fill_null(array, False)
    return np.asarray(filled.combine_chunks().to_numpy(zero_copy_only=False), dtype=np.bool_)


def _checked_column(table: pa.Table, field: FieldSpec, faults: _Faults) -> pa.ChunkedArray:
    if field.name not in table.column_names:
        return pa.chunked_array([pa.nulls(table.num_rows, _ARROW.get(field.type, pa.string()))])
    column = table.column(field.name)
    native = _NATIVE.get(field.type)
    if native is not None and native(column.type):
        typed = column.cast(_ARROW[field.type], safe=False)
    else:
        typed = _from_text(_as_text(column), field, faults)
    if field.required:
        faults.note(~_flags(pc.is_valid(typed)), field.name, f"{field.label}为空")
    if field.length and not field.type.is_identifier and pa.types.is_string(typed.type):
        faults.note(
            _flags(pc.greater(pc.utf8_length(typed), field.length)), field.name, f"{field.label}超过{field.length}字"
        )
    return typed


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    text = pc.utf8_trim_whitespace(column.cast(pa.string()))
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)


def _from_text(text: pa.ChunkedArray, field: FieldSpec, faults: _Faults) -> pa.ChunkedArray:
    if field.type is FieldType.TEXT:
        faults.note(_flags(pc.match_substring(text, "\x00")), field.name, f"{field.label}含有无法保存的字符")
        return text
    if field.type.is_identifier:
        text = pc.utf8_upper(text)
        hold = citizen_numbers_hold if field.type is FieldType.CITIZEN_NUMBER else credit_codes_hold
        faults.note(~hold(text) & _flags(pc.is_valid(text)), field.name, f"{field.label}：{_REASONS[field.type]}")
        return text
    shaped = pc.match_substring_regex(text, _PATTERNS[field.type])
    kept = pc.if_else(pc.fill_null(shaped, False), text, pa.scalar(None, pa.string()))
    typed = _parsed(kept, field.type)
    faults.note(
        _flags(pc.is_valid(text)) & ~_flags(pc.is_valid(typed)), field.name, f"{field.label}：{_REASONS[field.type]}"
    )
    return typed


def _parsed(text: pa.ChunkedArray, kind: FieldType) -> pa.ChunkedArray:
    if kind is FieldType.DATE:
        return _real(pc.strptime(text, format="%Y-%m-%d", unit="s", error_is_null=True), text, "%Y-%m-%d").cast(
            pa.date32()
        )
    if kind is FieldType.LOGICAL:
        truth = pc.is_in(text, pa.array(["true", "1", "是"]))
        return pc.if_else(pc.is_valid(text), truth, pa.scalar(None, pa.bool_()))
    if kind is FieldType.DATETIME:
        return _times(text)
    return text.cast(_ARROW[kind])


_CLOCK = "%Y-%m-%d %H:%M:%S"


def _real(parsed: pa.ChunkedArray, text: pa.ChunkedArray, shape: str) -> pa.ChunkedArray:
    """Null where the parser moved an impossible day (30 February) to the next month."""
    same = pc.equal(pc.strftime(parsed, format=shape), text)
    return pc.if_else(same, parsed, pa.scalar(None, parsed.type))


def _times(text: pa.ChunkedArray) -> pa.ChunkedArray:
    """Times without a zone are the city's (UTC+8); impossible ones become null."""
    local = pc.replace_substring_regex(text, r"(Z|[+-]\d{2}:?\d{2})$", "")
    shaped = pc.replace_substring_regex(pc.replace_substring(local, "T", " "), r"\.\d+$", "")
    full = pc.if_else(pc.equal(pc.utf8_length(shaped), 16), pc.binary_join_element_wise(shaped, ":00", ""), shaped)
    parsed = _real(pc.strptime(full, format=_CLOCK, unit="s", error_is_null=True), full, _CLOCK).cast(
        pa.timestamp("us")
    )
    zoned = pc.match_substring_regex(text, r"Z$")
    shifted = pc.subtract(parsed, pa.scalar(8 * 3600 * 1_000_000, pa.duration("us")))
    return pc.if_else(zoned, parsed, shifted).cast(pa.timestamp("us", tz="UTC"))
