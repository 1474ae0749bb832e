"""The number of an official document, 发文字号 (GB/T 9704-2012). Owns its form; refuses to hand out serials."""

import re
from dataclasses import dataclass, replace
from typing import Self

from onecity.codes.error import CodeError
from onecity.codes.normal import half_width

_SHAPE = re.compile(r"([\u4e00-\u9fff]+)〔([0-9]{4})〕([1-9][0-9]*)号")
_PREFIX = re.compile(r"[\u4e00-\u9fff]+")
_BRACKETS = re.compile(r"[\[(【（［][0-9]{4}[\])】）］]")


@dataclass(frozen=True, slots=True, order=True)
class DocumentNumber:
    """机关代字, year in six-cornered brackets, serial without leading zero: 青政办发〔2024〕5号."""

    prefix: str
    year: int
    serial: int

    def __post_init__(self) -> None:
        if not _PREFIX.fullmatch(self.prefix) or not 1900 <= self.year <= 2999 or self.serial < 1:
            raise CodeError(
                "document_number.format",
                "发文字号由汉字代字、四位年份和从1起的序号组成",
                "请按“代字〔年份〕序号号”填写",
            )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a number; blanks and full-width digits are accepted, other brackets are not.

        Errors: `document_number.brackets`, `document_number.serial`, `document_number.format`.
        """
        value = "".join(half_width(text).split())
        found = _SHAPE.fullmatch(value)
        if found:
            return cls(found[1], int(found[2]), int(found[3]))
        if _BRACKETS.search(value):
            raise CodeError(
                "document_number.brackets", "发文字号的年份应使用六角括号", "请改为〔〕，例如青政办发〔2024〕5号"
            )
        if re.search(r"〕(?:第|0)", value):
            raise CodeError("document_number.serial", "发文序号不编虚位、不加“第”字", "请去掉序号前的0或“第”")
        raise CodeError(
            "document_number.format", "发文字号格式不正确", "请按“代字〔年份〕序号号”填写，例如青政办发〔2024〕5号"
        )

    @classmethod
    def make(cls, prefix: str, year: int, serial: int) -> Self:
        """Build a number. Errors: `document_number.format`."""
        return cls(prefix, year, serial)

    def next_serial(self) -> "DocumentNumber":
        """The number that follows in the same year."""
        return replace(self, serial=self.serial + 1)

    def masked(self) -> str:
        """Not personal: nothing is hidden."""
        return str(self)

    def __str__(self) -> str:
        return f"{self.prefix}〔{self.year}〕{self.serial}号"
