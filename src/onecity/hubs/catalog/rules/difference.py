"""What changed between two editions of an entry, in words. Pure."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from onecity.hubs.catalog.contracts import Change, DataLevel, FieldType, OpenType, ShareMode, ShareType, UpdateCycle

__all__ = ["changes", "touched_items"]

_WORDS = {
    "code": "资源代码", "name": "名称", "abstract": "摘要", "format": "格式", "share_type": "共享类型", "basis": "共享条件或依据",
    "share_mode": "共享方式", "open_type": "开放类型", "open_condition": "开放条件", "update_cycle": "更新周期", "related": "关联资源",
    "live": "实时提供", "keeps_numbers": "保留加密号码",
    "quality": "质量规则", "level": "数据分级",
    "holder": "外部持有单位", "topics": "主题", "tags": "标签", "quoted": "转引数量",
}  # fmt: skip
_LABELLED: dict[str, Callable[[str], ShareType | ShareMode | OpenType | UpdateCycle | DataLevel]] = {
    "share_type": ShareType, "share_mode": ShareMode, "open_type": OpenType, "update_cycle": UpdateCycle, "level": DataLevel,
}  # fmt: skip
_ITEM = {
    "label": "名称", "type": "类型", "length": "长度", "required": "必填", "personal": "个人信息", "sensitive": "敏感", "masked": "掩码",
}  # fmt: skip
_NARROWER = ("type", "length")


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """Fields of the entry in the order of the guide, then items added, removed and altered."""
    own = [
        Change(word, _said(name, before.get(name)), _said(name, after.get(name)))
        for name, word in _WORDS.items()
        if (before.get(name) or "") != (after.get(name) or "")
    ]
    return (*own, *_items(_by_name(before), _by_name(after)))


def _items(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for name, field in before.items():
        if name not in after:
            yield Change("信息项", field["label"], "", name)
    for name, field in after.items():
        if name not in before:
            yield Change("信息项", "", field["label"], name)
            continue
        for part, word in _ITEM.items():
            old, new = before[name].get(part) or "", field.get(part) or ""
            if old != new:
                yield Change(f"{field['label']}·{word}", _part(part, old), _part(part, new), name)


def _part(part: str, value: Any) -> str:
    if isinstance(value, bool) or (part in ("required", "personal", "sensitive") and value == ""):
        return "是" if value else "否"
    return str(FieldType(value).national) if part == "type" and value else str(value)


def _said(name: str, value: Any) -> str:
    if name in _LABELLED and value:
        return str(_LABELLED[name](value).label)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return f"{len(value)} 条" if value and isinstance(value[0], dict) else "、".join(map(str, value))
    return "" if not value else str(value)


def touched_items(before: Mapping[str, Any], after: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Items a consumer would feel: removed, or of another type or shorter. `after` None = the entry is withdrawn."""
    old = _by_name(before)
    if after is None:
        return tuple(old)
    new = _by_name(after)
    return tuple(
        name
        for name, field in old.items()
        if name not in new or any((field.get(part) or 0) != (new[name].get(part) or 0) for part in _NARROWER)
    )


def _by_name(content: Mapping[str, Any]) -> dict[str, Any]:
    return {field["name"]: field for field in content.get("fields") or ()}
