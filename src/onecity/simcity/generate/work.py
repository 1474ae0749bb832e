"""Firms, individual businesses, employment and insurance: the truth behind licences and contribution months."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from onecity.simcity.generate.columns import AnyArray, Bytes, Flags, dates, fixed_strings, joined, looked_up
from onecity.simcity.generate.homes import Homes
from onecity.simcity.generate.names import TOKENS
from onecity.simcity.generate.numbers import credit_codes
from onecity.simcity.generate.people import AS_OF, YEAR, Layout, People

FIRMS_PER_RESIDENT, SHOPS_PER_RESIDENT = 0.02, 0.055
_BRAND_A = "海青鲁蓝远恒瑞德嘉泰信达启明中和众安宏盛汇金新华"
_BRAND_B = "浪澜泽岳航帆拓联创科辰润丰源诚通腾跃森程宇港顺成"
_TRADE = [
    "科技有限公司",
    "机械制造有限公司",
    "食品有限公司",
    "物流有限公司",
    "建筑工程有限公司",
    "服装有限公司",
    "电子有限公司",
    "国际贸易有限公司",
    "化工有限公司",
    "信息服务有限公司",
    "餐饮管理有限公司",
    "海洋装备有限公司",
]
_SHOP = [
    "小吃店",
    "便利店",
    "理发店",
    "五金店",
    "水产店",
    "果蔬店",
    "洗衣店",
    "修理部",
    "茶馆",
    "文具店",
    "花店",
    "面馆",
]
_STATUS = ["存续", "注销", "吊销"]
_BRANDS = [f"青岛{a}{b}" for a in _BRAND_A for b in _BRAND_B]
_FAR = int(np.datetime64("2005-01-01", "D").astype(int))


@dataclass(frozen=True)
class Firms:
    """Firms first, then individual businesses: code, brand and trade position, legal person, dwelling, day, status."""

    codes: Bytes
    shop: Flags
    brand: AnyArray
    trade: AnyArray
    legal_person: AnyArray
    place: AnyArray
    established: AnyArray
    status: AnyArray

    def name(self, rows: AnyArray, missing: Flags | None = None) -> pa.Array:
        """Registered names of some firms; number words keep them apart."""
        return self._named(rows, looked_up(_BRANDS, self.brand[rows], missing))

    def mistyped(self, rows: AnyArray, wrong: Flags) -> pa.Array:
        """Names of some firms, the flagged ones with a character of another brand."""
        return self._named(rows, looked_up(_BRANDS, (self.brand[rows] + wrong) % len(_BRANDS)))

    def _named(self, rows: AnyArray, brand: pa.Array) -> pa.Array:
        other = looked_up(
            [f"{a}{b}" for a in TOKENS[2:60] for b in _BRAND_B], (self.brand[rows] * 31 + rows) % (58 * len(_BRAND_B))
        )
        trade = looked_up(_TRADE + _SHOP, self.trade[rows] + np.where(self.shop[rows], len(_TRADE), 0))
        return joined(brand, other, trade)

    def status_text(self, rows: AnyArray) -> pa.Array:
        """Licence status of some firms."""
        return looked_up(_STATUS, self.status[rows])

    def table(self, people: People, homes: Homes) -> pa.Table:
        """The true firms."""
        rows = np.arange(len(self.brand))
        return pa.table(
            {
                "credit_code": fixed_strings(self.codes),
                "name": self.name(rows),
                "kind": looked_up(["firm", "individual"], self.shop.astype(np.int64)),
                "legal_person_number": fixed_strings(people.numbers[self.legal_person]),
                "address": homes.dwellings.text(self.place),
                "division_code": homes.dwellings.division(self.place),
                "established": dates(self.established),
                "status": self.status_text(rows),
            }
        )


@dataclass(frozen=True)
class Jobs:
    """Insured persons: employer (firm position), months paid, months since the last one, contract end (0 none)."""

    person: AnyArray
    employer: AnyArray
    months: AnyArray
    gap: AnyArray
    contract_until: AnyArray


def found(rng: np.random.Generator, people: People, homes: Homes) -> Firms:
    """Firms and individual businesses in proportion to residents, each led by an adult resident."""
    residents = len(people.birth)
    firms, shops = max(10, int(residents * FIRMS_PER_RESIDENT)), max(20, int(residents * SHOPS_PER_RESIDENT))
    count = firms + shops
    shop = np.arange(count) >= firms
    adults = np.flatnonzero((people.age_days > 22 * YEAR) & (people.age_days < 66 * YEAR))
    legal_person = adults[rng.integers(0, len(adults), count)]
    codes = np.where(
        shop[:, None],
        credit_codes("92", "MA", np.arange(count)),
        credit_codes("91", "MA", np.arange(count)),
    )
    came_of_age = people.birth[legal_person] + int(18.5 * YEAR)
    start = np.maximum(came_of_age, _FAR)
    established = start + (rng.random(count) * (AS_OF - 60 - start)).astype(np.int64)
    status = np.where(rng.random(count) < 0.07, rng.integers(1, 3, count), 0)
    place = homes.home[rng.integers(0, len(homes.home), count)]
    own = homes.home[people.household[legal_person]]
    return Firms(
        codes,
        shop,
        rng.integers(0, len(_BRANDS), count),
        rng.integers(0, 12, count),
        legal_person,
        np.where(shop & (rng.random(count) < 0.4), own, place),
        established,
        status,
    )


def employ(rng: np.random.Generator, layout: Layout, people: People, firms: Firms) -> Jobs:
    """Insurance of working residents: most adults, fewer of those who came from elsewhere."""
    age = people.age_days
    chance = np.where(layout.migrant[people.household], 0.66, 0.74)
    insured = (age > 20 * YEAR) & (age < 60 * YEAR) & (rng.random(len(age)) < chance)
    person = np.flatnonzero(insured)
    count = len(person)
    employers = np.flatnonzero(~firms.shop)
    employer = employers[(rng.random(count) ** 2 * len(employers)).astype(np.int64)]
    possible = ((age[person] - 19.5 * YEAR) / 30.4).astype(np.int64)
    months = np.minimum(rng.gamma(2.0, 45.0, count).astype(np.int64) + 1, possible)
    gap = np.where(rng.random(count) < 0.9, 1, rng.integers(2, 30, count))
    until = np.where(rng.random(count) < 0.82, AS_OF + rng.integers(30, 1100, count), 0)
    return Jobs(person, employer, np.maximum(months, 1), gap, until)
