"""May this entry stand in the catalogue? Owns the rules of the national guide. Refuses to look anything up.

Source: 政务信息资源共享管理暂行办法（国发〔2016〕51号）articles 5, 9, 10; 政务数据共享条例（国令第809号）: one source per item,
not shared only with a legal basis, no secret data.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from onecity.codes import CatalogueCode, CodeError
from onecity.hubs.catalog.contracts import FieldSpec, OpenType, ShareType

_NONE: Mapping[str, str] = {}

__all__ = ["Entry", "entry_faults", "flag_second_sources", "item_key"]


@dataclass(frozen=True, slots=True)
class Entry:
    """What the rules look at."""

    code: str
    name: str
    abstract: str
    fields: tuple[FieldSpec, ...]
    share_type: ShareType
    basis: str
    open_type: OpenType
    open_condition: str = ""
    secret: bool = False
    live: bool = False
    holder: str = ""
    quoted: bool = False
    topics: tuple[str, ...] = ()


def entry_faults(entry: Entry, *, items: Collection[str] = (), topics: Collection[str] = ()) -> tuple[str, ...]:
    """Why the entry is refused, in sentences; empty = it may stand.

    `items`: the 类项 that exist (empty = not asked); `topics`: the keys of topics that exist (empty = not asked).
    """
    checks = (_secret, _code, _share, _open, _fields, _outside)
    faults = [fault for check in checks for fault in check(entry)]
    if items and not faults and CatalogueCode.parse(entry.code).value[:3] not in items:
        faults.append(f"目录分类中没有 {entry.code[0]} 类 {entry.code[1:3]} 项")
    if topics:
        faults += [f"没有主题 {topic}" for topic in entry.topics if topic not in topics]
    return tuple(faults)


_MARKED = re.compile(r"[（(【\[]?(绝密|机密|秘密)[★*]|[（(【\[](绝密|机密|秘密|涉密)[）)】\]]")


def _secret(entry: Entry) -> Iterable[str]:
    """State secrets are refused whoever declares them; a mark in the text counts as a declaration."""
    marked = any(_MARKED.search(text) for text in (entry.name, entry.abstract, *(f.label for f in entry.fields)))
    if entry.secret or marked:
        yield "涉密数据不得进入本系统，请按保密规定另行管理，并告知本单位保密工作机构"


def _outside(entry: Entry) -> Iterable[str]:
    if entry.quoted and not entry.holder.strip():
        yield "转引数量只用于外部持有的数据，须写明持有单位"


def _code(entry: Entry) -> Iterable[str]:
    try:
        CatalogueCode.parse(entry.code)
    except CodeError as error:
        yield str(error)


def _share(entry: Entry) -> Iterable[str]:
    if entry.share_type is ShareType.NOT_SHARED and not entry.basis.strip():
        yield "不予共享须写明法律、行政法规或党中央、国务院政策依据"
    if entry.share_type is ShareType.CONDITIONAL and not entry.basis.strip():
        yield "有条件共享须写明共享条件"


def _open(entry: Entry) -> Iterable[str]:
    if entry.open_type is OpenType.CONDITIONAL and not entry.open_condition.strip():
        yield "有条件开放须写明开放条件"
    if entry.open_type is OpenType.UNCONDITIONAL and any(field.personal for field in entry.fields):
        yield "含个人信息的资源不得无条件开放"


def _fields(entry: Entry) -> Iterable[str]:
    if not entry.fields:
        yield "至少要有一个信息项"
    columns: set[str] = set()
    names: set[str] = set()
    for field in entry.fields:
        if field.name in names:
            yield f"信息项 {field.name} 重复"
        elif columns.intersection(field.columns):
            yield f"信息项 {field.name} 与其他信息项的存储列重名"
        names.add(field.name)
        columns.update(field.columns)
        if field.sensitive and not field.personal:
            yield f"信息项 {field.name} 标为敏感个人信息，须同时标为个人信息"


def item_key(field: FieldSpec) -> str:
    """What makes two information items the same one: label and type."""
    return f"{field.label.strip()}|{field.type}"


def flag_second_sources(
    fields: Sequence[FieldSpec], known: Mapping[str, str], own: str, named: Mapping[str, str] = _NONE
) -> tuple[FieldSpec, ...]:
    """Flag items that another resource already offers. `known`: item key → key of its first resource; `own`: this one's.

    `named`: item key → the resource the bureau has named authoritative; every other copy loses that word.
    """
    return tuple(
        replace(
            field, multi_source=known.get(item_key(field), own) != own,
            authoritative=named.get(item_key(field), own) == own,
        )
        for field in fields
    )  # fmt: skip
