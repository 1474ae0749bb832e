"""Primary schools, their catchments and seats.

Every street has at least one school and every community belongs to exactly one. Seats follow the natural demand of the
catchment with room to spare; the planted full school has a community of its own and exactly 120 seats.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from onecity.simcity.generate.columns import AnyArray
from onecity.simcity.generate.places import Ground
from onecity.simcity.organisations import school_code
from onecity.simcity.schemas import CATCHMENTS, SCHOOLS

YEAR = 2026
PEOPLE_PER_SCHOOL = 12_000
CLASS_SIZE = 45
FULL_STREET = "370202001"
FULL_COMMUNITY = "370202001001"
FULL_SEATS = 120
SPARE_SEATS = 40
_ORDINAL = "一二三四五六七八九"
_ENDINGS = (
    "街道",
    "镇",
    "省级自然保护区",
    "省级旅游度假区",
    "省级生态旅游度假区",
    "经济技术开发区",
    "经济开发区",
    "新经济区",
    "高新技术产业开发区",
)


@dataclass(frozen=True, slots=True)
class School:
    """One primary school with its street, communities and seats for first grade."""

    code: str
    name: str
    street: str
    address: str
    communities: tuple[str, ...]
    seats: int


def reserved_communities() -> frozenset[str]:
    """Communities without natural population: the full school's."""
    return frozenset({FULL_COMMUNITY})


def lay_out(ground: Ground, population: AnyArray, demand: AnyArray) -> list[School]:
    """Schools of the city; population and demand (children of the cohort) are counts per community position."""
    by_street: dict[str, list[int]] = {d.code: [] for d in ground.official if d.level == "street"}
    for position, community in enumerate(ground.communities):
        by_street[community.parent].append(position)
    names = {d.code: d.name for d in ground.official}
    out: list[School] = []
    for street, positions in by_street.items():
        for n, part in enumerate(_split(ground, street, positions, population)):
            codes = tuple(ground.communities[p].code for p in part)
            seats = _seats(int(demand[part].sum()), codes)
            out.append(
                School(
                    school_code(len(out)),
                    school_name(names[street], n),
                    street,
                    f"青岛市{names[street[:6]]}育才路{len(out) + 1}号",
                    codes,
                    seats,
                )
            )
    return out


def _split(ground: Ground, street: str, positions: list[int], population: AnyArray) -> list[list[int]]:
    """The street's communities in neighbouring groups, one a school; the full school's community stands alone."""
    alone = [p for p in positions if ground.communities[p].code == FULL_COMMUNITY]
    rest = [p for p in positions if p not in alone]
    people = int(population[rest].sum()) if rest else 0
    parts = max(1, min(len(rest), round(people / PEOPLE_PER_SCHOOL)))
    groups = [list(map(int, g)) for g in np.array_split(np.array(rest, dtype=np.int64), parts) if len(g)]
    return ([alone] if alone else []) + groups


def _seats(demand: int, communities: tuple[str, ...]) -> int:
    if communities == (FULL_COMMUNITY,):
        return FULL_SEATS
    spare = SPARE_SEATS if communities[0].startswith(FULL_STREET) else 0
    return max(2, -(-(demand * 11 // 10 + spare) // CLASS_SIZE)) * CLASS_SIZE


def school_name(street: str, n: int) -> str:
    """Invented school name from its street: 香港中路小学, 香港中路第二小学 …"""
    stem = street
    for ending in _ENDINGS:
        stem = stem.removesuffix(ending) or stem
    if n == 0:
        return f"{stem}小学"
    tens, ones = divmod(n + 1, 10)
    numeral = ("" if tens == 0 else ("" if tens == 1 else _ORDINAL[tens - 1]) + "十") + (
        _ORDINAL[ones - 1] if ones else ""
    )
    return f"{stem}第{numeral}小学"


def tables(ground: Ground, schools: Sequence[School]) -> tuple[pa.Table, pa.Table]:
    """Schools and catchments as tables."""
    first = {c.code: n for n, c in enumerate(ground.communities)}
    rows = []
    for school in schools:
        lon, lat = ground.centres[first[school.communities[0]]]
        rows.append(
            {
                "school_code": school.code,
                "name": school.name,
                "district_code": school.street[:6],
                "division_code": school.street,
                "address": school.address,
                "ownership": "公办",
                "year": YEAR,
                "seats": school.seats,
                "lon": round(float(lon), 6),
                "lat": round(float(lat), 6),
            }
        )
    reach = [
        {"school_code": s.code, "division_code": c, "road": None, "number_from": None, "number_to": None, "year": YEAR}
        for s in schools
        for c in s.communities
    ]
    return pa.Table.from_pylist(rows, schema=SCHOOLS), pa.Table.from_pylist(reach, schema=CATCHMENTS)


def catchment_of(ground: Ground, schools: Sequence[School]) -> AnyArray:
    """School position of every community position."""
    owner = {code: n for n, school in enumerate(schools) for code in school.communities}
    return np.array([owner[c.code] for c in ground.communities], dtype=np.int64)
