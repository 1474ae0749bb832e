"""Names of persons: what may stand in one, and how it is masked. Owns surname cutting; refuses to judge names.

Rare characters beyond the basic plane (GB 18030-2022 level 3) count as one character, as they should.
"""

import re
from dataclasses import dataclass
from typing import Self

from onecity.codes.error import CodeError
from onecity.codes.normal import half_width

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_PRIVATE = "\ue000-\uf8ff\U000f0000-\U0010fffd"
_CHINESE = re.compile(rf"[{_HAN}{_PRIVATE}]+(?:·[{_HAN}{_PRIVATE}]+)*")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f](?:[A-Za-z\u00c0-\u024f.,'’ ·-]*[A-Za-z\u00c0-\u024f.])?")
_HAS_PRIVATE = re.compile(rf"[{_PRIVATE}]")
_DOTS = dict.fromkeys(map(ord, "•・‧∙●⋅．｡･"), "·")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_MAX_LENGTH = 100

_COMPOUND = (
    "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台皇甫宗政濮阳公冶太叔申屠公孙慕容仲孙"
    "钟离长孙宇文司徒鲜于司空闾丘子车亓官司寇巫马公西颛孙壤驷公良漆雕乐正宰父谷梁拓跋夹谷轩辕令狐段干百里"
    "呼延东郭南门羊舌微生公户公玉梁丘左丘东门西门第五公仪公乘太公贯丘叔孙屈突尔朱哥舒纳兰完颜耶律贺兰贺拔"
    "乌孙斛律歐陽司馬諸葛東方"
)
COMPOUND_SURNAMES = frozenset(map("".join, zip(_COMPOUND[::2], _COMPOUND[1::2], strict=True)))


@dataclass(frozen=True, slots=True, order=True, repr=False)
class PersonName:
    """A name in Chinese characters (parts joined by ·) or in Latin letters."""

    value: str

    def __post_init__(self) -> None:
        if not self.value or len(self.value) > _MAX_LENGTH:
            raise CodeError("person_name.length", f"姓名应为1至{_MAX_LENGTH}个字", "请按证件填写完整姓名")
        if not (_CHINESE.fullmatch(self.value) or _LATIN.fullmatch(self.value)):
            raise CodeError(
                "person_name.characters", "姓名中含有数字、标号或混用文字", "请按证件填写，少数民族姓名用间隔号·"
            )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a name: any middle dot becomes ·, blanks between Chinese characters vanish, variation marks are dropped.

        Errors: `person_name.length`, `person_name.characters`.
        """
        value = _SELECTORS.sub("", half_width(text.translate(_DOTS)))
        if value.isascii() or not _CHINESE.search(value):
            return cls(" ".join(value.split()))
        return cls("".join(value.split()).replace(".", "·"))

    @property
    def is_chinese(self) -> bool:
        """Written in Chinese characters."""
        return _CHINESE.fullmatch(self.value) is not None

    @property
    def surname(self) -> str:
        """The surname of a Chinese name; the first part of a name with · or in Latin letters."""
        if not self.is_chinese or "·" in self.value:
            return re.split(r"[· ]", self.value, maxsplit=1)[0]
        return self.value[:2] if len(self.value) > 2 and self.value[:2] in COMPOUND_SURNAMES else self.value[:1]

    @property
    def given(self) -> str:
        """What follows the surname, without the dot or blank between; may be empty."""
        return self.value[len(self.surname) :].lstrip("· ")

    @property
    def has_private_character(self) -> bool:
        """A character of the private area of an old font: it reads differently elsewhere and wants correction."""
        return _HAS_PRIVATE.search(self.value) is not None

    def masked(self) -> str:
        """张*, 欧阳*, 阿*·*, J*; a name of one character shows nothing. The number of stars tells no length."""
        if len(self.value) == 1:
            return "*"
        if self.is_chinese and "·" not in self.value:
            return f"{self.surname}*"
        return f"{self.value[0]}*·*" if "·" in self.value else f"{self.value[0]}*"

    def __str__(self) -> str:
        return self.value

    def __repr__(self) -> str:
        return f"PersonName({self.masked()})"
