"""What others may supply to the base map: tables of divisions and addresses, catchment rows. Validates shapes."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from onecity.hubs.basemap.contracts import CatchmentRow, Level, Side
from onecity.hubs.basemap.errors import PlaceInvalid

DIVISION_COLUMNS = ("code", "name", "level", "kind", "parent", "order")
ADDRESS_COLUMNS = (
    "address_code", "division_code", "road", "number", "building", "unit", "room", "full", "lon", "lat",
)  # fmt: skip
_LENGTHS = {Level.CITY: 6, Level.DISTRICT: 6, Level.STREET: 9, Level.COMMUNITY: 12}


def columns(table: Any, wanted: tuple[str, ...]) -> list[list[Any]]:
    """The wanted columns of an Arrow table as Python lists. Errors: PlaceInvalid naming the missing ones."""
    missing = [name for name in wanted if name not in table.column_names]
    if missing:
        raise PlaceInvalid(text=f"缺少列：{'、'.join(missing)}", data={"missing": missing})
    return [table.column(name).to_pylist() for name in wanted]


def division_row(number: int, row: Mapping[str, Any]) -> dict[str, Any]:
    """One checked row of divisions. Errors: PlaceInvalid with row and field."""
    code, level = str(row.get("code") or ""), str(row.get("level") or "")
    if level not in list(Level):
        raise PlaceInvalid(text=f"第 {number} 行：层级 {level} 不认识", data={"row": number, "field": "level"})
    if not code.isdigit() or len(code) != _LENGTHS[Level(level)]:
        raise PlaceInvalid(text=f"第 {number} 行：代码 {code} 与层级不符", data={"row": number, "field": "code"})
    if not str(row.get("name") or "").strip():
        raise PlaceInvalid(text=f"第 {number} 行：没有名称", data={"row": number, "field": "name"})
    begins = row.get("valid_from")
    return {
        "code": code, "name": str(row["name"]).strip(), "level": level, "kind": str(row.get("kind") or ""),
        "parent": str(row.get("parent") or ""), "order": int(row.get("order") or 0),
        "valid_from": date.fromisoformat(begins) if isinstance(begins, str) and begins else begins or None,
    }  # fmt: skip


def catchment_rows(rows: Iterable[Any]) -> list[CatchmentRow]:
    """Rows as contracts; tuples (holder, community, road, from, to[, side]) are taken as well. Errors: PlaceInvalid."""
    return [_catchment(number, row) for number, row in enumerate(rows, start=1)]


def _catchment(number: int, row: Any) -> CatchmentRow:
    if isinstance(row, CatchmentRow):
        return row
    holder, community, road, first, last, *side = row
    if not holder or not str(community).isdigit():
        raise PlaceInvalid(text=f"第 {number} 行：缺少学校或社区代码", data={"row": number})
    if first is not None and last is not None and first > last:
        raise PlaceInvalid(text=f"第 {number} 行：门牌起止颠倒", data={"row": number, "field": "number_from"})
    return CatchmentRow(
        holder, str(community), road or "", first, last, Side(side[0]) if side and side[0] else Side.ALL
    )
