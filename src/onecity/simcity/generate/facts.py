"""The true facts of the city gathered in one place, and the true tables of persons, households and enrolment."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from onecity.simcity.generate.columns import AnyArray, Flags, dates, digits, fixed_strings, looked_up, text_bytes
from onecity.simcity.generate.homes import TENURE_NAMES, Homes
from onecity.simcity.generate.people import (
    ADULT_DAYS,
    COHORT_FROM,
    COHORT_TO,
    GRANDFATHER,
    KIND_NAMES,
    Kind,
    Layout,
    People,
)
from onecity.simcity.generate.places import Ground
from onecity.simcity.generate.standing import Standing
from onecity.simcity.generate.work import Firms, Jobs
from onecity.simcity.schemas import HOUSEHOLDS, PERSONS, TRUTH_ENROLMENT

SEXES = ["女", "男"]
RELATIONS = ["户主", "配偶", "子", "女", "孙子", "孙女", "父亲", "母亲"]
NATIONS = ["汉族", "维吾尔族", "蒙古族"]
GUARDIAN_RELATIONS = ["父亲", "母亲", "祖父", "祖母"]
GUARDIAN_SOURCES = ["户籍登记", "居住登记", "村（居）委会指定"]


@dataclass(frozen=True)
class Guardianship:
    """True guardianship of minors: child, guardian, relation and source as positions."""

    child: AnyArray
    guardian: AnyArray
    relation: AnyArray
    source: AnyArray


@dataclass(frozen=True)
class Facts:
    """Everything true about the natural city."""

    ground: Ground
    layout: Layout
    people: People
    homes: Homes
    firms: Firms
    jobs: Jobs
    standing: Standing
    guardianship: Guardianship
    permit: Flags
    veteran: Flags
    disabled: Flags
    deferred: Flags

    @property
    def cohort(self) -> Flags:
        """Children born for this year's enrolment (six by 31 August 2026)."""
        return (self.people.birth >= COHORT_FROM) & (self.people.birth <= COHORT_TO)


def guardians(rng: np.random.Generator, layout: Layout, people: People) -> Guardianship:
    """Parents of minors; where grandparents raise them, half have been appointed and half are on no record."""
    minor = people.age_days < ADULT_DAYS
    child, guardian, relation, source = [], [], [], []
    away = layout.migrant[people.household]
    for n, parent in enumerate((people.father, people.mother)):
        rows = np.flatnonzero(minor & (parent >= 0))
        child.append(rows)
        guardian.append(parent[rows])
        relation.append(np.full(len(rows), n))
        source.append(away[rows].astype(np.int64))
    appointed = rng.random(len(layout.kind)) < 0.5
    raised = minor & (layout.kind[people.household] == Kind.GRANDPARENTS) & (people.seat >= 2) & (people.seat < 5)
    rows = np.flatnonzero(raised & appointed[people.household])
    child.append(rows)
    partner = people.partner[people.head[rows]]
    elder = np.where((people.household[rows] % 2 == 1) & (partner >= 0), partner, people.head[rows])
    guardian.append(elder)
    relation.append(np.where(people.male[elder] == 1, 2, 3))
    source.append(np.full(len(rows), 2))
    return Guardianship(*(np.concatenate(part) for part in (child, guardian, relation, source)))


def relation_positions(layout: Layout, people: People) -> AnyArray:
    """Position in RELATIONS of every person's relation to the head of the household."""
    child = (people.seat >= 2) & (people.seat < GRANDFATHER)
    grand = child & (layout.kind[people.household] == Kind.GRANDPARENTS)
    out = np.where(people.seat < 2, people.seat, people.seat + 1)
    out = np.where(child, np.where(people.male == 1, 2, 3), out)
    return np.where(grand, out + 2, out).astype(np.int64)


def household_numbers(positions: AnyArray) -> AnyArray:
    """Household numbers as an ASCII matrix: 370299 and eight digits."""
    return np.concatenate([text_bytes("370299", len(positions)), digits(positions, 8)], axis=1)


