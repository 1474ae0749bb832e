"""The people of the resolution test: households with namesakes, twins with neighbouring numbers, foreigners, changed names."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from onecity.simcity.generate.columns import AnyArray, Flags, rank_within
from onecity.simcity.generate.names import draw_surnames
from onecity.simcity.generate.numbers import citizen_numbers
from onecity.simcity.resolution.characters import GIVEN, RARE

__all__ = ["Folk", "draw_people"]

_SEATS = 6
_FATHER, _MOTHER, _FIRST, _SECOND, _GRANDFATHER, _GRANDMOTHER = range(_SEATS)
_TODAY = int(np.datetime64("2026-06-01", "D").astype(int))
_YEAR = 365.25


@dataclass(frozen=True)
class Folk:
    """Everybody, in random order. `name` and `former_name` are three token positions each; `kin` is somebody of the household."""

    household: AnyArray
    birth: AnyArray
    male: AnyArray
    name: AnyArray
    former_name: AnyArray
    rare: Flags
    foreigner: Flags
    numbers: AnyArray
    old_number: Flags
    phone: AnyArray
    old_phone: AnyArray
    home: AnyArray
    old_home: AnyArray
    kin: AnyArray

    def __len__(self) -> int:
        return len(self.birth)


def draw_people(persons: int, rates: dict[str, float], rng: np.random.Generator) -> Folk:
    """`persons` people; the same generator state gives the same people."""
    households = int(persons / 3.0) + 8
    seated, birth, male, twin = _seats(households, rates, rng)
    place, seat = np.nonzero(seated)
    keep = rng.permutation(len(place))[:persons]
    keep.sort()
    if len(keep) < persons:
        raise ValueError("too few seats for the persons asked for")
    grid_name = _names(households, male, twin, rates, rng)
    place, seat = place[keep], seat[keep]
    days, sexes = birth[place, seat], male[place, seat]
    name = grid_name[place, seat]
    rare = rng.random(persons) < rates["rare_name"]
    name[rare, 2] = RARE[rng.integers(0, len(RARE), int(rare.sum()))]
    foreigner = rng.random(persons) < rates["foreigner"]
    former, changed = name.copy(), rng.random(persons) < rates["changed_name"]
    former[changed, 1:] = GIVEN[rng.integers(0, len(GIVEN), (int(changed.sum()), 2))]
    phone, old_phone = _phones(persons, place, seat, rates, rng)
    home = rng.permutation(households * 2)[:households].astype(np.int64)[place]
    moved = rng.random(households)[place] < rates["moved"]
    born_early = days < int(np.datetime64("1986-01-01", "D").astype(int))
    return Folk(
        place, days, sexes, name, former, rare, foreigner, citizen_numbers(days, sexes, _sequences(days, sexes)),
        born_early & (rng.random(persons) < rates["old_number"]), phone, old_phone,
        home, np.where(moved, home + households * 2, home), _kin(place, rng),
    )  # fmt: skip


def _seats(households: int, rates: dict[str, float], rng: np.random.Generator) -> Any:
    seated = rng.random((households, _SEATS)) < np.array([0.86, 0.88, 0.72, 0.34, 0.28, 0.32])
    twin = (rng.random(households) < rates["twins"]) & seated[:, _FIRST]
    seated[twin, _SECOND] = True
    birth = np.zeros((households, _SEATS), dtype=np.int64)
    birth[:, _FATHER] = rng.integers(-9000, 11000, households)
    birth[:, _MOTHER] = birth[:, _FATHER] + rng.normal(400, 900, households).astype(np.int64)
    for child in (_FIRST, _SECOND):
        born = birth[:, _MOTHER] + ((20 + 18 * rng.random(households)) * _YEAR).astype(np.int64)
        seated[:, child] &= born < _TODAY - 30
        birth[:, child] = np.minimum(born, _TODAY - 30)
    birth[:, _GRANDFATHER] = birth[:, _FATHER] - ((21 + 12 * rng.random(households)) * _YEAR).astype(np.int64)
    birth[:, _GRANDMOTHER] = birth[:, _GRANDFATHER] + rng.normal(700, 900, households).astype(np.int64)
    male = np.zeros((households, _SEATS), dtype=np.int64)
    male[:, [_FATHER, _GRANDFATHER]] = 1
    male[:, [_FIRST, _SECOND]] = rng.random((households, 2)) < 0.52
    twin &= seated[:, _FIRST]
    seated[twin, _SECOND] = True
    birth[twin, _SECOND] = birth[twin, _FIRST]
    alike = twin & (rng.random(households) < 0.7)
    male[alike, _SECOND] = male[alike, _FIRST]
    return seated, birth, male, twin


def _names(households: int, male: AnyArray, twin: Flags, rates: dict[str, float], rng: np.random.Generator) -> AnyArray:
    names = np.zeros((households, _SEATS, 3), dtype=np.int32)
    surname = draw_surnames(rng, households).astype(np.int32) + 1
    names[:, :, 0] = surname[:, None]
    for wife in (_MOTHER, _GRANDMOTHER):
        names[:, wife, 0] = draw_surnames(rng, households) + 1
    # Squared draws make some characters far more frequent than others, as they are.
    order = rng.permutation(GIVEN)
    for column in (1, 2):
        names[:, :, column] = order[(len(GIVEN) * rng.random((households, _SEATS)) ** 2).astype(np.int64)]
    names[:, :, 2] = np.where(rng.random((households, _SEATS)) < 0.13, 0, names[:, :, 2])
    shared = np.where(rng.random(households) < 0.5, 1, 2)
    rows = np.flatnonzero(twin)
    names[rows, _SECOND, shared[rows]] = names[rows, _FIRST, shared[rows]]
    son = (rng.random(households) < rates["same_name_son"]) & (male[:, _FIRST] == 1)
    names[son, _FIRST] = names[son, _FATHER]
    return names


def _sequences(days: AnyArray, male: AnyArray) -> AnyArray:
    """Neighbours of one day and household get neighbouring numbers: twins differ in one digit and the check."""
    rank = rank_within(days * 2 + male)
    return (rank + days * 31) % 450 * 2 + male


def _phones(persons: int, place: AnyArray, seat: AnyArray, rates: dict[str, float], rng: np.random.Generator) -> Any:
    own = rng.permutation(persons * 3).astype(np.int64)
    phone, old = own[:persons], own[persons : persons * 2].copy()
    mothers = np.full(int(place.max()) + 1, -1, dtype=np.int64)
    is_mother = seat == _MOTHER
    mothers[place[is_mother]] = phone[is_mother]
    dependent = (np.isin(seat, (_FIRST, _SECOND)) & (rng.random(persons) < 0.6)) | (seat >= _GRANDFATHER) & (
        rng.random(persons) < 0.35
    )
    phone = np.where(dependent & (mothers[place] >= 0), mothers[place], phone)
    changed = rng.random(persons) < rates["new_phone"]
    spread = np.array([13_100_000_000, 15_300_000_000, 18_600_000_000])
    old = np.where(changed, old, phone)
    return tuple(spread[each % 3] + (each * 7919) % 100_000_000 for each in (phone, old))


def _kin(place: AnyArray, rng: np.random.Generator) -> AnyArray:
    """Another member of each person's household; the person itself where it lives alone."""
    rows = np.arange(len(place))
    after, before = np.roll(rows, -1), np.roll(rows, 1)
    return np.where(place[after] == place, after, np.where(place[before] == place, before, rows))
