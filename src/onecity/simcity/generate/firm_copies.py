"""Copies kept about firms by market regulation, tax, human resources, customs, the power company and the science bureau."""

import numpy as np
import pyarrow as pa

from onecity.simcity.generate.clerk import Clerk
from onecity.simcity.generate.columns import AnyArray, dates, fixed_strings, looked_up
from onecity.simcity.generate.facts import Facts
from onecity.simcity.generate.people import AS_OF
from onecity.simcity.generate.person_copies import serials

INDUSTRIES = [
    "科学研究和技术服务业", "制造业", "制造业", "交通运输、仓储和邮政业", "建筑业", "制造业", "制造业", "批发和零售业", "制造业",
    "信息传输、软件和信息技术服务业", "住宿和餐饮业", "制造业",
]  # fmt: skip
SHOP_INDUSTRIES = ["住宿和餐饮业", "批发和零售业", "居民服务、修理和其他服务业"]
KINDS = ["有限责任公司（自然人投资或控股）", "个体工商户"]
PERIODS = ["2025-Q3", "2025-Q4", "2026-Q1"]
MONTHS = ["2026-03", "2026-04", "2026-05"]
_QUARTER_ENDS = np.array(["2025-10-15", "2026-01-15", "2026-04-15"], dtype="datetime64[D]").astype(int)


def industry(facts: Facts, rows: AnyArray) -> pa.Array:
    """Industry words of some firms, by what they trade in."""
    firms = facts.firms
    position = np.where(firms.shop[rows], len(INDUSTRIES) + firms.trade[rows] % 3, firms.trade[rows])
    return looked_up(INDUSTRIES + SHOP_INDUSTRIES, position)


def _address(facts: Facts, clerk: Clerk, rng: np.random.Generator, rows: AnyArray) -> tuple[pa.Array, pa.Array]:
    homes = facts.homes
    return clerk.address(
        homes.dwellings, facts.firms.place[rows], homes.home[rng.integers(0, len(homes.home), len(rows))]
    )


def market_entity(facts: Facts, clerk: Clerk, rng: np.random.Generator) -> pa.Table:
    """Market regulation: the registration of every firm and individual business, the gone ones included."""
    firms = facts.firms
    rows = clerk.take(len(firms.brand))
    address, division = _address(facts, clerk, rng, rows)
    capital = np.where(firms.shop[rows], 5, 50 + (firms.brand[rows] % 40) * 50)
    return pa.table(
        {
            "credit_code": fixed_strings(firms.codes[rows]),
            "name": firms.name(rows),
            "kind": looked_up(KINDS, firms.shop[rows].astype(np.int64)),
            "legal_person_number": clerk.number(
                "legal_person_number", facts.people.numbers[firms.legal_person[rows]], may_miss=True
            ),
            "address": address,
            "division_code": division,
            "industry": industry(facts, rows),
            "capital": pa.array(capital.astype(np.int32)),
            "established": dates(firms.established[rows], clerk.missing("established")),
            "status": firms.status_text(rows),
            "updated_on": dates(np.maximum(firms.established[rows], AS_OF - rng.integers(0, 900, len(rows)))),
        }
    )


def entity_change(facts: Facts, clerk: Clerk, rng: np.random.Generator) -> pa.Table:
    """Market regulation: changes of registration, one row a change."""
    firms = facts.firms
    rows = np.flatnonzero(rng.random(len(firms.brand)) < 0.12)
    rows = rows[clerk.take(len(rows))]
    item = rng.integers(0, 2, len(rows))
    return pa.table(
        {
            "credit_code": fixed_strings(firms.codes[rows]),
            "change_no": serials("BG370299", rows),
            "changed_on": dates(np.maximum(firms.established[rows] + 30, AS_OF - rng.integers(5, 1200, len(rows)))),
            "item": looked_up(["注册资本", "住所"], item),
            "before": looked_up(["50万元", "原住所"], item),
            "after": looked_up(["100万元", "现住所"], item),
        }
    )


def tax_payer(facts: Facts, clerk: Clerk, rng: np.random.Generator) -> pa.Table:
    """Tax: registered taxpayers with the place where they really work, their state and credit rating."""
    firms, standing = facts.firms, facts.standing
    source = np.flatnonzero((firms.status == 0) | (rng.random(len(firms.brand)) < 0.3))
    rows = source[clerk.take(len(source))]
    address, division = _address(facts, clerk, rng, rows)
    state = np.where(firms.status[rows] > 0, 2, np.where(standing.active[rows] | (rng.random(len(rows)) < 0.5), 0, 1))
    return pa.table(
        {
            "credit_code": clerk.code("credit_code", firms.codes[rows]),
            "name": clerk.firm_name("name", firms, rows),
            "legal_person_number": clerk.number("legal_person_number", facts.people.numbers[firms.legal_person[rows]]),
            "address": address,
            "division_code": division,
            "industry": industry(facts, rows),
            "levy": looked_up(["查账征收", "定期定额"], standing.exempt[rows].astype(np.int64)),
            "state": looked_up(["正常", "非正常户", "注销"], state),
            "rating": looked_up(["A", "B", "M", "C", "D"], standing.rating[rows].astype(np.int64)),
            "rated_on": dates(np.full(len(rows), int(np.datetime64("2026-04-30", "D").astype(int)))),
            "updated_on": dates(AS_OF - rng.integers(0, 700, len(rows))),
        }
    )


