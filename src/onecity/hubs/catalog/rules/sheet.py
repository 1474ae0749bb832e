"""The national sheet of entries: one line an information item, the resource's own columns on its first line.

Owns headings, words and the way back. Refuses to guess: a wrong heading refuses the sheet, a wrong word its line.
Source of the columns: 政务信息资源目录编制指南（试行）2017, annex; columns after 关联资源代码 are ours.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from onecity.hubs.catalog.contracts import (
    DataLevel,
    FieldSpec,
    FieldType,
    OpenType,
    ResourceView,
    ShareMode,
    ShareType,
    UpdateCycle,
)

__all__ = ["HEADINGS", "ReadEntry", "heading_faults", "lines_of", "national_entry", "read_lines"]

_RESOURCE = (
    "资源标识", "信息资源代码", "信息资源名称", "提供方代码", "信息资源提供方", "信息资源摘要", "信息资源格式",
    "共享类型", "共享条件或依据", "共享方式", "开放类型", "开放条件", "更新周期", "关联资源代码", "数据分级",
    "主题", "标签", "外部持有单位", "是否涉密",
)  # fmt: skip
_ITEM = ("信息项标识", "信息项名称", "数据类型", "数据长度", "是否必填", "个人信息", "敏感个人信息")
HEADINGS = (*_RESOURCE, *_ITEM)
_REQUIRED = ("信息资源代码", "信息资源名称", "信息资源摘要", "共享类型", "更新周期", "信息项名称")

_TYPES = {
    FieldType.TEXT: "字符型C", FieldType.INTEGER: "整型I", FieldType.NUMBER: "数值型N", FieldType.MONEY: "货币型Y",
    FieldType.DATE: "日期型D", FieldType.DATETIME: "日期时间型T", FieldType.LOGICAL: "逻辑型L",
    FieldType.CITIZEN_NUMBER: "公民身份号码", FieldType.CREDIT_CODE: "统一社会信用代码",
}  # fmt: skip
_ALSO = {
    "字符": FieldType.TEXT, "备注型M": FieldType.TEXT, "通用型G": FieldType.TEXT, "双精度型B": FieldType.NUMBER,
    "浮点型F": FieldType.NUMBER, "整数": FieldType.INTEGER, "日期": FieldType.DATE, "C": FieldType.TEXT, "N": FieldType.NUMBER,
    "Y": FieldType.MONEY, "D": FieldType.DATE, "T": FieldType.DATETIME, "L": FieldType.LOGICAL, "I": FieldType.INTEGER,
}  # fmt: skip
_YES = {"是", "Y", "y", "1", "true"}
_NO = {"", "否", "N", "n", "0", "false"}


@dataclass(frozen=True, slots=True)
class ReadEntry:
    """One entry as read: the sheet line it begins on, the declaration's content, and what is wrong with the words."""

    line: int
    key: str
    name: str
    provider: str
    content: Mapping[str, Any]
    faults: tuple[str, ...]


def heading_faults(headings: Sequence[str]) -> tuple[str, ...]:
    """Why a first line cannot head a sheet of entries."""
    given = [heading.strip() for heading in headings if heading.strip()]
    doubled = sorted({heading for heading in given if given.count(heading) > 1})
    missing = [heading for heading in _REQUIRED if heading not in given]
    strange = [heading for heading in given if heading not in HEADINGS]
    return (
        *(f"表头“{heading}”出现了两次" for heading in doubled),
        *(f"缺少表头“{heading}”" for heading in missing),
        *(f"不认识的表头“{heading[:40]}”" for heading in strange),
    )


def lines_of(entries: Iterable[ResourceView]) -> Iterator[tuple[str, ...]]:
    """The sheet's lines below the headings."""
    for entry in entries:
        own = _own(entry)
        for number, field in enumerate(entry.fields):
            yield (*(own if number == 0 else ("",) * len(own)), *_item_line(field))


def national_entry(entry: ResourceView) -> dict[str, Any]:
    """One entry under the guide's headings, its items in a list under 信息项."""
    items = [dict(zip(_ITEM, _item_line(field), strict=True)) for field in entry.fields]
    return {**dict(zip(_RESOURCE, _own(entry), strict=True)), "信息项": items}


def _own(entry: ResourceView) -> tuple[str, ...]:
    return (
        entry.key, entry.code, entry.name, entry.provider, entry.provider_name, entry.abstract, entry.format,
        entry.share_type.label, entry.basis, entry.share_mode.label, entry.open_type.label, entry.open_condition,
        entry.update_cycle.label, "、".join(entry.related), entry.level.label, "、".join(entry.topics), "、".join(entry.tags),
        entry.holder, "否",
    )  # fmt: skip


