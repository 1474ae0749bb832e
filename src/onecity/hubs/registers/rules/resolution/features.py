"""What two records are compared by: number, sound of the name, birth date, telephone, address, each in one normal form.

Owns the normal forms. Refuses to fail: a value that cannot be read counts as missing, whatever it holds.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from onecity.codes.checks import citizen_check
from onecity.codes.person_name import COMPOUND_SURNAMES
from onecity.hubs.registers.rules.resolution.variants import FOLD, WILD

__all__ = [
    "COLUMNS", "Address", "Features", "Name", "Number", "address_of", "birth_text", "features", "name_of", "number_of", "phone_of",
]  # fmt: skip

MOST_NAME, MOST_TEXT = 60, 200
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef\u200b-\u200f\x00-\x1f]")
_WILD = re.compile(f"[{re.escape(WILD)}\ue000-\uf8ff\U000f0000-\U0010fffd]")
_KEPT = re.compile(r"[^\w*]|_")
_LATIN = re.compile(r"[A-Z]+")
_SHAPE = re.compile(r"[1-9][0-9]{16}[0-9X]")
_NOT_NUMBER = re.compile(r"[^0-9A-Z]")
_NOT_DIGIT = re.compile(r"[^0-9]")
_BEFORE_ROAD = re.compile(r"^[^0-9]*(?:[区县市镇乡]|街道|社区)(?=[^0-9])")
_FIGURES = re.compile(r"[0-9]+")
_FULL_ADDRESS = 3


@dataclass(frozen=True, slots=True)
class Number:
    """`text` in 18 characters, "" missing; `body` without the check character; `sure` when its check character was read and is right."""

    text: str = ""
    body: str = ""
    sure: bool = False
    birth: str = ""
    sex: str = ""


@dataclass(frozen=True, slots=True)
class Name:
    """`text` folded; `sound` the letters of its pinyin; `bag` its syllables in alphabetical order; `family`, `last` two of them."""

    text: str = ""
    sound: str = ""
    bag: str = ""
    family: str = ""
    last: str = ""
    wild: bool = False


@dataclass(frozen=True, slots=True)
class Address:
    """`whole` road and all figures when there are enough of them for one dwelling, else ""; `gate` road and first figure."""

    whole: str = ""
    gate: str = ""


@dataclass(frozen=True, slots=True)
class Features:
    """Everything one record is compared by. Text; "" stands for missing."""

    number: str
    body: str
    sure: bool
    name: str
    sound: str
    bag: str
    family: str
    last: str
    wild: bool
    birth: str
    year: str
    sex: str
    phone: str
    address: str
    gate: str


COLUMNS = tuple(Features.__slots__)
"""Names of the features, in order: the columns of the bulk table."""


def number_of(raw: str | None) -> Number:
    """A number as typed: full-width signs and blanks removed, 15 digits upgraded (then its check character was never read)."""
    if not raw:
        return Number()
    text = _NOT_NUMBER.sub("", unicodedata.normalize("NFKC", raw[:MOST_TEXT]).upper())[:24]
    read = True
    if len(text) == 15 and text.isdigit() and text[0] != "0":
        body, read = f"{text[:6]}19{text[6:]}", False
        text = body + citizen_check(body)
    if not _SHAPE.fullmatch(text):
        return Number(text, text)
    sure = citizen_check(text[:17]) == text[17]
    birth = birth_text(f"{text[6:10]}-{text[10:12]}-{text[12:14]}")
    known = sure and bool(birth)
    return Number(
        text, text[:17], sure and read, birth if known else "", ("男" if int(text[16]) % 2 else "女") if known else ""
    )


def birth_text(raw: object) -> str:
    """YYYYMMDD of a date or of an ISO text; "" when it is none."""
    if isinstance(raw, date):
        return raw.isoformat()[:10].replace("-", "") if raw.year >= 1000 else ""
    try:
        return date.fromisoformat(str(raw or "")[:10]).isoformat().replace("-", "")
    except ValueError:
        return ""


@lru_cache(maxsize=50_000)
def _syllable(letter: str) -> str:
    from pypinyin import lazy_pinyin

    return lazy_pinyin(letter)[0].lower().replace("ü", "v")


def name_of(raw: str | None) -> Name:
    """A name: variants folded, lost characters as *, pinyin without tones. Latin names keep their words."""
    if not raw:
        return Name()
    text = unicodedata.normalize("NFKC", _SELECTORS.sub("", _WILD.sub("*", raw[: MOST_NAME * 2])))[:MOST_NAME]
    text = text.translate(FOLD).upper()
    words = _LATIN.findall(text)
    if words and sum(map(len, words)) * 2 > len(text):
        syllables = [word.lower() for word in words]
        return Name(" ".join(words), "".join(syllables), " ".join(sorted(syllables)), syllables[0], syllables[-1])
    text = _KEPT.sub("", text)
    if not text:
        return Name()
    cut = 2 if len(text) > 2 and text[:2] in COMPOUND_SURNAMES else 1
    syllables = ["".join(map(_syllable, text[:cut])), *map(_syllable, text[cut:])]
    bag = sorted(syllables if cut == 1 else map(_syllable, text))
    return Name(text, "".join(syllables), " ".join(bag), syllables[0], syllables[-1], "*" in text)


def address_of(raw: str | None) -> Address:
    """An address: what stands before the road removed, figures joined; "青岛市南区甲路1号2号楼3-401" is "甲路|1-2-3-401"."""
    if not raw:
        return Address()
    text = "".join(unicodedata.normalize("NFKC", raw[:MOST_TEXT]).split())
    text = _BEFORE_ROAD.sub("", text)
    first = _FIGURES.search(text)
    if first is None:
        return Address()
    figures = [figure.lstrip("0") or "0" for figure in _FIGURES.findall(text)]
    road = text[: first.start()]
    return Address(f"{road}|{'-'.join(figures)}" if len(figures) >= _FULL_ADDRESS else "", f"{road}|{figures[0]}")


def phone_of(raw: str | None) -> str:
    """The last eleven digits of a telephone number; "" below seven."""
    if not raw:
        return ""
    digits = _NOT_DIGIT.sub("", unicodedata.normalize("NFKC", raw[:MOST_TEXT]))[-11:]
    return digits if len(digits) >= 7 else ""


def features(record: Mapping[str, object]) -> Features:
    """Features of one record with any of number, name, birth_date, sex, phone, address. What is missing is taken from a sure number."""

    def text(key: str) -> str:
        value = record.get(key)
        return value if isinstance(value, str) else ""

    number, name, address = number_of(text("number")), name_of(text("name")), address_of(text("address"))
    birth = birth_text(record.get("birth_date")) or number.birth
    sex = text("sex") if text("sex") in ("男", "女") else number.sex
    return Features(
        number.text, number.body, number.sure, name.text, name.sound, name.bag, name.family, name.last, name.wild,
        birth, birth[:4], sex, phone_of(text("phone")), address.whole, address.gate,
    )  # fmt: skip
