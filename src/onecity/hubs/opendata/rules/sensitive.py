"""Personal and confidential content in a text, however it is written. Pure; each detector is proven by check digits where there are any.

Owns: folding (full-width, spaced, Chinese digits) and the detectors. Refuses: to trust a column's name, in either direction.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from onecity.codes import CitizenNumber
from onecity.codes.checks import citizen_check
from onecity.codes.error import CodeError
from onecity.codes.plate import PlateNumber

__all__ = ["DETECTORS", "Hit", "folded", "hits", "looks_like_name", "masked", "suspicious"]

_CHINESE_DIGITS = str.maketrans("〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖", "00123456789123456789")
_CHINESE_RUN = re.compile(r"[〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖]{11,}")
_SPELT = re.compile(r"(?<=\d)[\s\-_.·•,，、/|]+(?=[\dXx])")
_LETTER_DIGITS = re.compile(r"(?<=\d)[oOlI](?=\d)")

_CITIZEN = re.compile(r"(?<!\d)[1-9]\d{16}[\dXx](?![\dA-Za-z])")
_CITIZEN_OLD = re.compile(r"(?<!\d)[1-9]\d{5}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?!\d)")
_MOBILE = re.compile(r"(?<!\d)(?:86)?1[3-9]\d{9}(?!\d)")
_CARD = re.compile(r"(?<!\d)(?:62\d{14,17}|[45]\d{15}|3[57]\d{13,14})(?!\d)")
_PLATE = re.compile(
    r"[京津沪渝冀晋辽吉黑苏浙皖闽赣鲁豫鄂湘粤琼川贵云陕甘青蒙桂宁新藏][A-HJ-Z][·.•\s-]?[0-9A-HJ-NP-Z]{4,5}[0-9A-HJ-NP-Z学警港澳挂领]"
)
_EMAIL = re.compile(r"[\w.+-]{2,}@[\w-]+\.[a-z]{2,}", re.IGNORECASE)
_HOME = re.compile(r"\d+\s*号楼.{0,6}?\d*\s*单元|\d+\s*单元\s*\d+\s*(?:室|户|号)|\d+\s*栋\s*\d+\s*(?:室|户)")
_SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方"
    "石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂柴焦"
    "向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边"
)
_GIVEN = re.compile(r"[\u3400-\u9fff]{1,2}")
_PLACES = frozenset("区市县镇街村路局院站所馆园店厂部类级性式制线岛湾桥河湖山江海")


@dataclass(frozen=True, slots=True)
class Hit:
    """One piece found: which rule, the piece as it must never be shown whole."""

    rule: str
    piece: str


def folded(text: str) -> str:
    """The text as a reader understands it: full-width folded, invisible signs gone, digits joined, spelt digits as figures."""
    plain = unicodedata.normalize("NFKC", text)
    plain = "".join(sign for sign in plain if unicodedata.category(sign) != "Cf")
    plain = _CHINESE_RUN.sub(lambda run: run[0].translate(_CHINESE_DIGITS), plain)
    return _SPELT.sub("", _LETTER_DIGITS.sub(lambda found: "0" if found[0] in "oO" else "1", plain))


def _citizens(text: str) -> list[str]:
    return [found for found in _CITIZEN.findall(text) if _is_citizen(found.upper())] + [
        found for found in _CITIZEN_OLD.findall(text) if _is_old_citizen(found)
    ]


def _is_citizen(number: str) -> bool:
    if citizen_check(number[:17]) != number[17]:
        return False
    try:
        CitizenNumber(number)
    except CodeError:
        return False
    return True


def _is_old_citizen(number: str) -> bool:
    """Fifteen digits have no check character: a province and a date must fit."""
    try:
        CitizenNumber.upgrade(number)
    except CodeError:
        return False
    return number[:2] in _PROVINCES


_PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "81",
        "82",
        "83",
    ]
)


def _cards(text: str) -> list[str]:
    return [found for found in _CARD.findall(text) if _luhn(found) and not _is_date_run(found)]


def _luhn(number: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _is_date_run(number: str) -> bool:
    return len(set(number)) < 3


def _plates(text: str) -> list[str]:
    found = []
    for piece in _PLATE.findall(text.upper()):
        try:
            PlateNumber.parse(piece)
        except CodeError:
            continue
        found.append(piece)
    return found


DETECTORS: Mapping[str, Callable[[str], list[str]]] = {
    "citizen_number": _citizens,
    "mobile": _MOBILE.findall,
    "bank_card": _cards,
    "plate": _plates,
    "email": _EMAIL.findall,
    "home_address": _HOME.findall,
}

# RE2: what could hold any of the above after folding by Arrow; everything else is skipped at the speed of a column scan.
suspicious = (
    r"[0-9〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖](?:[\s\-_.·•,，、/|\x{200b}-\x{200f}\x{feff}oOlI]*[0-9Xx〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖]){10,}"
    r"|[京津沪渝冀晋辽吉黑苏浙皖闽赣鲁豫鄂湘粤琼川贵云陕甘青蒙桂宁新藏][A-Za-z]|@|单元|号楼|栋"
)


def hits(text: str) -> list[Hit]:
    """Everything found in one value. A citizen number hides the mobile or card that its digits would also be."""
    plain = folded(text)
    found = [Hit(rule, piece) for rule, detect in DETECTORS.items() for piece in detect(plain)]
    people = [hit.piece for hit in found if hit.rule == "citizen_number"]
    return [hit for hit in found if hit.rule == "citizen_number" or not any(hit.piece in whole for whole in people)]


def looks_like_name(text: str) -> bool:
    """Two or three characters, four with a middle dot or a double surname, beginning with a common surname and no word of a place."""
    plain = unicodedata.normalize("NFKC", text).strip().replace("·", "")
    if not 2 <= len(plain) <= 4 or plain[0] not in _SURNAMES:
        return False
    return bool(_GIVEN.fullmatch(plain[1:])) and plain[-1] not in _PLACES


def masked(piece: str) -> str:
    """First two and last one sign, the rest stars."""
    return piece[:1] + "*" if len(piece) < 4 else f"{piece[:2]}{'*' * (len(piece) - 3)}{piece[-1]}"
