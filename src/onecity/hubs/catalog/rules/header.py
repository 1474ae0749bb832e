"""Which delivered column is which information item. Owns the reading of headers: by name or by label, nothing guessed.

Refuses two columns that claim the same item, headers that are empty or merged, and a file without a required item.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from onecity.hubs.catalog.contracts import FieldSpec

__all__ = ["Header", "match_header"]

_EDGES = " \t\r\n\u3000\ufeff\"'*＊"


@dataclass(frozen=True, slots=True)
class Header:
    """`places`: item → index of its column; `undeclared`: columns nobody declared; `broken` "" = the header may stand."""

    places: dict[str, int]
    undeclared: tuple[str, ...]
    broken: str = ""


def match_header(delivered: Sequence[str], fields: Sequence[FieldSpec]) -> Header:
    """Match a header with the items of a resource; sizes of letters and spaces around do not count."""
    by_name = {field.name.lower(): field.name for field in fields}
    by_label = {field.label.strip().lower(): field.name for field in fields}
    places: dict[str, int] = {}
    undeclared: list[str] = []
    seen: set[str] = set()
    for index, raw in enumerate(delivered):
        text = str(raw or "").strip(_EDGES)
        key = text.lower()
        item = by_name.get(key) or by_label.get(key)
        if (key and key in seen) or item in places:
            return Header({}, (), f"表头中“{text}”出现两次，无法确定以哪一列为准")
        seen.add(key)
        if item is None:
            undeclared.append(text or f"第{index + 1}列")
        else:
            places[item] = index
    missing = [field.label for field in fields if field.required and field.name not in places]
    if missing:
        return Header(places, tuple(undeclared), f"缺少必填信息项：{'、'.join(missing)}")
    if not places:
        return Header(places, tuple(undeclared), "表头与资源的信息项没有一项相符，请核对是否报错了资源")
    return Header(places, tuple(undeclared))
