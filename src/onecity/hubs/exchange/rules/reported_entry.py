"""Whether an entry a lower node reports may stand in this level's catalogue. Pure; every fault is one sentence with its mend.

Source: 政务信息资源目录编制指南（试行）2017 (headings and codes); 国务院令第809号 (conditions and legal bases).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from onecity.codes import CatalogueCode, CodeError

__all__ = ["entry_faults"]

_NEEDED = ("信息资源代码", "信息资源名称", "信息资源提供方", "信息资源摘要", "共享类型", "更新周期")
_SHARES = ("无条件共享", "有条件共享", "不予共享")
_LARGEST_ITEMS = 500


def entry_faults(entry: Mapping[str, Any]) -> tuple[str, ...]:
    """Why an entry is sent back; empty = it is taken."""
    return (*_words(entry), *_code(entry), *_share(entry), *_items(entry))


def _said(entry: Mapping[str, Any], heading: str) -> str:
    value = entry.get(heading, "")
    return value.strip() if isinstance(value, str) else ""


def _words(entry: Mapping[str, Any]) -> Iterator[str]:
    for heading in _NEEDED:
        if not _said(entry, heading):
            yield f"缺少“{heading}”"
    if _said(entry, "是否涉密") not in ("", "否"):
        yield "涉密资源不得上报"


def _code(entry: Mapping[str, Any]) -> Iterator[str]:
    code = _said(entry, "信息资源代码")
    if code:
        try:
            CatalogueCode.parse(code)
        except CodeError as error:
            yield f"信息资源代码不正确：{error}"


def _share(entry: Mapping[str, Any]) -> Iterator[str]:
    share = _said(entry, "共享类型")
    if share and share not in _SHARES:
        yield f"共享类型“{share[:20]}”不在国家目录用语中"
    if share in _SHARES[1:] and not _said(entry, "共享条件或依据"):
        yield f"{share}须写明共享条件或依据"


def _items(entry: Mapping[str, Any]) -> Iterator[str]:
    items = entry.get("信息项")
    if not isinstance(items, list) or not items:
        yield "至少要有一个信息项"
    elif len(items) > _LARGEST_ITEMS:
        yield f"信息项超过{_LARGEST_ITEMS}个"
    elif not all(isinstance(one, Mapping) and _said(one, "信息项名称") for one in items):
        yield "每个信息项须有名称"
