"""How organisations may stand to one another: five levels, areas inside areas, periods inside periods.

Refuses to know names. Judges one organisation against its parent and its other periods; the service finds them.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from onecity.codes import CodeError, CreditCode, DivisionCode
from onecity.hubs.identity.contracts import Level, OrganisationRow, OrganisationView
from onecity.hubs.identity.rules.validity import overlaps, period_faults

__all__ = ["DEPTH", "area_prefix", "code_fault", "organisation_faults", "parent_faults"]

DEPTH: Mapping[Level, int] = {level: depth for depth, level in enumerate(Level)}


def area_prefix(area: str) -> str:
    """The significant digits of a division code: 370200 → 3702. Anything that is no code stays as it is."""
    try:
        return DivisionCode.parse(area).prefix
    except CodeError:
        return area


def code_fault(code: str) -> str:
    """A sentence when `code` has the length of a USCC but does not check; internal codes of other lengths are free."""
    if len(code) != 18:
        return "" if 2 <= len(code) <= 40 else "机构代码应为2至40位"
    try:
        CreditCode.parse(code)
    except CodeError as error:
        return str(error)
    return ""


def organisation_faults(row: OrganisationRow, others: Sequence[OrganisationView] = ()) -> tuple[str, ...]:
    """Everything wrong with one organisation by itself and against other periods of the same code."""
    faults = list(period_faults(row.valid_from, row.valid_to))
    if fault := code_fault(row.code):
        faults.append(fault)
    if not row.name.strip():
        faults.append("缺少机构名称")
    if row.level not in set(Level):
        faults.append("层级应为 city、district、street、community、grid 之一")
    if row.area and not (row.area.isdigit() and len(row.area) in (2, 4, 6, 9, 12, 15)):
        faults.append("所辖区划应为2、4、6、9、12或15位数字")
    if row.parent == row.code:
        faults.append("上级机构不能是自己")
    if row.valid_from is not None:
        mine: tuple[date, date | None] = (row.valid_from, row.valid_to)
        faults += [f"与自 {o.valid_from} 起的同一机构有效期重叠" for o in others if _clashes(mine, o)]
    return tuple(faults)


def _clashes(mine: tuple[date, date | None], other: OrganisationView) -> bool:
    if other.valid_from is None or other.valid_from == mine[0]:
        return False
    return overlaps(mine, (other.valid_from, other.valid_to))


def parent_faults(row: OrganisationRow, parent: OrganisationView | None) -> tuple[str, ...]:
    """Everything wrong between an organisation and its parent; no parent is right for the top only."""
    if not row.parent:
        return ()
    if parent is None:
        return (f"没有查到上级机构 {row.parent}",)
    faults = []
    if row.level in set(Level) and DEPTH[Level(row.level)] < DEPTH[parent.level]:
        faults.append("上级机构的层级不能低于本机构")
    if row.area and parent.area and not row.area.startswith(area_prefix(parent.area)):
        faults.append(f"所辖区划 {row.area} 不在上级机构的区划 {parent.area} 之内")
    return tuple(faults)
