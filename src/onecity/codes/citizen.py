"""The citizen identity number (GB 11643-1999). Owns format, birth date, sex and check character.

Refuses to compare the first six digits with today's divisions: they are the code at first registration, kept for life.
"""

import re
from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, Self

from onecity.codes.checks import citizen_check
from onecity.codes.error import CodeError
from onecity.codes.normal import compact

SYNTHETIC_DIVISION: Final = "370299"
"""A division code nobody was ever given; every invented person and firm carries it."""

_SHAPE = re.compile(r"[1-9][0-9]{16}[0-9X]")
_OLD_SHAPE = re.compile(r"[1-9][0-9]{14}")


class Sex(StrEnum):
    """Sex as coded by GB/T 2261.1."""

    MALE = "1"
    FEMALE = "2"

    @property
    def label(self) -> str:
        """男 or 女."""
        return "男" if self is Sex.MALE else "女"


class HolderKind(StrEnum):
    """Whose document carries the number, as told by its first digits."""

    CITIZEN = "citizen"
    HONG_KONG = "hong_kong"
    MACAO = "macao"
    TAIWAN = "taiwan"
    FOREIGNER = "foreigner"


_RESIDENCE_PERMITS = {"810000": HolderKind.HONG_KONG, "820000": HolderKind.MACAO, "830000": HolderKind.TAIWAN}


@dataclass(frozen=True, slots=True, order=True, repr=False)
class CitizenNumber:
    """An 18-character number whose date exists and whose check character is right.

    `str()` gives the full number; `repr()` and `masked()` do not, so that logs and tracebacks stay clean.
    """

    value: str

    def __post_init__(self) -> None:
        if not _SHAPE.fullmatch(self.value):
            raise CodeError(
                "citizen_number.format", "身份证号码应为18位数字，末位可为X", "请对照证件逐位核对后重新输入"
            )
        _birthday(self.value[6:14])
        if citizen_check(self.value[:17]) != self.value[17]:
            raise CodeError(
                "citizen_number.check", "身份证号码校验位不符", "请对照证件逐位核对，多为个别数字输错或颠倒"
            )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a typed number; full-width signs, blanks and lower-case x are accepted, 15 digits are upgraded.

        Errors: `citizen_number.format`, `citizen_number.birthday`, `citizen_number.check`.
        """
        number = compact(text)
        if len(number) == 15:
            return cls.upgrade(number)
        return cls(number)

    @classmethod
    def upgrade(cls, text: str) -> Self:
        """Turn a 15-digit number of the first generation into 18 characters: century 19, then the check character."""
        number = compact(text)
        if not _OLD_SHAPE.fullmatch(number):
            raise CodeError("citizen_number.format", "一代身份证号码应为15位数字", "请对照证件逐位核对后重新输入")
        body = f"{number[:6]}19{number[6:]}"
        return cls(body + citizen_check(body))

    @classmethod
    def make(cls, division: object, birthday: date, sequence: int) -> Self:
        """Build a number from a six-digit division, a birth date and a sequence of 1–999 (odd male, even female)."""
        place = str(division)
        if not re.fullmatch(r"[1-9][0-9]{5}", place):
            raise CodeError("citizen_number.division", "编制身份证号码需要6位区划代码", "请改用县级区划代码")
        if not 1 <= sequence <= 999:
            raise CodeError("citizen_number.sequence", "身份证顺序码应在1至999之间", "请更换顺序码")
        body = f"{place}{birthday:%Y%m%d}{sequence:03d}"
        return cls(body + citizen_check(body))

    @property
    def division(self) -> str:
        """The six digits of first registration; perhaps abolished since."""
        return self.value[:6]

    @property
    def birthday(self) -> date:
        """Date of birth."""
        return _birthday(self.value[6:14])

    @property
    def sex(self) -> Sex:
        """Odd sequence male, even female."""
        return Sex.MALE if int(self.value[16]) % 2 else Sex.FEMALE

    @property
    def holder(self) -> HolderKind:
        """Citizen, holder of a residence permit (81/82/83 0000), or of a foreigner's permanent residence card (9…)."""
        if self.value[0] == "9":
            return HolderKind.FOREIGNER
        return _RESIDENCE_PERMITS.get(self.division, HolderKind.CITIZEN)

    @property
    def is_synthetic(self) -> bool:
        """Invented for the synthetic city: the division is the unassigned 370299."""
        return self.division == SYNTHETIC_DIVISION

    def age_on(self, day: date) -> int:
        """Full years on `day`; born on 29 February means a year older on 1 March of common years.

        Errors: `citizen_number.unborn` when `day` lies before the birth date.
        """
        born = self.birthday
        if day < born:
            raise CodeError("citizen_number.unborn", "计算年龄的日期早于出生日期", "请核对日期或身份证号码")
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))

    def warning(self, known_divisions: Container[str]) -> str | None:
        """A sentence when the first six digits are not among `known_divisions`; never a refusal."""
        if self.division in known_divisions or self.holder is not HolderKind.CITIZEN:
            return None
        return "号码前六位不在现行区划表中，可能是已撤并的区划，号码本身有效，请人工留意"

    def masked(self) -> str:
        """First six and last four characters, eight stars between."""
        return f"{self.value[:6]}{'*' * 8}{self.value[14:]}"

    def __str__(self) -> str:
        return self.value

    def __repr__(self) -> str:
        return f"CitizenNumber({self.masked()})"


def _birthday(digits: str) -> date:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        born = date.min
    if born.year < 1800:
        raise CodeError("citizen_number.birthday", "身份证号码中的出生日期不存在", "请核对第7至14位的年月日")
    return born
