"""The families every city contains, whatever its size and seed: who they are and what each one is there to show."""

from dataclasses import dataclass, field
from datetime import date

import numpy as np

from onecity.simcity.generate.numbers import citizen_number, credit_code

BADAGUAN, BADAHU, ZHANSHAN, JINMEN = "370202009", "370202012", "370202010", "370202013"


def number(born: date, male: bool, sequence: int) -> str:
    """A planted person's number; sequences from 900 are never given to the natural population."""
    return citizen_number(int(np.datetime64(born, "D").astype(int)), male, sequence)


@dataclass(frozen=True, slots=True)
class Person:
    """One planted person."""

    name: str
    male: bool
    born: date
    sequence: int
    relation: str

    @property
    def number(self) -> str:
        """The citizen number."""
        return number(self.born, self.male, self.sequence)


@dataclass(frozen=True, slots=True)
class Family:
    """One planted household. ``home`` is the owned or rented home, ``registered`` the address in the register."""

    story: str
    street: str
    home: str
    registered: str
    people: tuple[Person, ...]
    category: str
    settled: date = date(2018, 5, 20)
    purchased: date = date(2018, 3, 12)
    facts: frozenset[str] = field(default_factory=frozenset)
    community: str = ""

    @property
    def children(self) -> tuple[Person, ...]:
        """The children applying or meant to apply."""
        return tuple(p for p in self.people if p.relation in ("子", "女", "孙子", "孙女"))

    @property
    def adults(self) -> tuple[Person, ...]:
        """Everyone else; the first is the applicant of the story."""
        return tuple(p for p in self.people if p not in self.children)


_ORDINARY = frozenset({"owned", "guardians", "insurance", "born_here"})
_MIGRANT = frozenset({"migrant", "permit", "lease", "guardians"})


def _family(
    n: int,
    story: str,
    names: str,
    children: list[tuple[str, bool, date]],
    where: tuple[str, str, str],
    category: str,
    facts: frozenset[str] = _ORDINARY,
) -> Family:
    """A couple with children; ``names`` are father and mother, ``where`` is street, home and registered address."""
    father, mother = names.split()
    people = [
        Person(father, True, date(1986, 1, 8 + n), 901, "户主"),
        Person(mother, False, date(1988, 4, 2 + n), 902, "配偶"),
        *(
            Person(name, male, born, 911 + 2 * place if male else 912 + 2 * place, "子" if male else "女")
            for place, (name, male, born) in enumerate(children)
        ),
    ]
    return Family(story, where[0], where[1], where[2], tuple(people), category, facts=facts)


def _at(street: str, home: str, registered: str = "") -> tuple[str, str, str]:
    place = f"青岛市市南区{home}"
    return street, place, f"青岛市市南区{registered}" if registered else place


