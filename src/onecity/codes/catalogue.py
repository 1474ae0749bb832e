"""The code of a resource in the government data catalogue (政务信息资源目录编制指南, GB/T 21063). Owns its segments.

Refuses to know the names of 项 and 目: those are rows of the catalogue.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from onecity.codes.error import CodeError
from onecity.codes.normal import compact

_SHAPE = re.compile(r"([123])([0-9]{2})([0-9]{3})([0-9A-Z]*)/([0-9]{1,12})")


class CatalogueClass(StrEnum):
    """类: basic, thematic or departmental resource."""

    BASIC = "1"
    THEME = "2"
    DEPARTMENT = "3"

    @property
    def label(self) -> str:
        """基础, 主题 or 部门."""
        return {"1": "基础", "2": "主题", "3": "部门"}[self.value]


@dataclass(frozen=True, slots=True, order=True)
class CatalogueCode:
    """类 1 + 项 2 + 目 3 + 细目 (any length, may be empty), a slash, and a sequence number."""

    value: str

    def __post_init__(self) -> None:
        if not _SHAPE.fullmatch(self.value):
            raise CodeError(
                "catalogue_code.format",
                "目录代码由类1位、项2位、目3位、细目和“/”后的顺序号组成",
                "请核对分段，类只能是1基础、2主题、3部门",
            )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a code. Errors: `catalogue_code.format`."""
        return cls(compact(text))

    @classmethod
    def make(cls, kind: CatalogueClass, item: int, entry: int, detail: str, sequence: int) -> Self:
        """Build a code from 类, 项 (0–99), 目 (0–999), 细目 and sequence. Errors: `catalogue_code.format`."""
        return cls(f"{kind.value}{item:02d}{entry:03d}{detail}/{sequence}")

    @property
    def kind(self) -> CatalogueClass:
        """类."""
        return CatalogueClass(self.value[0])

    @property
    def item(self) -> str:
        """项, two digits."""
        return self.value[1:3]

    @property
    def entry(self) -> str:
        """目, three digits."""
        return self.value[3:6]

    @property
    def detail(self) -> str:
        """细目, possibly empty."""
        return self.value[6:].partition("/")[0]

    @property
    def category(self) -> str:
        """Everything before the slash."""
        return self.value.partition("/")[0]

    @property
    def sequence(self) -> str:
        """The digits after the slash, zeros kept."""
        return self.value.partition("/")[2]

    def masked(self) -> str:
        """Not personal: nothing is hidden."""
        return self.value

    def __str__(self) -> str:
        return self.value
