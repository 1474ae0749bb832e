"""May this entry stand in the catalogue? Owns the rules of the national guide. Refuses to look anything up.

Source: 政务信息资源共享管理暂行办法（国发〔2016〕51号）articles 5, 9, 10; 政务数据共享条例（国令第809号）: one source per item,
not shared only with a legal basis, no secret data.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from onecity.codes import CatalogueCode, CodeError
from onecity.hubs.catalog.contracts import FieldSpec, OpenType, ShareType

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


def entry_faults(entry: Entry) -> tuple[str, ...]:
    """Why the entry is refused, in sentences; empty = it may stand."""
    checks = (_secret, _code, _share, _open, _fields)
    return tuple(fault for check in checks for fault in check(entry))


def _secret(entry: Entry) -> Iterable[str]:
    if entry.secret:
        yield "涉密数据不得进入本系统"


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


def flag_second_sources(fields: Sequence[FieldSpec], known: Mapping[str, str], own: str) -> tuple[FieldSpec, ...]:
    """Flag items that another resource already offers. `known`: item key → key of its first resource; `own`: this one's."""
    return tuple(replace(field, multi_source=known.get(item_key(field), own) != own) for field in fields)