STORIES: tuple[Family, ...] = (
    _family(
        0,
        "clear",
        "林致远 周若晴",
        [("林晓禾", False, date(2020, 3, 14))],
        _at(BADAGUAN, "听霞路18号2号楼1单元502户"),
        "household_and_home",
    ),
    _family(
        1,
        "address_mismatch",
        "赵明朗 钱书瑶",
        [("赵景言", True, date(2019, 11, 5))],
        _at(BADAGUAN, "映霞二路86号6户", "映霞二路88号6户"),
        "household_and_home",
    ),
    _family(
        2,
        "twins",
        "孙立航 李思宁",
        [("孙一诺", False, date(2020, 1, 22)), ("孙一言", True, date(2020, 1, 22))],
        _at(BADAHU, "松涧路7号1号楼2单元301户"),
        "household_and_home",
    ),
    _family(
        3,
        "migrant_full",
        "马建国 田秀兰",
        [("马沐辰", True, date(2020, 5, 9))],
        _at(BADAHU, "松涧路9号3号楼1单元602户"),
        "migrant",
        _MIGRANT | {"insurance"},
    ),
    _family(
        4,
        "migrant_nothing",
        "何永春 罗小平",
        [("何子睿", True, date(2019, 12, 18))],
        _at(BADAHU, "松涧路9号5号楼3单元101户"),
        "not_qualified",
        frozenset({"migrant", "guardians"}),
    ),
    Family(
        "guardian_off_record",
        ZHANSHAN,
        "青岛市市南区汀浦街3号1号楼1单元201户",
        "青岛市市南区汀浦街3号1号楼1单元201户",
        (
            Person("王秀英", False, date(1961, 9, 3), 902, "户主"),
            Person("王沐阳", True, date(2020, 2, 11), 911, "孙子"),
        ),
        "household_only",
        facts=frozenset({"owned", "born_here"}),
    ),
    _family(
        6,
        "property_sold",
        "徐志强 宋玉洁",
        [("徐若彤", False, date(2020, 6, 1))],
        _at(ZHANSHAN, "汀浦街5号2号楼2单元402户"),
        "household_only",
        (_ORDINARY - {"owned"}) | {"sold"},
    ),
    _family(
        7,
        "two_parents",
        "高远航 梁雨桐",
        [("高亦辰", True, date(2020, 4, 27))],
        _at(ZHANSHAN, "汀浦街8号4号楼1单元602户"),
        "household_and_home",
    ),
    _family(
        8,
        "too_young",
        "郑海涛 谢文静",
        [("郑安若", False, date(2020, 9, 15))],
        _at(JINMEN, "云台路21号1号楼1单元102户"),
        "not_qualified",
    ),
    _family(
        9,
        "veteran",
        "韩国栋 唐慧敏",
        [("韩知远", True, date(2019, 10, 1))],
        _at(JINMEN, "云台路23号2号楼3单元501户"),
        "household_and_home",
        _ORDINARY | {"veteran"},
    ),
    _family(
        10,
        "disabled",
        "冯磊 许静怡",
        [("冯乐然", True, date(2020, 7, 7))],
        _at(JINMEN, "云台路25号1号楼2单元201户"),
        "household_and_home",
        _ORDINARY | {"disabled"},
    ),
    _family(
        11,
        "deferred",
        "曹俊杰 袁晓燕",
        [("曹希言", False, date(2019, 5, 30))],
        _at(JINMEN, "云台路27号1号楼1单元302户"),
        "household_and_home",
        _ORDINARY | {"deferred"},
    ),
    _family(
        12,
        "home_only",
        "邓宏宇 傅佳宁",
        [("邓若希", False, date(2020, 8, 31))],
        _at(BADAGUAN, "听霞路20号1号楼2单元402户", "海湾支路11号3号楼1单元101户"),
        "home_only",
    ),
    _family(
        13,
        "household_only",
        "彭文博 萧雅琴",
        [("彭景天", True, date(2019, 9, 1))],
        _at(BADAGUAN, "听霞路22号1号楼1单元201户"),
        "household_only",
        _ORDINARY - {"owned"},
    ),
    _family(
        14,
        "migrant_licence",
        "阿迪力·玉素甫 古丽娜·吐尔逊",
        [("艾力·阿迪力", True, date(2020, 2, 29))],
        _at(BADAHU, "松涧路11号1号楼1单元401户"),
        "migrant",
        _MIGRANT | {"licence"},
    ),
    Family(
        "enterprise",
        JINMEN,
        "青岛市市南区云台路30号1号楼1单元601户",
        "青岛市市南区云台路30号1号楼1单元601户",
        (Person("宋启航", True, date(1979, 8, 8), 901, "户主"),),
        "",
        facts=frozenset({"owned", "insurance", "firm"}),
    ),
)
BY_STORY = {family.story: family for family in STORIES}

DEMO_RESIDENT = BY_STORY["clear"].adults[0]
DEMO_SECOND_PARENT = BY_STORY["clear"].adults[1]
DEMO_LEGAL_PERSON = BY_STORY["enterprise"].adults[0]
DEMO_FIRM_CODE = credit_code("91", "MB", 500)
DEMO_FIRM_NAME = "青岛澜禾海洋装备有限公司（虚构）"
LICENCE_SHOP_CODE = credit_code("92", "MB", 501)
LICENCE_SHOP_NAME = "市南区汀浦拌面馆（虚构）"
EMPLOYER_NAME = DEMO_FIRM_NAME
