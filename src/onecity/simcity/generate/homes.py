"""Where households live and are registered, and by what right: the truth behind property, leases and permits."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from onecity.simcity.generate.columns import AnyArray, Flags
from onecity.simcity.generate.people import AS_OF, GRANDFATHER, GRANDMOTHER, HEAD, PARTNER, Kind, Layout, People
from onecity.simcity.generate.places import Dwellings, Ground


class Tenure(IntEnum):
    """By what right a household lives in its home."""

    OWN_AGREE = 0
    OWN_HOME_ONLY = 1
    KIN_HOME = 2
    RENT_REGISTERED = 3
    MIGRANT_OWN = 4
    MIGRANT_LEASE = 5
    MIGRANT_UNFILED = 6


TENURE_NAMES = [
    "own_agree",
    "own_home_only",
    "kin_home",
    "rent_registered",
    "migrant_own",
    "migrant_lease",
    "migrant_unfiled",
]
_LOCAL = np.cumsum([0.76, 0.08, 0.09, 0.07])
_MIGRANT = np.cumsum([0.20, 0.62, 0.18])
OWNED = (Tenure.OWN_AGREE, Tenure.OWN_HOME_ONLY, Tenure.MIGRANT_OWN)
_OLDEST = int(np.datetime64("1992-01-01", "D").astype(int))


@dataclass(frozen=True)
class Homes:
    """Per household: home, registered and former dwelling, tenure, settlement and purchase day, owners (-1 none)."""

    dwellings: Dwellings
    home: AnyArray
    registered: AnyArray
    former: AnyArray
    tenure: AnyArray
    settled: AnyArray
    purchased: AnyArray
    owner: AnyArray
    second_owner: AnyArray


def seat_grid(layout: Layout) -> AnyArray:
    """Person position of every seat, -1 where nobody sits."""
    grid = np.full(layout.seated.shape, -1, dtype=np.int64)
    grid[layout.seated] = np.arange(int(layout.seated.sum()))
    return grid


def house(rng: np.random.Generator, ground: Ground, layout: Layout, people: People, reserved: frozenset[str]) -> Homes:
    """Give every household a home; some a second address where they are registered or used to live."""
    count = len(layout.kind)
    weights = np.cumsum(ground.weights(rng, reserved))
    tenure = np.where(
        layout.migrant,
        np.searchsorted(_MIGRANT, rng.random(count), side="right").clip(0, 2) + Tenure.MIGRANT_OWN,
        np.searchsorted(_LOCAL, rng.random(count), side="right").clip(0, 3),
    ).astype(np.int8)
    moved = rng.random(count) < 0.12
    elsewhere = np.isin(tenure, [Tenure.OWN_HOME_ONLY, Tenure.RENT_REGISTERED]) | moved
    extra = np.flatnonzero(elsewhere)
    spots = np.searchsorted(weights, rng.random(count + len(extra)) * weights[-1], side="right")
    spots = spots.clip(0, len(weights) - 1).astype(np.int32)
    home = np.arange(count)
    second = np.full(count, -1, dtype=np.int64)
    second[extra] = count + np.arange(len(extra))
    away = np.isin(tenure, [Tenure.OWN_HOME_ONLY, Tenure.RENT_REGISTERED])
    registered = np.where(away, second, home)
    registered = np.where(layout.migrant, -1, registered)
    former = np.where(moved & ~away, second, -1)
    settled, purchased = _days(rng, layout, count)
    owner, second_owner = _owners(rng, layout, people, tenure)
    return Homes(
        Dwellings.build(ground, spots), home, registered, former, tenure, settled, purchased, owner, second_owner
    )


def _days(rng: np.random.Generator, layout: Layout, count: int) -> tuple[AnyArray, AnyArray]:
    """Days of settling and of buying: after the head came of age, before the reference day."""
    adult = np.maximum(layout.birth[:, HEAD] + int(22 * 365.25), _OLDEST)
    span = np.maximum(AS_OF - 30 - adult, 400)
    start = AS_OF - 30 - span
    purchased = start + (rng.beta(2, 1.5, count) * span).astype(np.int64)
    settled = np.minimum(purchased + rng.integers(20, 900, count), AS_OF - 20)
    early = rng.random(count) < 0.25
    settled = np.where(early, start + (rng.random(count) * span).astype(np.int64), settled)
    return settled, purchased


def _owners(rng: np.random.Generator, layout: Layout, people: People, tenure: AnyArray) -> tuple[AnyArray, AnyArray]:
    grid = seat_grid(layout)
    count = len(tenure)
    owned = np.isin(tenure, OWNED)
    partner = grid[:, PARTNER]
    by_partner = (partner >= 0) & (rng.random(count) < 0.3)
    owner = np.where(owned, np.where(by_partner, partner, grid[:, HEAD]), -1)
    joint = owned & (partner >= 0) & (rng.random(count) < 0.35)
    second_owner = np.where(joint, np.where(by_partner, grid[:, HEAD], partner), -1)
    elders = (layout.kind == Kind.THREE_GENERATIONS) & (tenure == Tenure.KIN_HOME)
    grandparent = np.where(grid[:, GRANDFATHER] >= 0, grid[:, GRANDFATHER], grid[:, GRANDMOTHER])
    return np.where(elders, grandparent, owner), second_owner


def registered_rows(people: People, homes: Homes) -> Flags:
    """Persons on the city's own household register."""
    return homes.registered[people.household] >= 0
