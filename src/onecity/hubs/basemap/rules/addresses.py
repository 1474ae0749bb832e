"""Reading and comparing Chinese addresses.

`parse` cuts a written address into division, road, number, building, unit and room, whatever width, script or dash it was
written in. `similarity` compares part by part: digits weigh, so that 香港中路88号3-502 and 86号3-502 are alike (0.93) but
not the same, while the same place written two ways is exactly 1. Refuses to guess missing parts.
"""

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

_TRADITIONAL: Final = str.maketrans(
    "戶號樓棟單區縣鎮鄉莊東門島層園灣長島馬廣齊萊膠嶗黃濱興華陽寧龍鳳達園",
    "户号楼栋单区县镇乡庄东门岛层园湾长岛马广齐莱胶崂黄滨兴华阳宁龙凤达园",
)
_DASHES: Final = str.maketrans(dict.fromkeys("‐‑‒–—―－~～_/至", "-"))
_NOISE: Final = re.compile(r"[\s,，.。;；:：、·“”\"'()（）\[\]【】]+")
_NUMERALS: Final = {numeral: digit for digit, numeral in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_CHINESE_NUMBER: Final = re.compile(r"([〇零一二两三四五六七八九十]{1,3})(?=号|栋|幢|座|单元|室|户|层|#)")
_DIVISION: Final = re.compile(
    r"^(?:[^\d省市区县]{2,4}省)?(?P<city>[^\d省市区县]{2,4}市)?"
    r"(?P<district>市[南北]区|[^\d市区县]{1,7}?(?:(?<![小社园校院])区|县|市)(?!路|街|庄))?"
    r"(?P<street>\D{1,8}?(?:街道(?:办事处)?|镇|乡)(?!路|街))?"
    r"(?P<community>[^\d路街]{1,10}?(?:社区(?:居委会)?|居委会|村委会))?"
)
_NUMBER: Final = re.compile(
    r"^(?P<road>\D*?)(?P<number>\d+)(?P<sub>[甲乙丙丁]|-\d+)?号(?!楼|栋)(?P<after>院|大院)?(?P<more>[甲乙丙丁])?"
)
_BUILDING: Final = re.compile(r"(\d+|[A-Za-z])(?:号楼|号栋|栋|幢|座|楼(?!层)|#楼|#)")
_UNIT: Final = re.compile(r"(\d+|[A-Za-z])(?:单元|门)")
_ROOM: Final = re.compile(r"(\d{1,5}[A-Za-z]?)(?:室|户|房|号)?$")
_DASHED: Final = re.compile(r"^([0-9A-Za-z]+)-(?:([0-9A-Za-z]+)-)?(\d{1,5}[A-Za-z]?)(?:室|户|号)?$")
_TEN: Final = 10
_NEAR_NUMBERS: Final = 4

WEIGHTS: Final = {"road": 0.50, "number": 0.20, "building": 0.10, "unit": 0.05, "room": 0.15}
"""How much each part says about being the same place."""
_ONE_SIDED: Final = 0.5
_UNIT_LEFT_OUT: Final = 0.8
_OTHER_DISTRICT: Final = 0.6


@dataclass(frozen=True, slots=True)
class ParsedAddress:
    """The parts of a written address; "" where nothing was written. `road` is everything before the house number."""

    district: str = ""
    street: str = ""
    road: str = ""
    number: str = ""
    building: str = ""
    unit: str = ""
    room: str = ""
    rest: str = ""

    @property
    def house_number(self) -> int | None:
        """The house number without its letter or branch."""
        found = re.match(r"\d+", self.number)
        return int(found.group()) if found else None


def normalise(text: str) -> str:
    """Half width, simplified characters, one kind of dash, no blanks or punctuation, digits for numerals before a unit."""
    plain = unicodedata.normalize("NFKC", text).translate(_TRADITIONAL).translate(_DASHES)
    plain = _NOISE.sub("", plain).replace("弄", "号院") if "弄" in plain else _NOISE.sub("", plain)
    return _CHINESE_NUMBER.sub(lambda found: str(_value(found.group(1))), plain)


def _value(text: str) -> int:
    if "十" not in text:
        return int("".join(str(_NUMERALS[char]) for char in text))
    tens, _, ones = text.partition("十")
    return (_NUMERALS.get(tens, 1) if tens else 1) * _TEN + (_NUMERALS.get(ones, 0) if ones else 0)


@lru_cache(maxsize=20_000)
def parse(text: str) -> ParsedAddress:
    """Cut an address into parts. Anything may come; what is not understood stays in `rest`."""
    plain = normalise(text)
    division = _DIVISION.match(plain)
    assert division is not None  # every group is optional
    body = plain[division.end() :]
    street = (division["street"] or "").removesuffix("办事处")
    if not body:
        return ParsedAddress(division["district"] or "", street, plain[: division.end()])
    head = _NUMBER.match(body)
    road, number, tail = (head["road"], _number(head), body[head.end() :]) if head else _roadless(body)
    building, unit, room, rest = _inside(tail)
    place = road or division["community"] or ""
    return ParsedAddress(division["district"] or "", street, place, number, building, unit, room, rest)


def _number(head: re.Match[str]) -> str:
    return head["number"] + (head["sub"] or "") + (head["more"] or "")


def _roadless(body: str) -> tuple[str, str, str]:
    """A village or compound without a house number: the name up to the first digit or letter."""
    found = re.search(r"[0-9A-Za-z]", body)
    return (body[: found.start()], "", body[found.start() :]) if found else (body, "", "")


def _inside(tail: str) -> tuple[str, str, str, str]:
    """Building, unit, room and what is left of the part behind the house number."""
    dashed = _DASHED.match(tail)
    if dashed:
        return _clean(dashed[1]), _clean(dashed[2] or ""), _clean(dashed[3]), ""
    found = {}
    for name, pattern in (("building", _BUILDING), ("unit", _UNIT), ("room", _ROOM)):
        match = pattern.search(tail)
        found[name] = _clean(match[1]) if match else ""
        tail = tail[: match.start()] + tail[match.end() :] if match else tail
    return found["building"], found["unit"], found["room"], tail.strip("-")


def _clean(part: str) -> str:
    return (part.lstrip("0") or part).upper()


def similarity(left: str, right: str) -> float:
    """How alike two written addresses are, 0..1; 1 only for the same place. Symmetric."""
    if not left.strip() or not right.strip():
        return 0.0
    one, two = parse(left), parse(right)
    total = sum(weight for name, weight in WEIGHTS.items() if getattr(one, name) or getattr(two, name))
    if not total:
        return 1.0 if normalise(left) == normalise(right) else 0.0
    score = (
        sum(weight * _alike(name, getattr(one, name), getattr(two, name)) for name, weight in WEIGHTS.items()) / total
    )
    if one.rest != two.rest:
        score *= 0.9 + 0.1 * _text_ratio(one.rest, two.rest)
    if one.district and two.district and one.district != two.district:
        score *= _OTHER_DISTRICT
    return round(min(1.0, score), 4)


def _alike(name: str, left: str, right: str) -> float:
    if not left and not right:
        return 0.0
    if left == right:
        return 1.0
    if not left or not right:
        return _UNIT_LEFT_OUT if name == "unit" else _ONE_SIDED
    if name == "road":
        return _text_ratio(left, right)
    return _number_closeness(left, right) if name == "number" else 0.0


def _number_closeness(left: str, right: str) -> float:
    """88 and 86 are neighbours across a misread digit; 88 and 188 are far apart; 88 and 88甲 share the gate."""
    one, two = re.match(r"\d+", left), re.match(r"\d+", right)
    if one is None or two is None:
        return 0.0
    apart = abs(int(one.group()) - int(two.group()))
    return 1 / (1 + apart / _NEAR_NUMBERS) if apart else 0.8


def _text_ratio(left: str, right: str) -> float:
    first, second = sorted((left, right))
    return SequenceMatcher(None, first, second).ratio()
