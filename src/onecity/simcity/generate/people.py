"""Households and their people: kinds of family, ages, sexes, kinship, names and numbers.

A household is a row of seven seats: head, partner, three children, two grandparents. Everything is drawn seat-wise
and flattened at the end, so kinship is a look-up in the seat grid.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from onecity.simcity.generate.columns import AnyArray, Bytes, Flags
from onecity.simcity.generate.names import Names, draw_given, draw_surnames, with_middle_dot
from onecity.simcity.generate.numbers import citizen_numbers, natural_sequences

AS_OF = int(np.datetime64("2026-06-01", "D").astype(int))
COHORT_FROM = int(np.datetime64("2019-09-01", "D").astype(int))
COHORT_TO = int(np.datetime64("2020-08-31", "D").astype(int))
YEAR = 365.25
ADULT_DAYS = int(18 * YEAR)


class Kind(IntEnum):
    """Kinds of household."""

    SINGLE_YOUNG = 0
    SINGLE_OLD = 1
    COUPLE_YOUNG = 2
    COUPLE_OLD = 3
    NUCLEAR = 4
    GROWN_CHILD = 5
    THREE_GENERATIONS = 6
    DIVORCED = 7
    GRANDPARENTS = 8


KIND_NAMES = [
    "single",
    "single_elder",
    "couple",
    "couple_elder",
    "nuclear",
    "grown_child",
    "three_generations",
    "divorced",
    "grandparents",
]
_LOCAL = np.array([10, 10, 9, 18, 26, 15, 7, 3, 2], dtype=float)
_MIGRANT = np.array([45, 0, 20, 0, 33, 0, 0, 2, 0], dtype=float)
_WITH_CHILD = np.array([0, 0, 0, 0, 80, 0, 13, 5, 2], dtype=float)
MIGRANT_SHARE = 0.15
TWIN_SHARE = 0.015
MINORITY_SHARE = 0.006
HEAD, PARTNER, CHILDREN, GRANDFATHER, GRANDMOTHER = 0, 1, slice(2, 5), 5, 6
SEATS = 7


@dataclass(frozen=True)
class Layout:
    """Households as a seat grid: who sits there, born when (days since 1970), which sex (1 male)."""

    kind: AnyArray
    migrant: Flags
    seated: Flags
    birth: AnyArray
    male: AnyArray

    def first(self, count: int) -> "Layout":
        """The first households."""
        return Layout(
            self.kind[:count], self.migrant[:count], self.seated[:count], self.birth[:count], self.male[:count]
        )

    def then(self, other: "Layout") -> "Layout":
        """These households followed by others."""
        return Layout(
            *(
                np.concatenate([a, b])
                for a, b in (
                    (self.kind, other.kind),
                    (self.migrant, other.migrant),
                    (self.seated, other.seated),
                    (self.birth, other.birth),
                    (self.male, other.male),
                )
            )
        )

    def cohort_families(self) -> int:
        """Households with a child of this year's enrolment cohort."""
        born = self.birth[:, CHILDREN]
        return int((self.seated[:, CHILDREN] & (born >= COHORT_FROM) & (born <= COHORT_TO)).any(axis=1).sum())


@dataclass(frozen=True)
class People:
    """Persons household by household; kin are positions, -1 unknown or elsewhere."""

    household: AnyArray
    seat: AnyArray
    birth: AnyArray
    male: AnyArray
    father: AnyArray
    mother: AnyArray
    partner: AnyArray
    former_partner: AnyArray
    head: AnyArray
    minority: Flags
    names: Names
    numbers: Bytes

    @property
    def age_days(self) -> AnyArray:
        """Age in days on the city's reference day."""
        return AS_OF - self.birth


def draw_layout(rng: np.random.Generator, residents: int) -> Layout:
    """Households of exactly so many residents."""
    layout = _draw(rng, int(residents / 1.9) + 200, None)
    ends = np.cumsum(layout.seated.sum(axis=1))
    whole = int(np.searchsorted(ends, residents, side="right"))
    rest = residents - (int(ends[whole - 1]) if whole else 0)
    if rest == 0:
        return layout.first(whole)
    singles = _draw(rng, rest, np.eye(1, len(Kind), Kind.SINGLE_YOUNG)[0])
    return layout.first(whole).then(singles)


def draw_cohort_layout(rng: np.random.Generator, families: int) -> Layout:
    """Additional families whose eldest child is of this year's enrolment cohort."""
    return _draw(rng, families, _WITH_CHILD, cohort=True)


def _kinds(rng: np.random.Generator, count: int, mix: AnyArray | None, migrant: Flags) -> AnyArray:
    local = _LOCAL if mix is None else mix
    away = _MIGRANT if mix is None else np.where(_MIGRANT > 0, mix, 0)
    draw = rng.random(count)
    own = np.searchsorted(np.cumsum(local / local.sum()), draw, side="right")
    moved = np.searchsorted(np.cumsum(away / away.sum()), draw, side="right")
    return np.where(migrant, moved, own).clip(0, len(Kind) - 1).astype(np.int8)


