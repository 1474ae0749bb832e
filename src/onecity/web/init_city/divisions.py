"""Rows of the sheet 行政区划, judged by themselves: codes, levels, parents. Pure; writing is the base map's."""

from collections.abc import Iterable, Mapping

from onecity.codes import CodeError, DivisionCode, DivisionLevel
from onecity.hubs.identity.contracts import RowError

__all__ = ["COLUMNS", "SHEET", "division_rows"]

SHEET = "行政区划"
COLUMNS = ("区划代码", "区划名称", "类型")
LEVELS = {
    DivisionLevel.CITY: "city",
    DivisionLevel.COUNTY: "district",
    DivisionLevel.STREET: "street",
    DivisionLevel.COMMUNITY: "community",
    DivisionLevel.CELL: "grid",
}


def division_rows(
    lines: Iterable[tuple[int, Mapping[str, str]]],
) -> tuple[list[dict[str, object]], list[RowError]]:
    """The divisions that can be taken, in the order of the sheet (the official order), and every error."""
    taken: list[dict[str, object]] = []
    errors: list[RowError] = []
    codes: set[str] = set()
    for number, line in lines:
        fault = _fault(number, line, codes)
        if fault:
            errors.append(fault)
            continue
        code = DivisionCode.parse(line["区划代码"])
        codes.add(code.value)
        above = code.parent
        taken.append(
            {
                "code": code.value,
                "name": line["区划名称"].strip(),
                "level": LEVELS[code.level],
                "kind": line.get("类型", "").strip(),
                "parent": above.value if above and code.level is not DivisionLevel.CITY else "",
                "order": len(taken),
            }
        )
    return taken, errors


def _fault(number: int, line: Mapping[str, str], codes: set[str]) -> RowError | None:
    if not line.get("区划名称", "").strip():
        return RowError(SHEET, number, "区划名称", "此格为空", "此列必填")
    try:
        code = DivisionCode.parse(line.get("区划代码", ""))
    except CodeError as error:
        return RowError(SHEET, number, "区划代码", error.text, error.hint)
    if code.level is DivisionLevel.PROVINCE:
        return RowError(SHEET, number, "区划代码", "省级代码不属于本市", "请从市级代码开始填写")
    if code.value in codes:
        return RowError(SHEET, number, "区划代码", f"{code} 与前面的行重复", "每个区划只保留一行")
    if code.level is not DivisionLevel.CITY and (code.parent is None or code.parent.value not in codes):
        return RowError(SHEET, number, "区划代码", f"上级区划 {code.parent} 没有出现在前面的行", "请把上级区划排在前面")
    return None
