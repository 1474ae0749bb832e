"""Codes of government-service items (GB/T 39554.1-2020) and of the cases opened on them. Owns their segments.

Refuses to know which items exist or what their type codes are called: those are rows of the service hub.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Self

from onecity.codes.error import CodeError
from onecity.codes.normal import compact
from onecity.codes.organisation import CreditCode

_BASIC = re.compile(r"[0-9]{12}")
_HINT = "请从事项清单中选取，或对照办事指南核对"


class ItemForm(IntEnum):
    """What the code names, by its length."""

    BASIC = 12
    IMPLEMENTATION = 31
    VARIANT = 33


class ItemLevel(IntEnum):
    """Level at which the implementing body exercises the item."""

    NATION = 1
    PROVINCE = 2
    CITY = 3
    COUNTY = 4
    STREET = 5
    COMMUNITY = 6

    @property
    def label(self) -> str:
        """The Chinese name of the level."""
        return ("国家级", "省级", "市级", "县级", "镇街级", "村居级")[self - 1]


@dataclass(frozen=True, slots=True, order=True)
class ItemCode:
    """Basic (12), implementation (31 = body 18 + level 1 + basic 12) or 办理项 variant (33 = implementation + 2)."""

    value: str

    def __post_init__(self) -> None:
        if len(self.value) not in {form.value for form in ItemForm}:
            raise CodeError("item_code.format", "事项编码应为12位基本编码、31位实施编码或33位办理项编码", _HINT)
        if not _BASIC.fullmatch(self.value[-12:] if len(self.value) < 33 else self.value[19:31]):
            raise CodeError("item_code.format", "事项基本编码应为12位数字", _HINT)
        if len(self.value) > 12:
            CreditCode(self.value[:18])
            if self.value[18] not in "123456":
                raise CodeError("item_code.level", "事项编码第19位应为1至6的行使层级", _HINT)
        if not re.fullmatch(r"(?:[0-9A-Z]{2})?", self.value[31:]):
            raise CodeError("item_code.format", "办理项编码末两位应为数字或字母", _HINT)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a code of any of the three lengths; the body inside must itself be a right credit code.

        Errors: `item_code.format`, `item_code.level`, and those of `CreditCode.parse`.
        """
        return cls(compact(text))

    @classmethod
    def make(cls, body: CreditCode, level: ItemLevel, basic: "ItemCode") -> Self:
        """The implementation code of a basic item at one body and level."""
        if basic.form is not ItemForm.BASIC:
            raise CodeError("item_code.form", "编制实施编码需要12位基本编码", _HINT)
        return cls(f"{body}{level:d}{basic}")

    def variant(self, number: int) -> "ItemCode":
        """The 办理项 number 1–99 of this implementation item."""
        if self.form is not ItemForm.IMPLEMENTATION or not 1 <= number <= 99:
            raise CodeError("item_code.form", "办理项编码只能在31位实施编码后加01至99", _HINT)
        return ItemCode(f"{self.value}{number:02d}")

    @property
    def form(self) -> ItemForm:
        """Basic, implementation or variant."""
        return ItemForm(len(self.value))

    @property
    def basic(self) -> "ItemCode":
        """The 12-digit basic code inside."""
        return self if self.form is ItemForm.BASIC else ItemCode(self.value[19:31])

    @property
    def implementation(self) -> "ItemCode | None":
        """The 31-character code without its variant; None for a basic code."""
        return None if self.form is ItemForm.BASIC else ItemCode(self.value[:31])

    @property
    def body(self) -> CreditCode | None:
        """The implementing body; None for a basic code."""
        return None if self.form is ItemForm.BASIC else CreditCode(self.value[:18])

    @property
    def level(self) -> ItemLevel | None:
        """The level of exercise; None for a basic code."""
        return None if self.form is ItemForm.BASIC else ItemLevel(int(self.value[18]))

    @property
    def province(self) -> str:
        """Two digits of the list the item stands in; 00 is the national list."""
        return self.basic.value[:2]

    @property
    def item_type(self) -> str:
        """Two digits; 01 is 行政许可, the others are rows of a table."""
        return self.basic.value[2:4]

    @property
    def department(self) -> str:
        """Two digits of the department."""
        return self.basic.value[4:6]

    @property
    def main_item(self) -> str:
        """Three digits of the main item."""
        return self.basic.value[6:9]

    @property
    def sub_item(self) -> str:
        """Three digits of the sub item; 000 when the main item has none."""
        return self.basic.value[9:]

    def masked(self) -> str:
        """Not personal: nothing is hidden."""
        return self.value

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class CaseNumberRule:
    """How a province builds case numbers: characters of the item code, then YYYYMMDD, then a daily sequence.

    The default (31 + 8 + 4 = 43) was seen on one real sample; other provinces differ, hence a rule and no constant.
    """

    item_length: int = 31
    sequence_digits: int = 4

    @property
    def length(self) -> int:
        """Characters in all."""
        return self.item_length + 8 + self.sequence_digits


DEFAULT_CASE_RULE = CaseNumberRule()


@dataclass(frozen=True, slots=True, order=True)
class CaseNumber:
    """The number of one handled case: item code, day of filing, sequence within item and day."""

    item: ItemCode
    day: date
    sequence: int
    rule: CaseNumberRule = DEFAULT_CASE_RULE

    def __post_init__(self) -> None:
        if len(self.item.value) != self.rule.item_length:
            raise CodeError("case_number.item", f"办件编号需要{self.rule.item_length}位事项编码", _HINT)
        if not 1 <= self.sequence < 10**self.rule.sequence_digits:
            raise CodeError("case_number.sequence", "办件当日顺序号超出范围", "请联系管理员检查办件编号规则")

    @classmethod
    def make(cls, item: ItemCode, day: date, sequence: int, rule: CaseNumberRule = DEFAULT_CASE_RULE) -> Self:
        """Build a number. Errors: `case_number.item`, `case_number.sequence`."""
        return cls(item, day, sequence, rule)

    @classmethod
    def parse(cls, text: str, rule: CaseNumberRule = DEFAULT_CASE_RULE) -> Self:
        """Read a number under `rule`. Errors: `case_number.format`, `case_number.day`, those of `ItemCode.parse`."""
        value = compact(text)
        tail = value[rule.item_length :]
        if len(value) != rule.length or not re.fullmatch(r"[0-9]+", tail):
            raise CodeError("case_number.format", f"办件编号应为{rule.length}位", "请对照受理通知书核对")
        try:
            day = date(int(tail[:4]), int(tail[4:6]), int(tail[6:8]))
        except ValueError as error:
            raise CodeError("case_number.day", "办件编号中的日期不存在", "请对照受理通知书核对") from error
        return cls(ItemCode(value[: rule.item_length]), day, int(tail[8:]), rule)

    def masked(self) -> str:
        """Not personal: nothing is hidden."""
        return str(self)

    def __str__(self) -> str:
        return f"{self.item}{self.day:%Y%m%d}{self.sequence:0{self.rule.sequence_digits}d}"