def _item_line(field: FieldSpec) -> tuple[str, ...]:
    marks = (field.required, field.personal, field.sensitive)
    return (
        field.name,
        field.label,
        _TYPES[field.type],
        str(field.length or ""),
        *("是" if mark else "否" for mark in marks),
    )


def read_lines(headings: Sequence[str], lines: Iterable[tuple[int, Sequence[str]]]) -> Iterator[ReadEntry]:
    """Entries of the sheet. A line with a name or code begins one; lines without belong to the entry above."""
    places = {heading.strip(): at for at, heading in enumerate(headings) if heading.strip()}
    gathered: list[tuple[int, dict[str, str]]] = []
    for number, line in lines:
        row = {heading: (line[at].strip() if at < len(line) else "") for heading, at in places.items()}
        if not any(row.values()):
            continue
        begins = any(row.get(heading, "") for heading in _RESOURCE)
        if begins and gathered:
            yield _entry(gathered)
            gathered = []
        gathered.append((number, row))
    if gathered:
        yield _entry(gathered)


def _entry(lines: list[tuple[int, dict[str, str]]]) -> ReadEntry:
    first, row = lines[0]
    faults = [
        f"第 {first} 行没有信息资源名称或代码" for _ in range(1) if not (row["信息资源名称"] and row["信息资源代码"])
    ]
    content: dict[str, Any] = {
        "key": row.get("资源标识", ""), "code": row["信息资源代码"], "name": row["信息资源名称"], "abstract": row["信息资源摘要"],
        "format": row.get("信息资源格式", "") or "数据库", "basis": row.get("共享条件或依据", ""),
        "open_condition": row.get("开放条件", ""), "related": _list(row.get("关联资源代码", "")),
        "topics": _list(row.get("主题", "")), "tags": _list(row.get("标签", "")), "holder": row.get("外部持有单位", ""),
    }  # fmt: skip
    for name, heading, words, default in (
        ("share_type", "共享类型", ShareType, ""), ("share_mode", "共享方式", ShareMode, ShareMode.INTERFACE),
        ("open_type", "开放类型", OpenType, OpenType.NOT_OPEN), ("update_cycle", "更新周期", UpdateCycle, ""),
        ("level", "数据分级", DataLevel, DataLevel.GENERAL),
    ):  # fmt: skip
        _word(content, faults, first, (name, heading, words, default), row)
    content["secret"] = _mark(row.get("是否涉密", ""), "是否涉密", first, faults)
    content["fields"] = [_field(number, line, faults) for number, line in lines]
    return ReadEntry(first, content["key"], content["name"], row.get("提供方代码", ""), content, tuple(faults))


def _word(
    content: dict[str, Any],
    faults: list[str],
    line: int,
    asked: tuple[str, str, type[StrEnum], str],
    row: Mapping[str, str],
) -> None:
    name, heading, words, default = asked
    said = row.get(heading, "")
    known = {one.label: one.value for one in words}  # type: ignore[attr-defined]
    known |= {"核心": "core", "重要": "important", "一般": "general"} if words is DataLevel else {}
    if not said and default:
        content[name] = str(default)
    elif said in known:
        content[name] = known[said]
    else:
        faults.append(f"第 {line} 行“{heading}”填了“{said[:20]}”，应为：{'、'.join(known)}")


def _field(line: int, row: Mapping[str, str], faults: list[str]) -> dict[str, Any]:
    said = row.get("数据类型", "") or "字符型C"
    types = {label: kind for kind, label in _TYPES.items()} | _ALSO
    if said not in types:
        faults.append(f"第 {line} 行“数据类型”填了“{said[:20]}”，应为：{'、'.join(_TYPES.values())}")
    length = row.get("数据长度", "")
    if length and not length.isdigit():
        faults.append(f"第 {line} 行“数据长度”不是整数：{length[:20]}")
    return {
        "name": row.get("信息项标识", ""), "label": row.get("信息项名称", ""), "type": types.get(said, FieldType.TEXT).value,
        "length": int(length) if length.isdigit() else 0, "required": _mark(row.get("是否必填", ""), "是否必填", line, faults),
        "personal": _mark(row.get("个人信息", ""), "个人信息", line, faults),
        "sensitive": _mark(row.get("敏感个人信息", ""), "敏感个人信息", line, faults),
    }  # fmt: skip


def _mark(said: str, heading: str, line: int, faults: list[str]) -> bool:
    if said not in _YES | _NO:
        faults.append(f"第 {line} 行“{heading}”应填 是 或 否")
    return said in _YES


def _list(text: str) -> list[str]:
    return [one.strip() for one in text.replace(",", "、").replace("，", "、").split("、") if one.strip()]
