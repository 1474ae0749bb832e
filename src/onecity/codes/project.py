"""The national code of an investment project, `YYMM-DDDDDD-II-TT-NNNNNN`. Owns its segments, nothing of the project."""

import re
from dataclasses import dataclass
from typing import Self

from onecity.codes.error import CodeError
from onecity.codes.normal import compact, plain_dashes

_DIGITS = re.compile(r"([0-9]{2}(?:0[1-9]|1[0-2]))([0-9]{6})([0-9]{2})([0-9]{2})([0-9]{6})")


@dataclass(frozen=True, slots=True, order=True)
class ProjectCode:
    """Year and month, division, industry, type, serial: 24 characters with hyphens."""

    value: str

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{6}-[0-9]{2}-[0-9]{2}-[0-9]{6}", self.value) or not _DIGITS.fullmatch(
            self.value.replace("-", "")
        ):
            raise CodeError(
                "project_code.format", "投资项目代码应为24位，形如2601-370202-04-01-000001", "请对照项目备案证明核对"
            )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a code with any dashes or none. Errors: `project_code.format`."""
        value = plain_dashes(compact(text))
        found = _DIGITS.fullmatch(value)
        return cls("-".join(found.groups()) if found else value)

    @classmethod
    def make(cls, year: int, month: int, division: object, industry: int, kind: int, serial: int) -> Self:
        """Build a code; `year` in full (2026). Errors: `project_code.format`."""
        return cls(f"{year % 100:02d}{month:02d}-{division}-{industry:02d}-{kind:02d}-{serial:06d}")

    @property
    def year(self) -> int:
        """Year of first coding, in full."""
        return 2000 + int(self.value[:2])

    @property
    def month(self) -> int:
        """Month of first coding."""
        return int(self.value[2:4])

    @property
    def division(self) -> str:
        """Six digits."""
        return self.value[5:11]

    @property
    def industry(self) -> str:
        """Two digits."""
        return self.value[12:14]

    @property
    def kind(self) -> str:
        """Two digits of the project type."""
        return self.value[15:17]

    @property
    def serial(self) -> str:
        """Six digits."""
        return self.value[18:]

    def masked(self) -> str:
        """Not personal: nothing is hidden."""
        return self.value

    def __str__(self) -> str:
        return self.value