def tax_return(facts: Facts, clerk: Clerk, rng: np.random.Generator) -> pa.Table:
    """Tax: quarterly returns of those who file; turnover and tax in 10,000 yuan."""
    firms, standing = facts.firms, facts.standing
    filed = np.flatnonzero(standing.filed)
    source, quarter = np.repeat(filed, len(PERIODS)), np.tile(np.arange(len(PERIODS)), len(filed))
    kept = firms.established[source] < _QUARTER_ENDS[quarter] - 30
    source, quarter = source[kept], quarter[kept]
    taken = clerk.take(len(source))
    rows, quarter = source[taken], quarter[taken]
    sales = np.maximum(standing.turnover[rows] // 4, 1)
    return pa.table(
        {
            "credit_code": clerk.code("credit_code", firms.codes[rows]),
            "period": looked_up(PERIODS, quarter),
            "sales": pa.array(sales.astype(np.int32)),
            "paid": pa.array((sales * 3 // 100).astype(np.int32)),
            "filed_on": dates(_QUARTER_ENDS[quarter] - rng.integers(0, 10, len(rows))),
        }
    )


def tax_arrears(facts: Facts, clerk: Clerk, rng: np.random.Generator) -> pa.Table:
    """Tax: taxes owed, in yuan."""
    firms, standing = facts.firms, facts.standing
    source = np.flatnonzero(standing.filed & (rng.random(len(firms.brand)) < 0.015))
    rows = source[clerk.take(len(source))]
    return pa.table(
        {
            "credit_code": fixed_strings(firms.codes[rows]),
            "amount": pa.array((standing.turnover[rows] * 40 + 900).astype(np.int32)),
            "since": dates(AS_OF - rng.integers(20, 700, len(rows))),
        }
    )


def insured_firm(facts: Facts, clerk: Clerk, rng: np.random.Generator) -> pa.Table:
    """Human resources: firms with the number of people they insure this month."""
    firms, standing = facts.firms, facts.standing
    source = np.flatnonzero((standing.insured > 0) & (firms.status == 0))
    rows = source[clerk.take(len(source))]
    return pa.table(
        {
            "credit_code": clerk.code("credit_code", firms.codes[rows]),
            "name": clerk.firm_name("name", firms, rows),
            "insured": pa.array(standing.insured[rows].astype(np.int32)),
            "last_month": pa.repeat(MONTHS[-1], len(rows)),
            "updated_on": dates(AS_OF - rng.integers(1, 30, len(rows))),
        }
    )


def power_use(facts: Facts, clerk: Clerk, rng: np.random.Generator) -> pa.Table:
    """The power company: three months of each business account in kWh; a closed shop still burns a standby lamp."""
    firms, standing = facts.firms, facts.standing
    connected = np.flatnonzero(firms.status == 0)
    source, month = np.repeat(connected, len(MONTHS)), np.tile(np.arange(len(MONTHS)), len(connected))
    taken = clerk.take(len(source))
    rows, month = source[taken], month[taken]
    busy = 60 + standing.turnover[rows] * 2 + rng.integers(0, 90, len(rows))
    return pa.table(
        {
            "account_no": serials("3702", rows, 10),
            "credit_code": clerk.code("credit_code", firms.codes[rows]),
            "name": clerk.firm_name("name", firms, rows),
            "month": looked_up(MONTHS, month),
            "kwh": pa.array(np.where(standing.active[rows], busy, rng.integers(0, 25, len(rows))).astype(np.int32)),
        }
    )


def customs_rating(facts: Facts, clerk: Clerk, rng: np.random.Generator) -> pa.Table:
    """Customs: credit ratings of importers and exporters（高级认证、注册登记和备案、失信）."""
    firms, standing = facts.firms, facts.standing
    source = np.flatnonzero(standing.trader)
    rows = source[clerk.take(len(source))]
    own = standing.dishonest[rows] & (rows % 5 == 0)  # customs found it out by itself
    return pa.table(
        {
            "credit_code": fixed_strings(firms.codes[rows]),
            "name": clerk.firm_name("name", firms, rows),
            "rating": looked_up(
                ["注册登记和备案企业", "高级认证企业", "失信企业"],
                np.where(own, 2, standing.authorised[rows].astype(np.int64)),
            ),
            "rated_on": dates(AS_OF - rng.integers(30, 1000, len(rows))),
        }
    )


def rd_grant(facts: Facts, clerk: Clerk, rng: np.random.Generator) -> pa.Table:
    """Science bureau: applications for research subsidies of this year, amounts in 10,000 yuan."""
    firms, standing = facts.firms, facts.standing
    source = np.flatnonzero(standing.researcher)
    rows = source[clerk.take(len(source))]
    return pa.table(
        {
            "project_no": serials("KJ2026", rows, 6),
            "credit_code": fixed_strings(firms.codes[rows]),
            "name": clerk.firm_name("name", firms, rows),
            "title": looked_up(["海洋装备关键部件", "工业软件", "智能检测", "新材料中试"], rows % 4),
            "amount": pa.array((20 + (rows % 17) * 10).astype(np.int32)),
            "applied_on": dates(AS_OF - rng.integers(5, 80, len(rows))),
            "state": pa.repeat("审核中", len(rows)),
        }
    )


def truth_table(facts: Facts) -> pa.Table:
    """What is true of every firm, for scoring."""
    firms, standing = facts.firms, facts.standing
    flags = ("active", "evading", "trader", "authorised", "dishonest", "cleared", "researcher")
    columns = {name: pa.array(getattr(standing, name)) for name in flags}
    counts = {name: pa.array(getattr(standing, name).astype(np.int32)) for name in ("penalties", "permits")}
    return pa.table({"credit_code": fixed_strings(firms.codes), **columns, **counts})
