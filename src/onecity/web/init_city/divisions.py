"""Rows of the sheet 行政区划, judged by themselves: codes, levels, parents. Pure; writing is the base map's."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from onecity.codes import CodeError, DivisionCode, DivisionLevel
from onecity.hubs.identity.contracts import RowError

__all__ = ["COLUMNS", "SHEET", "City", "division_rows", "outside_areas"]

SHEET = "行政区划"
COLUMNS = ("区划代码", "区划名称", "类型")
LEVELS = {
    DivisionLevel.CITY: "city",
    DivisionLevel.COUNTY: "district",
    DivisionLevel.STREET: "street",
    DivisionLevel.COMMUNITY: "community",
}
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class City:
    """The city itself: its name and its six-digit code."""

    name: str
    code: DivisionCode


def division_rows(
    lines: Iterable[tuple[int, Mapping[str, str]]], city: City | None = None
) -> tuple[list[dict[str, object]], list[RowError]]:
    """The divisions that can be taken, in the order of the sheet (the official order), and every error.

    With `city` its row comes first by itself, and rows of other cities are errors.
    """
    taken: list[dict[str, object]] = []
    errors: list[RowError] = []
    codes: set[str] = set()
    if city is not None:
        taken.append(_row(city.code, city.name, "市", 0))
        codes.add(city.code.value)
    for number, line in lines:
        if city is not None and line.get("区划代码", "").strip() == city.code.value:
            continue
        fault = _fault(number, line, codes, city)
        if fault:
            errors.append(fault)
            continue
        code = DivisionCode.parse(line["区划代码"])
        codes.add(code.value)
        taken.append(_row(code, line["区划名称"].strip(), line.get("类型", "").strip(), len(taken)))
    return taken, errors


def _row(code: DivisionCode, name: str, kind: str, order: int) -> dict[str, object]:
    above = code.parent
    return {
        "code": code.value,
        "name": name,
        "level": LEVELS[code.level],
        "kind": kind,
        "parent": above.value if above and code.level is not DivisionLevel.CITY else "",
        "order": order,
    }


def _fault(number: int, line: Mapping[str, str], codes: set[str], city: City | None) -> RowError | None:
    name = line.get("区划名称", "").strip()
    if not name:
        return RowError(SHEET, number, "区划名称", "此格为空", "此列必填")
    if len(name) > LONGEST_NAME:
        return RowError(SHEET, number, "区划名称", "名称过长", f"不超过 {LONGEST_NAME} 个字")
    try:
        code = DivisionCode.parse(line.get("区划代码", ""))
    except CodeError as error:
        return RowError(SHEET, number, "区划代码", error.text, error.hint)
    if code.level not in LEVELS:
        return RowError(SHEET, number, "区划代码", "此表只收市、区县、镇街、村居四级", "请删去省级和网格的行")
    if city is not None and not code.value.startswith(city.code.prefix):
        return RowError(SHEET, number, "区划代码", f"{code} 不属于{city.name}", f"本市代码以 {city.code.prefix} 开头")
    if code.value in codes:
        return RowError(SHEET, number, "区划代码", f"{code} 与前面的行重复", "每个区划只保留一行")
    if code.level is not DivisionLevel.CITY and (code.parent is None or code.parent.value not in codes):
        return RowError(SHEET, number, "区划代码", f"上级区划 {code.parent} 没有出现在前面的行", "请把上级区划排在前面")
    return None


def outside_areas(grid: Sequence[Sequence[str]], city: City, places: Collection[str]) -> list[RowError]:
    """Organisations whose 所辖区划 lies outside the city, or is no division of the uploaded list (`places`: prefixes)."""
    if not grid or "所辖区划" not in grid[0]:
        return []
    column = list(grid[0]).index("所辖区划")
    errors = []
    for number, cells in enumerate(grid[1:], start=2):
        given = cells[column].strip() if column < len(cells) else ""
        fault = _area_fault(given, city, places) if given else ""
        if fault:
            errors.append(RowError("组织机构", number, "所辖区划", fault, "请填写第 3 步区划表中的代码"))
    return errors


def _area_fault(given: str, city: City, places: Collection[str]) -> str:
    try:
        prefix = DivisionCode.parse(given).prefix
    except CodeError as error:
        return error.text
    if not prefix.startswith(city.code.prefix):
        return f"{given} 不属于{city.name}"
    return f"区划表中没有 {given}" if places and prefix not in places else ""