def persons_table(facts: Facts) -> pa.Table:
    """The true persons."""
    people, homes = facts.people, facts.homes
    home = homes.home[people.household]
    numbers = fixed_strings(people.numbers)
    nation = np.where(people.minority, 1 + people.household % 2, 0)
    return pa.table(
        {
            "citizen_number": numbers,
            "name": people.names.text(),
            "sex": looked_up(SEXES, people.male.astype(np.int64)),
            "birth_date": dates(people.birth),
            "nation": looked_up(NATIONS, nation),
            "household_no": fixed_strings(household_numbers(people.household)),
            "relation_to_head": looked_up(RELATIONS, relation_positions(facts.layout, people)),
            "father_number": looked_up(numbers, people.father),
            "mother_number": looked_up(numbers, people.mother),
            "spouse_number": looked_up(numbers, people.partner),
            "address_code": homes.dwellings.code(home),
            "division_code": homes.dwellings.division(home),
            "registered": pa.array(homes.registered[people.household] >= 0),
        },
        schema=PERSONS,
    )


def households_table(facts: Facts) -> pa.Table:
    """The true households."""
    homes, layout = facts.homes, facts.layout
    rows = np.arange(len(layout.kind))
    codes = homes.dwellings.code(np.arange(len(homes.dwellings.community)))
    heads = np.flatnonzero(facts.people.seat == 0)
    return pa.table(
        {
            "household_no": fixed_strings(household_numbers(rows)),
            "head_number": fixed_strings(facts.people.numbers[heads]),
            "kind": looked_up(KIND_NAMES, layout.kind.astype(np.int64)),
            "address_code": codes.slice(0, len(rows)),
            "division_code": homes.dwellings.division(homes.home),
            "registered_address_code": looked_up(codes, homes.registered),
            "tenure": looked_up(TENURE_NAMES, homes.tenure.astype(np.int64)),
            "settlement_date": dates(homes.settled, layout.migrant),
            "purchase_date": dates(homes.purchased, homes.owner < 0),
            "migrant": pa.array(layout.migrant),
        },
        schema=HOUSEHOLDS,
    )


CATEGORIES = ["household_and_home", "home_only", "household_only", "migrant", "not_qualified"]


def categories(facts: Facts, rows: AnyArray) -> AnyArray:
    """True enrolment category of some children, by what is so rather than by what the copies say."""
    people, homes = facts.people, facts.homes
    household = people.household[rows]
    owner, second = homes.owner[household], homes.second_owner[household]
    parents = np.stack([people.father[rows], people.mother[rows]])
    owned = ((parents >= 0) & ((parents == owner) | (parents == second))).any(axis=0)
    local = homes.registered[household] >= 0
    together = owned & local & (homes.registered[household] == homes.home[household])
    working = np.zeros(len(people.birth) + 1, dtype=bool)
    working[facts.jobs.person] = True
    working[facts.firms.legal_person[facts.firms.status == 0]] = True
    working[-1] = False
    admitted = facts.permit[household] & working[parents].any(axis=0)
    return np.select([together, owned, local, admitted], [0, 1, 2, 3], default=4)


def enrolment_table(facts: Facts, school_of: AnyArray, school_codes: list[str]) -> pa.Table:
    """The true enrolment facts of this year's cohort, for scoring."""
    people, homes = facts.people, facts.homes
    rows = np.flatnonzero(facts.cohort)
    household = people.household[rows]
    home = homes.home[household]
    _, back, size = np.unique(
        household * 40_000 + (people.birth[rows] - COHORT_FROM), return_inverse=True, return_counts=True
    )
    return pa.table(
        {
            "child_number": fixed_strings(people.numbers[rows]),
            "child_name": people.names.at(rows).text(),
            "household_no": fixed_strings(household_numbers(household)),
            "category": looked_up(CATEGORIES, categories(facts, rows)),
            "school_code": looked_up(school_codes, school_of[homes.dwellings.community[home]]),
            "division_code": homes.dwellings.division(home),
            "settlement_date": dates(homes.settled[household], facts.layout.migrant[household]),
            "purchase_date": dates(homes.purchased[household], homes.owner[household] < 0),
            "twin": pa.array(size[back] > 1),
            "veteran": pa.array(facts.veteran[rows]),
            "disabled": pa.array(facts.disabled[rows]),
            "deferred": pa.array(facts.deferred[rows]),
            "story": pa.nulls(len(rows), pa.string()),
        },
        schema=TRUTH_ENROLMENT,
    )
