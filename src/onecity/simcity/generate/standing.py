"""How firms really stand: who works, who hides turnover, who keeps its word. The truth behind tax, customs, court and permit copies."""

from dataclasses import dataclass

import numpy as np

from onecity.simcity.generate.columns import AnyArray, Flags
from onecity.simcity.generate.people import AS_OF
from onecity.simcity.generate.work import Firms, Jobs

TRADERS, RESEARCHERS, KITCHENS = (1, 6, 7, 11), (0, 6, 9, 11), (2, 10)
NEW_DAYS = 120  # a firm younger than this owes no return yet


@dataclass(frozen=True)
class Standing:
    """One row a firm: people insured this month, yearly turnover in 10,000 yuan, and what is true of it."""

    insured: AnyArray
    turnover: AnyArray
    active: Flags
    evading: Flags
    filed: Flags
    exempt: Flags
    trader: Flags
    authorised: Flags
    dishonest: Flags
    cleared: Flags
    listed_on: AnyArray
    researcher: Flags
    permits: AnyArray
    penalties: AnyArray
    rating: AnyArray


def stand(rng: np.random.Generator, firms: Firms, jobs: Jobs) -> Standing:
    """Draw how every firm and individual business stands on the reference day."""
    count = len(firms.brand)
    alive, shop = firms.status == 0, firms.shop
    insured = np.bincount(jobs.employer[jobs.gap == 1], minlength=count).astype(np.int64)
    active = alive & ((insured > 0) | (rng.random(count) < 0.88))
    old_enough = firms.established < AS_OF - NEW_DAYS
    evading = active & old_enough & (rng.random(count) < np.where(shop, 0.012, 0.04))
    exempt = shop & (rng.random(count) < 0.35)  # small businesses taxed by fixed amount file no return
    trader = alive & ~shop & np.isin(firms.trade, TRADERS)
    dishonest = alive & (rng.random(count) < np.where(shop, 0.004, 0.03))
    kitchen = np.isin(firms.trade, KITCHENS) | shop
    return Standing(
        insured,
        np.where(active, rng.lognormal(np.where(shop, 2.6, 5.4), 1.0), 0).astype(np.int64) + active,
        active,
        evading & ~exempt,
        active & ~evading & ~exempt & old_enough,
        exempt,
        trader,
        trader & ~dishonest & (rng.random(count) < 0.18),
        dishonest,
        dishonest & (rng.random(count) < 0.3),
        AS_OF - rng.integers(40, 1500, count),
        alive & ~shop & np.isin(firms.trade, RESEARCHERS) & (rng.random(count) < np.where(dishonest, 0.8, 0.35)),
        np.where(kitchen, rng.integers(0, 3, count), rng.integers(0, 2, count)),
        np.where(rng.random(count) < 0.06, rng.integers(1, 4, count), 0),
        np.where(evading, 4, np.minimum(rng.poisson(1.0, count), 4)),
    )