def _draw(rng: np.random.Generator, count: int, mix: AnyArray | None, *, cohort: bool = False) -> Layout:
    migrant = rng.random(count) < MIGRANT_SHARE
    kind = _kinds(rng, count, mix, migrant)
    seated = np.zeros((count, SEATS), dtype=bool)
    male = np.zeros((count, SEATS), dtype=np.int8)
    _seat_adults(rng, kind, seated, male)
    ages = _ages(rng, kind, cohort)
    _seat_children(rng, kind, seated, male, ages)
    birth = (AS_OF - np.clip(ages, 0, None)).astype(np.int32)
    seated &= ages <= int(102 * YEAR)
    seated[:, HEAD] = True
    birth = np.maximum(birth, AS_OF - int(102 * YEAR) - (np.arange(count) % 700)[:, None]).astype(np.int32)
    return Layout(kind, migrant, seated, birth, male)


def _seat_adults(rng: np.random.Generator, kind: AnyArray, seated: Flags, male: AnyArray) -> None:
    couples = np.isin(
        kind,
        [Kind.COUPLE_YOUNG, Kind.COUPLE_OLD, Kind.NUCLEAR, Kind.GROWN_CHILD, Kind.THREE_GENERATIONS, Kind.GRANDPARENTS],
    )
    seated[:, HEAD] = True
    seated[:, PARTNER] = couples
    chance = np.where(kind == Kind.DIVORCED, 0.35, 0.5)
    male[:, HEAD] = np.where(couples, True, rng.random(len(kind)) < chance)
    three = kind == Kind.THREE_GENERATIONS
    seated[:, GRANDMOTHER] = three & (rng.random(len(kind)) < 0.85)
    seated[:, GRANDFATHER] = three & ((rng.random(len(kind)) < 0.6) | ~seated[:, GRANDMOTHER])
    male[:, GRANDFATHER] = True


def _ages(rng: np.random.Generator, kind: AnyArray, cohort: bool) -> AnyArray:
    """Ages in days of every seat; seats left empty get an age too."""
    n = len(kind)

    def years(low: float, high: float) -> AnyArray:
        return rng.uniform(low * YEAR, high * YEAR, n)

    def around(mean: float, spread: float, low: float, high: float) -> AnyArray:
        return np.clip(rng.normal(mean, spread, n), low, high) * YEAR

    ages = np.zeros((n, SEATS))
    eldest = np.where(kind == Kind.GROWN_CHILD, years(18.02, 31), years(0.01, 17.98))
    if cohort:
        eldest = AS_OF - rng.integers(COHORT_FROM, COHORT_TO + 1, n).astype(float)
    mother = eldest + around(28.5, 4.2, 20.5, 43)
    father = np.maximum(mother + around(1.8, 2.5, -4, 10), eldest + 22.1 * YEAR)
    grandmother = eldest + around(53, 4, 43, 64)
    ages[:, 2], ages[:, HEAD], ages[:, PARTNER] = eldest, father, mother
    old = rng.triangular(50, 58, 92, n) * YEAR
    for which, head in (
        (Kind.SINGLE_YOUNG, years(20, 42)),
        (Kind.SINGLE_OLD, rng.triangular(60, 70, 95, n) * YEAR),
        (Kind.COUPLE_YOUNG, years(23, 45)),
        (Kind.COUPLE_OLD, old),
        (Kind.GRANDPARENTS, grandmother + years(0, 4)),
    ):
        rows = kind == which
        ages[rows, HEAD] = head[rows]
        count = int(rows.sum())
        youngest = rng.uniform(20.1, 24.0, count) * YEAR
        ages[rows, PARTNER] = np.maximum(head[rows] - rng.uniform(-1, 4, count) * YEAR, youngest)
    mothers = (kind == Kind.DIVORCED) & (rng.random(n) < 0.65)
    ages[mothers, HEAD] = mother[mothers]
    ages[:, GRANDFATHER] = father + around(27, 3.5, 20, 40)
    ages[:, GRANDMOTHER] = np.minimum(ages[:, GRANDFATHER] - years(-1, 4), 102 * YEAR)
    ages[:, GRANDMOTHER] = np.maximum(ages[:, GRANDMOTHER], father + 18.1 * YEAR)
    return ages


