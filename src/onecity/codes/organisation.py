"""Organisation code (GB 11714) and unified social credit code (GB 32100-2015). Owns both check characters.

Refuses to know which organisations exist; that is the legal-entity register's business.
"""

import re
from dataclasses import dataclass
from typing import Self

from onecity.codes.checks import CREDIT_ALPHABET, credit_check, organisation_check
from onecity.codes.citizen import SYNTHETIC_DIVISION
from onecity.codes.error import CodeError
from onecity.codes.normal import compact, plain_dashes

_ORGANISATION = re.compile(r"[0-9A-Z]{8}[0-9X]")
_CREDIT = re.compile(rf"[{CREDIT_ALPHABET}]{{2}}[0-9]{{6}}[{CREDIT_ALPHABET}]{{10}}")


@dataclass(frozen=True, slots=True, order=True)
class OrganisationCode:
    """Nine characters; the printed form puts a hyphen before the check character."""

    value: str

    def __post_init__(self) -> None:
        if not _ORGANISATION.fullmatch(self.value):
            raise CodeError(
                "organisation_code.format", "组织机构代码应为8位数字或字母加1位校验码", "请核对代码后重新输入"
            )
        if organisation_check(self.value[:8]) != self.value[8]:
            raise CodeError("organisation_code.check", "组织机构代码校验码不符", "请对照证书逐位核对")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a code with or without its hyphen. Errors: `organisation_code.format`, `organisation_code.check`."""
        return cls(plain_dashes(compact(text)).replace("-", ""))

    @classmethod
    def make(cls, body: str) -> Self:
        """Add the check character to eight characters 0–9 A–Z."""
        if not re.fullmatch(r"[0-9A-Z]{8}", body):
            raise CodeError("organisation_code.format", "组织机构代码本体应为8位数字或大写字母", "请核对本体代码")
        return cls(body + organisation_check(body))

    @property
    def dashed(self) -> str:
        """The printed form, `MB000001-9`."""
        return f"{self.value[:8]}-{self.value[8]}"

    def masked(self) -> str:
        """Public by law: nothing is hidden."""
        return self.value

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True, order=True)
class CreditCode:
    """Eighteen characters: registrar, class, division (6), organisation code (9), check.

    `flagged` is true only for a code taken over by `accept_flagged` whose check characters are wrong; a few early codes
    were issued that way and the registry stands by them.
    """

    value: str
    flagged: bool = False

    def __post_init__(self) -> None:
        if len(self.value) == 18 and not set(self.value) <= set(CREDIT_ALPHABET):
            raise CodeError(
                "credit_code.alphabet",
                "统一社会信用代码含有不使用的字符",
                "代码中没有字母I、O、S、V、Z，请核对是否为1、0、5、U、2",
            )
        if not _CREDIT.fullmatch(self.value):
            raise CodeError(
                "credit_code.format", "统一社会信用代码应为18位，第3至8位为区划数字", "请对照营业执照或证书核对"
            )
        fault = _fault(self.value)
        if fault and not self.flagged:
            raise fault
        object.__setattr__(self, "flagged", fault is not None)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a typed code strictly.

        Errors: `credit_code.alphabet`, `credit_code.format`, `credit_code.check`, `credit_code.organisation`.
        """
        return cls(compact(text))

    @classmethod
    def accept_flagged(cls, text: str) -> Self:
        """Read a code from an authoritative registry: a wrong check character sets `flagged` instead of refusing.

        Errors: `credit_code.alphabet`, `credit_code.format`.
        """
        return cls(compact(text), flagged=True)

    @classmethod
    def make(cls, category: str, division: object, organisation: OrganisationCode) -> Self:
        """Build a code from registrar+class (`91`), a six-digit division and an organisation code."""
        body = f"{category}{division}{organisation}"
        if len(body) != 17 or not set(body) <= set(CREDIT_ALPHABET):
            raise CodeError("credit_code.format", "无法编制统一社会信用代码", "请核对登记管理部门、区划和组织机构代码")
        return cls(body + credit_check(body))

    @property
    def registrar(self) -> str:
        """Registration authority: 1 编制, 5 民政, 9 市场监管, Y 其他 …"""
        return self.value[0]

    @property
    def category(self) -> str:
        """Registrar and class together: 11 机关, 12 事业单位, 91 企业, 92 个体工商户 …"""
        return self.value[:2]

    @property
    def division(self) -> str:
        """Six digits of the place of registration; perhaps abolished since."""
        return self.value[2:8]

    @property
    def organisation(self) -> OrganisationCode | None:
        """The organisation code inside; None when a flagged code carries a wrong one."""
        try:
            return OrganisationCode(self.value[8:17])
        except CodeError:
            return None

    @property
    def is_synthetic(self) -> bool:
        """Invented for the synthetic city."""
        return self.division == SYNTHETIC_DIVISION

    def masked(self) -> str:
        """Public by law: nothing is hidden."""
        return self.value

    def __str__(self) -> str:
        return self.value


def _fault(value: str) -> CodeError | None:
    if credit_check(value[:17]) != value[17]:
        return CodeError("credit_code.check", "统一社会信用代码校验位不符", "请对照营业执照或证书逐位核对")
    if organisation_check(value[8:16]) != value[16]:
        return CodeError("credit_code.organisation", "统一社会信用代码内的组织机构代码校验不符", "请核对第9至17位")
    return None
