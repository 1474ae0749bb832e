"""The full school of the show: 120 seats, exactly 137 qualified families, settlement dates all different.

Household and home agree in every one; the 120 who settled first are admitted, the last 17 are placed next door.
"""

from datetime import date, timedelta

from onecity.simcity.generate.schools import FULL_COMMUNITY, FULL_SEATS, FULL_STREET
from onecity.simcity.planted_stories import Family, Person

FAMILIES = 137
PLACED_NEXT_DOOR = FAMILIES - FULL_SEATS
_FIRST_SETTLED = date(2020, 10, 8)
_DAYS_BETWEEN = 14
_SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林"
_MOTHERS = "郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁"
_FIRST, _SECOND = "晓子雨梓宇佳欣思沐景若书", "涵轩桐泽宁悦晨航妍睿然琪"
_FATHERS_GIVEN, _MOTHERS_GIVEN = (
    ["志强", "建军", "海涛", "文博", "立新", "国梁", "俊峰", "永明"],
    ["丽萍", "秀娟", "雅琴", "静怡", "慧敏", "玉洁", "晓燕", "佳宁"],
)


def _family(rank: int) -> Family:
    """The family with the rank-th earliest settlement date, counted from 0."""
    turn = rank * 50 % FAMILIES
    surname, girl = _SURNAMES[turn % len(_SURNAMES)], turn % 2 == 0
    given = _FIRST[turn % 12] + _SECOND[(turn // 12 + turn) % 12]
    born = date(2019, 9, 1) + timedelta(days=turn * 2)
    settled = _FIRST_SETTLED + timedelta(days=rank * _DAYS_BETWEEN)
    place = f"青岛市市南区映潮路{turn // 36 * 2 + 1}号{turn // 12 % 3 + 1}号楼{turn // 4 % 3 + 1}单元{turn % 4 + 1}01户"
    people = (
        Person(surname + _FATHERS_GIVEN[turn % 8], True, date(1984, 1, 1) + timedelta(days=turn * 7), 931, "户主"),
        Person(
            _MOTHERS[turn % len(_MOTHERS)] + _MOTHERS_GIVEN[turn // 8 % 8],
            False,
            date(1986, 6, 1) + timedelta(days=turn * 7),
            932,
            "配偶",
        ),
        Person(surname + given, not girl, born, 922 if girl else 921, "女" if girl else "子"),
    )
    return Family(
        "full_school",
        FULL_STREET,
        place,
        place,
        people,
        "household_and_home",
        settled=settled,
        purchased=settled - timedelta(days=40),
        facts=frozenset({"owned", "guardians", "insurance", "born_here"}),
        community=FULL_COMMUNITY,
    )


FULL_SCHOOL: tuple[Family, ...] = tuple(_family(rank) for rank in range(FAMILIES))
