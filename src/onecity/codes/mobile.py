"""Mobile numbers of mainland China. Owns form and masking; refuses to guess operators."""

import re
from dataclasses import dataclass
from typing import Self

from onecity.codes.error import CodeError
from onecity.codes.normal import compact, plain_dashes

_SHAPE = re.compile(r"1[3-9][0-9]{9}")
_COUNTRY = re.compile(r"(?:\+|00)?86(?=1[3-9][0-9]{9}$)")


@dataclass(frozen=True, slots=True, order=True, repr=False)
class MobileNumber:
    """Eleven digits, 13… to 19…."""

    value: str

    def __post_init__(self) -> None:
        if not _SHAPE.fullmatch(self.value):
            raise CodeError("mobile_number.format", "手机号码应为11位数字，以13至19开头", "请核对后重新输入")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a number; hyphens and the country code 86 are accepted. Errors: `mobile_number.format`."""
        return cls(_COUNTRY.sub("", plain_dashes(compact(text)).replace("-", "")))

    def masked(self) -> str:
        """First three and last four digits."""
        return f"{self.value[:3]}****{self.value[7:]}"

    def __str__(self) -> str:
        return self.value

    def __repr__(self) -> str:
        return f"MobileNumber({self.masked()})"
