"""Number plates of civil motor vehicles (GA 36-2018). Owns form and masking; military and police series are refused."""

import re
from dataclasses import dataclass
from typing import Self

from onecity.codes.error import CodeError
from onecity.codes.normal import compact

_PROVINCES = "京津沪渝冀晋辽吉黑苏浙皖闽赣鲁豫鄂湘粤琼川贵云陕甘青蒙桂宁新藏"
_ORDINARY = re.compile(rf"[{_PROVINCES}][A-HJ-Z][0-9A-HJ-NP-Z]{{4}}[0-9A-HJ-NP-Z学警港澳挂领]")
_NEW_ENERGY = re.compile(rf"[{_PROVINCES}][A-HJ-Z](?:[A-HJK][0-9A-HJ-NP-Z][0-9]{{4}}|[0-9]{{5}}[A-HJK])")
_DOTS = dict.fromkeys(map(ord, "·•・‧∙.-"))


@dataclass(frozen=True, slots=True, order=True, repr=False)
class PlateNumber:
    """Seven characters, eight for new-energy vehicles, without the dot printed after the second."""

    value: str

    def __post_init__(self) -> None:
        if not (_ORDINARY.fullmatch(self.value) or _NEW_ENERGY.fullmatch(self.value)):
            raise CodeError(
                "plate_number.format", "车牌号应为7位，新能源为8位，以省份简称和字母开头", "请核对，号牌中没有字母I和O"
            )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a plate; dots, blanks and lower case are accepted. Errors: `plate_number.format`."""
        return cls(compact(text).translate(_DOTS))

    @property
    def region(self) -> str:
        """Province sign and issuing office: 鲁B."""
        return self.value[:2]

    @property
    def is_new_energy(self) -> bool:
        """Eight characters."""
        return len(self.value) == 8

    def masked(self) -> str:
        """Region and last character: 鲁B****5."""
        return f"{self.region}{'*' * (len(self.value) - 3)}{self.value[-1]}"

    def __str__(self) -> str:
        return self.value

    def __repr__(self) -> str:
        return f"PlateNumber({self.masked()})"
