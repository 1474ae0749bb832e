"""How alike two values are: a few levels a comparison, each said twice, in SQL for the bulk run and in Python for one pair.

Owns the levels and their words. A test holds both tongues to the same answer. Refuses weights: those are trained.
"""

from collections.abc import Callable
from dataclasses import dataclass

from rapidfuzz.distance import DamerauLevenshtein

from onecity.hubs.registers.rules.resolution.features import Features

__all__ = ["COMPARISONS", "KEYS", "MISSING", "Comparison", "Level", "keys_of", "levels_of"]

MISSING = -1
"""The level of a pair one of whose sides says nothing."""

_SLIP_DAYS = 31
"""Days by which a date copied wrongly lies off: a month taken for the next, a lunar date for a solar one is more."""


@dataclass(frozen=True, slots=True)
class Level:
    """One degree of likeness: its condition in SQL over `_l` and `_r`, its words, and the column whose rarity counts."""

    sql: str
    words: str
    rarity: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison: levels from the best to the last ("everything else"); the best has the highest number."""

    name: str
    words: str
    missing: str
    levels: tuple[Level, ...]
    judge: Callable[[Features, Features], int]

    def level(self, value: int) -> Level | None:
        """The level of a number, None for missing."""
        return None if value == MISSING else self.levels[len(self.levels) - 1 - value]


def _distance(left: str, right: str) -> int:
    return int(DamerauLevenshtein.distance(left, right, score_cutoff=1))


def _number(a: Features, b: Features) -> int:
    if not a.number or not b.number:
        return MISSING
    if a.number == b.number:
        return 4 if a.sure or b.sure else 3
    if a.sure and b.sure:
        return 0
    return 2 if _distance(a.body, b.body) <= 1 else 1


def _covers(torn: str, whole: str) -> bool:
    return all(x in (y, "*") for x, y in zip(torn, whole, strict=True))


def _wild(left: str, right: str) -> bool:
    return len(left) == len(right) > 1 and (_covers(left, right) or _covers(right, left))


def _one_character(left: str, right: str) -> bool:
    """One character replaced or left out. Longer names than four characters only in Latin letters: there bytes are characters."""
    short, long = sorted((left, right), key=len)
    if len(long) < 3 or len(short) < 2:
        return False
    if left.isascii() and right.isascii():
        return _distance(left, right) <= 1
    if len(long) > 4:
        return False
    if len(short) == len(long):
        return sum(x == y for x, y in zip(left, right, strict=True)) == len(long) - 1
    return len(long) - len(short) == 1 and short in (long[:-1], long[1:], long[0] + long[2:])


def _name(a: Features, b: Features) -> int:
    if not a.name or not b.name:
        return MISSING
    if a.name == b.name:
        return 6
    if a.sound == b.sound:
        return 5
    if (a.wild or b.wild) and _wild(a.name, b.name):
        return 4
    if a.bag == b.bag:
        return 3
    if _one_character(a.name, b.name):
        return 2
    return 1 if a.family == b.family else 0


def _day_count(birth: str) -> int:
    """Days in years of twelve months of 31: near enough to say that two dates lie close, and the same in SQL."""
    return int(birth[:4]) * 372 + int(birth[4:6]) * 31 + int(birth[6:])


def _birth(a: Features, b: Features) -> int:
    if not a.birth or not b.birth:
        return MISSING
    if a.birth == b.birth:
        return 2
    same = (a.birth[:4] == b.birth[:4]) + (a.birth[4:6] == b.birth[4:6]) + (a.birth[6:] == b.birth[6:])
    if same == 2 or _distance(a.birth, b.birth) <= 1:
        return 1
    return int(abs(_day_count(a.birth) - _day_count(b.birth)) <= _SLIP_DAYS)


def _sex(a: Features, b: Features) -> int:
    if not a.sex or not b.sex:
        return MISSING
    return int(a.sex == b.sex)


def _contact(a: Features, b: Features) -> int:
    phones, homes = bool(a.phone and b.phone), bool(a.gate and b.gate)
    if not phones and not homes:
        return MISSING
    phone = phones and a.phone == b.phone
    home = bool(a.address) and a.address == b.address
    if phone and home:
        return 5
    if home:
        return 4
    if phone:
        return 3
    if phones and _distance(a.phone, b.phone) <= 1:
        return 2
    return 1 if homes and a.gate == b.gate else 0


_CHARACTER = " + ".join(f"(name_l[{place}:{place}] = name_r[{place}:{place}])::int" for place in range(1, 5))
_LEFT_OUT = "({0} = left({1}, -1) OR {0} = right({1}, -1) OR {0} = left({1}, 1) || right({1}, -2))"
_ONE_CHARACTER = (
    "(left(name_l, 1) = left(name_r, 1) OR right(name_l, 1) = right(name_r, 1)) AND "
    "greatest(length(name_l), length(name_r)) > 2 AND least(length(name_l), length(name_r)) > 1 AND CASE "
    "WHEN regexp_matches(name_l || name_r, '^[ -~]+$') THEN damerau_levenshtein(name_l, name_r) <= 1 "
    "WHEN greatest(length(name_l), length(name_r)) > 4 THEN false "
    f"WHEN length(name_l) = length(name_r) THEN {_CHARACTER} = 3 "
    f"WHEN length(name_l) = length(name_r) + 1 THEN {_LEFT_OUT.format('name_r', 'name_l')} "
    f"WHEN length(name_r) = length(name_l) + 1 THEN {_LEFT_OUT.format('name_l', 'name_r')} "
    "ELSE false END"
)
_DAYS = "(birth_{0}[1:4]::int * 372 + birth_{0}[5:6]::int * 31 + birth_{0}[7:8]::int)"
# One slip leaves the first or the last stretch as it was: a cheap test before the dear one, with the same answer.
_NEAR = "(left({0}_l, {1}) = left({0}_r, {1}) OR right({0}_l, {1}) = right({0}_r, {1})) AND damerau_levenshtein({0}_l, {0}_r) <= 1"

COMPARISONS = (
    Comparison(
        "number", "证件号码", "number_l IS NULL OR number_r IS NULL",
        (
            Level("number_l = number_r AND (sure_l OR sure_r)", "号码相同，校验位正确"),
            Level("number_l = number_r", "号码相同，但校验位无法核实"),
            Level(f"NOT (sure_l AND sure_r) AND {_NEAR.format('body', 7)}", "差一位或相邻两位颠倒，且至少一方校验不符"),
            Level("NOT (sure_l AND sure_r)", "号码不同，至少一方校验不符"),
            Level("ELSE", "两个有效号码不同"),
        ), _number,
    ),
    Comparison(
        "name", "姓名", "name_l IS NULL OR name_r IS NULL",
        (
            Level("name_l = name_r", "姓名相同（繁简、异体已统一）", "name"),
            Level("sound_l = sound_r", "读音相同", "sound"),
            Level(
                "(wild_l OR wild_r) AND length(name_l) = length(name_r) AND length(name_l) > 1 AND "
                "(regexp_matches(name_l, '^' || replace(name_r, '*', '.') || '$') OR "
                "regexp_matches(name_r, '^' || replace(name_l, '*', '.') || '$'))",
                "生僻字缺字，其余相同",
            ),
            Level("bag_l = bag_r", "姓与名次序颠倒"),
            Level(_ONE_CHARACTER, "差一个字"),
            Level("family_l = family_r", "仅姓氏读音相同"),
            Level("ELSE", "姓名不同"),
        ), _name,
    ),
    Comparison(
        "birth", "出生日期", "birth_l IS NULL OR birth_r IS NULL",
        (
            Level("birth_l = birth_r", "出生日期相同"),
            Level(
                "(birth_l[1:4] = birth_r[1:4])::int + (birth_l[5:6] = birth_r[5:6])::int + (birth_l[7:8] = birth_r[7:8])::int = 2"
                f" OR {_NEAR.format('birth', 3)} OR abs({_DAYS.format('l')} - {_DAYS.format('r')}) <= {_SLIP_DAYS}",
                "出生日期差一项或相差不过一个月",
            ),
            Level("ELSE", "出生日期不同"),
        ), _birth,
    ),
    Comparison(
        "sex", "性别", "sex_l IS NULL OR sex_r IS NULL",
        (Level("sex_l = sex_r", "性别相同"), Level("ELSE", "性别不同")), _sex,
    ),
    Comparison(
        "contact", "电话与住址", "(phone_l IS NULL OR phone_r IS NULL) AND (gate_l IS NULL OR gate_r IS NULL)",
        (
            Level("phone_l = phone_r AND address_l = address_r", "电话和住址都相同"),
            Level("address_l = address_r", "住址相同"),
            Level("phone_l = phone_r", "电话相同"),
            Level(f"{_NEAR.format('phone', 3)}", "电话差一位"),
            Level("gate_l = gate_r", "同一门牌"),
            Level("ELSE", "电话和住址都不同"),
        ), _contact,
    ),
)  # fmt: skip
"""All comparisons. Telephone and address are one, because households share both: counted apart they would count twice."""

KEYS: tuple[tuple[str, ...], ...] = (
    ("number",),
    ("birth", "family"),
    ("birth", "last"),
    ("sound", "year"),
    ("sound", "gate"),
    ("sound", "phone"),
    ("birth", "gate"),
    ("birth", "phone"),
)
"""Two records are compared when all features of one key are present and equal. Each bounds its pairs by joining two facts."""


def keys_of(one: Features) -> list[str]:
    """The keys of a record as text, each with its place in `KEYS`; a key with a missing feature is left out."""
    found = []
    for place, names in enumerate(KEYS):
        values = [str(getattr(one, name)) for name in names]
        if all(values):
            found.append("\x1f".join((str(place), *values)))
    return found


def levels_of(a: Features, b: Features) -> tuple[int, ...]:
    """The level of every comparison, in the order of `COMPARISONS`."""
    return tuple(comparison.judge(a, b) for comparison in COMPARISONS)