def _seat_children(rng: np.random.Generator, kind: AnyArray, seated: Flags, male: AnyArray, ages: AnyArray) -> None:
    n = len(kind)
    family = np.isin(kind, [Kind.NUCLEAR, Kind.GROWN_CHILD, Kind.THREE_GENERATIONS, Kind.DIVORCED, Kind.GRANDPARENTS])
    draw = rng.random(n)
    grown = kind == Kind.GROWN_CHILD
    twins = family & (rng.random(n) < TWIN_SHARE)
    second = family & ~grown & ((draw < 0.36) | twins) | (grown & twins)
    third = second & (draw < 0.03) & ~twins
    ages[:, 3] = np.where(twins, ages[:, 2], ages[:, 2] - rng.uniform(1.2, 8, n) * YEAR)
    ages[:, 4] = ages[:, 3] - rng.uniform(1.2, 5, n) * YEAR
    seated[:, 2] = family
    seated[:, 3] = second & (ages[:, 3] > 3)
    seated[:, 4] = third & (ages[:, 4] > 3)
    male[:, CHILDREN] = rng.random((n, 3)) < 0.52


def settle(rng: np.random.Generator, layout: Layout) -> People:
    """People of a layout with kinship, names and valid numbers."""
    grid = np.full(layout.seated.shape, -1, dtype=np.int64)
    grid[layout.seated] = np.arange(int(layout.seated.sum()))
    household, seat = np.nonzero(layout.seated)
    birth, male = layout.birth[layout.seated], layout.male[layout.seated]
    father, mother, partner, former = _kin(rng, layout, grid)
    seats = (household, seat)
    minority = (rng.random(len(layout.kind)) < MINORITY_SHARE)[household]
    names = _name(rng, layout, household, seat, male)
    names = with_middle_dot(rng, names, male, minority, household % 2)
    numbers = citizen_numbers(birth, male, natural_sequences(birth, male))
    return People(
        household,
        seat,
        birth,
        male,
        father[seats],
        mother[seats],
        partner[seats],
        former[seats],
        grid[household, HEAD],
        minority,
        names,
        numbers,
    )


def _kin(rng: np.random.Generator, layout: Layout, grid: AnyArray) -> tuple[AnyArray, AnyArray, AnyArray, AnyArray]:
    father, mother, partner, former = (np.full(grid.shape, -1, dtype=np.int64) for _ in range(4))
    both = np.isin(layout.kind, [Kind.NUCLEAR, Kind.GROWN_CHILD, Kind.THREE_GENERATIONS])
    father[both, CHILDREN] = grid[both, HEAD][:, None]
    mother[both, CHILDREN] = grid[both, PARTNER][:, None]
    alone = layout.kind == Kind.DIVORCED
    man = layout.male[:, HEAD] == 1
    for rows, own, others, wanted in ((alone & man, father, mother, 0), (alone & ~man, mother, father, 1)):
        own[rows, CHILDREN] = grid[rows, HEAD][:, None]
        elsewhere = _former_partners(rng, layout, rows, wanted)
        here = np.flatnonzero(rows)[: len(elsewhere)]
        others[here, CHILDREN] = grid[elsewhere, HEAD][:, None]
        former[here, HEAD] = grid[elsewhere, HEAD]
        former[elsewhere, HEAD] = grid[here, HEAD]
    father[:, HEAD], mother[:, HEAD] = grid[:, GRANDFATHER], grid[:, GRANDMOTHER]
    for a, b in ((HEAD, PARTNER), (GRANDFATHER, GRANDMOTHER)):
        paired = (grid[:, a] >= 0) & (grid[:, b] >= 0)
        partner[paired, a], partner[paired, b] = grid[paired, b], grid[paired, a]
    return father, mother, partner, former


def _former_partners(rng: np.random.Generator, layout: Layout, rows: Flags, male: int) -> AnyArray:
    """Single people old enough to be the other parent, one for each divorced household as far as they go."""
    single = np.isin(layout.kind, [Kind.SINGLE_YOUNG, Kind.SINGLE_OLD]) & (layout.male[:, HEAD] == male)
    single &= layout.birth[:, HEAD] < AS_OF - int(38.1 * YEAR)
    single &= layout.birth[:, HEAD] > AS_OF - int(66 * YEAR)
    pool = np.flatnonzero(single)
    return rng.permutation(pool)[: int(rows.sum())]


def _name(rng: np.random.Generator, layout: Layout, household: AnyArray, seat: AnyArray, male: AnyArray) -> Names:
    count = len(layout.kind)
    family = draw_surnames(rng, count)
    married_in = draw_surnames(rng, count * 2).reshape(count, 2)
    from_mother = (rng.random(count) < 0.08) & np.isin(layout.kind, [Kind.NUCLEAR, Kind.THREE_GENERATIONS])
    surname = np.where(seat == PARTNER, married_in[household, 0], family[household])
    surname = np.where(seat == GRANDMOTHER, married_in[household, 1], surname)
    children = (seat >= 2) & (seat < 5) & from_mother[household]
    surname = np.where(children, married_in[household, 0], surname).astype(np.int16)
    first, second = draw_given(rng, male)
    return Names(surname, first, second)
