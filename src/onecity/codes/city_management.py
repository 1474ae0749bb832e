"""Codes of city management (GB/T 47678.5-2026): cells, components, matters. Owns lengths and segments.

Refuses to know class names. Components and matters reuse the same five digits: a class is (kind, digits).
"""

import re
from dataclasses import dataclass
from typing import Self

from onecity.codes.division import DivisionCode, DivisionLevel
from onecity.codes.error import CodeError
from onecity.codes.normal import compact

_HINT = "请在地图上选取，或核对代码"


@dataclass(frozen=True, slots=True, order=True)
class CellCode:
    """A cell of about 100 m × 100 m: 12 digits of the community and 3 of the cell."""

    value: str

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[0-9]{15}", self.value) or self.value.endswith("000"):
            raise CodeError("cell_code.format", "单元网格标识码应为15位数字，末3位从001起", _HINT)
        DivisionCode(self.value[:12])

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a code. Errors: `cell_code.format` and those of `DivisionCode`."""
        return cls(compact(text))

    @classmethod
    def make(cls, community: DivisionCode, number: int) -> Self:
        """Build the code of cell 1–999 of a community. Errors: `cell_code.community`, `cell_code.format`."""
        if community.level is not DivisionLevel.COMMUNITY:
            raise CodeError("cell_code.community", "单元网格必须属于12位村居代码", _HINT)
        return cls(f"{community}{number:03d}")

    @property
    def community(self) -> DivisionCode:
        """The community the cell lies in; a cell never crosses one."""
        return DivisionCode(self.value[:12])

    @property
    def number(self) -> str:
        """Three digits within the community."""
        return self.value[12:]

    def masked(self) -> str:
        """Not personal: nothing is hidden."""
        return self.value

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True, order=True)
class ComponentCode:
    """One thing that stands in the city: division 6, class 5 (major 2 + minor 3), sequence 6."""

    value: str

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[1-9][0-9]{16}", self.value):
            raise CodeError("component_code.format", "部件标识码应为17位数字", "16位旧码请先按对照表转换")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a code. Errors: `component_code.format`."""
        return cls(compact(text))

    @classmethod
    def make(cls, division: object, class_code: str, sequence: int) -> Self:
        """Build a code from a six-digit division, a five-digit class and a sequence up to 999999."""
        _require_class("component_code", division, class_code)
        return cls(f"{division}{class_code}{sequence:06d}")

    @property
    def division(self) -> DivisionCode:
        """The county-level division."""
        return DivisionCode(self.value[:6])

    @property
    def class_code(self) -> str:
        """Five digits: major 2, minor 3."""
        return self.value[6:11]

    @property
    def sequence(self) -> str:
        """Six digits."""
        return self.value[11:]

    def masked(self) -> str:
        """Not personal: nothing is hidden."""
        return self.value

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True, order=True)
class MatterCode:
    """A class of matter in one division (6 + 5); it names a class, never one case."""

    value: str

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[1-9][0-9]{10}", self.value):
            raise CodeError("matter_code.format", "管理事项代码应为11位数字", "请从事项分类中选取")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a code. Errors: `matter_code.format`."""
        return cls(compact(text))

    @classmethod
    def make(cls, division: object, class_code: str) -> Self:
        """Build a code from a six-digit division and a five-digit class."""
        _require_class("matter_code", division, class_code)
        return cls(f"{division}{class_code}")

    @property
    def division(self) -> DivisionCode:
        """The county-level division."""
        return DivisionCode(self.value[:6])

    @property
    def class_code(self) -> str:
        """Five digits: major 2, minor 3."""
        return self.value[6:]

    def masked(self) -> str:
        """Not personal: nothing is hidden."""
        return self.value

    def __str__(self) -> str:
        return self.value


def _require_class(family: str, division: object, class_code: str) -> None:
    if not re.fullmatch(r"[1-9][0-9]{5}", str(division)):
        raise CodeError(f"{family}.division", "需要6位区划代码", "请改用县级区划代码")
    if not re.fullmatch(r"[0-9]{5}", class_code):
        raise CodeError(f"{family}.class", "类别代码应为5位数字（大类2位、小类3位）", "请从分类表中选取")
