"""Administrative division codes (GB/T 2260, GB/T 10114) and the cells below them. Owns levels, parents and ranges.

Refuses to know names, dates and successors: the time-valid table belongs to the base map.
"""

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import Self

from onecity.codes.error import CodeError
from onecity.codes.normal import compact

_SHAPE = re.compile(r"(?:[0-9]{6}|[0-9]{9}|[0-9]{12}|[0-9]{15})")


class DivisionLevel(IntEnum):
    """Depth in the tree; a smaller number contains a larger one."""

    PROVINCE = 1
    CITY = 2
    COUNTY = 3
    STREET = 4
    COMMUNITY = 5
    CELL = 6

    @property
    def label(self) -> str:
        """The Chinese name of the level."""
        return ("省", "市", "区县", "镇街", "村居", "网格")[self - 1]


@dataclass(frozen=True, slots=True, order=True)
class DivisionCode:
    """A code of 6, 9, 12 or 15 digits in its shortest form: `370202000000` of statistical lists becomes `370202`."""

    value: str

    def __post_init__(self) -> None:
        value = self.value
        if not _SHAPE.fullmatch(value) or not "11" <= value[:2] <= "91":
            raise CodeError(
                "division_code.format", "区划代码应为6、9、12或15位数字，前两位为省级代码", "请从区划列表中选取"
            )
        if value[2:4] == "00" and value[4:6] != "00":
            raise CodeError("division_code.gap", "区划代码缺少市级段", "请核对第3、4位")
        if len(value) > 6 and (value[4:6] == "00" or "000" in _segments(value)):
            raise CodeError("division_code.gap", "区划代码中间层级为空", "请使用完整代码，或去掉末尾的0改用上级代码")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a code; trailing zero segments of the long form are dropped.

        Errors: `division_code.format`, `division_code.gap`.
        """
        value = compact(text)
        while len(value) > 6 and len(value) % 3 == 0 and value.endswith("000"):
            value = value[:-3]
        return cls(value)

    @property
    def level(self) -> DivisionLevel:
        """Province to cell, told by length and trailing zeros."""
        if len(self.value) > 6:
            return DivisionLevel(len(self.value) // 3 + 1)
        if self.value.endswith("0000"):
            return DivisionLevel.PROVINCE
        return DivisionLevel.CITY if self.value.endswith("00") else DivisionLevel.COUNTY

    @property
    def prefix(self) -> str:
        """The significant digits, which every code inside begins with: 370000 → 37, 370200 → 3702."""
        return self.value[: {DivisionLevel.PROVINCE: 2, DivisionLevel.CITY: 4}.get(self.level, len(self.value))]

    @property
    def parent(self) -> "DivisionCode | None":
        """The division directly above; None above a province."""
        match self.level:
            case DivisionLevel.PROVINCE:
                return None
            case DivisionLevel.CITY:
                return DivisionCode(f"{self.value[:2]}0000")
            case DivisionLevel.COUNTY:
                return DivisionCode(f"{self.value[:4]}00")
            case _:
                return DivisionCode(self.value[:-3])

    @property
    def ancestors(self) -> tuple["DivisionCode", ...]:
        """All divisions above, nearest first."""
        above = self.parent
        return () if above is None else (above, *above.ancestors)

    def contains(self, other: "DivisionCode") -> bool:
        """True when `other` is this division or lies inside it."""
        return other.value.startswith(self.prefix)

    @property
    def prefix_range(self) -> tuple[str, str]:
        """`(low, high)` so that `low <= code AND code < high` finds this division and all inside it, by index."""
        return prefix_range(self.prefix)

    def at_level(self, level: DivisionLevel) -> "DivisionCode | None":
        """This division or the one above it at `level`; None when `level` lies deeper."""
        return next((code for code in (self, *self.ancestors) if code.level == level), None)

    def masked(self) -> str:
        """Not personal: nothing is hidden."""
        return self.value

    def __str__(self) -> str:
        return self.value


def prefix_range(prefix: str) -> tuple[str, str]:
    """Half-open string range of all digit codes beginning with `prefix` (digits, not all nines).

    Errors: `division_code.prefix`.
    """
    if not re.fullmatch(r"[0-9]*[0-8][0-9]*", prefix):
        raise CodeError("division_code.prefix", "区划前缀应为数字", "请使用省、市、县、镇街或村居代码的有效位")
    return prefix, str(int(prefix) + 1).zfill(len(prefix))


def _segments(value: str) -> tuple[str, ...]:
    return tuple(value[start : start + 3] for start in range(6, len(value), 3))
