"""Copies kept by the real-estate registry, housing, human resources and market regulation."""

import numpy as np
import pyarrow as pa

from onecity.simcity.generate.clerk import Clerk
from onecity.simcity.generate.columns import (
    AnyArray,
    calendar,
    dates,
    digits,
    fixed_strings,
    joined,
    looked_up,
)
from onecity.simcity.generate.facts import Facts
from onecity.simcity.generate.homes import Tenure
from onecity.simcity.generate.people import AS_OF, YEAR
from onecity.simcity.generate.person_copies import serials

SOLD_SHARE = 0.04


def _rights(facts: Facts, rng: np.random.Generator) -> tuple[AnyArray, AnyArray, AnyArray, AnyArray]:
    """True rights: owner, dwelling, day of purchase, 1 if passed on. Sellers are adults living elsewhere."""
    homes = facts.homes
    first, second = np.flatnonzero(homes.owner >= 0), np.flatnonzero(homes.second_owner >= 0)
    sold = first[rng.random(len(first)) < SOLD_SHARE]
    adults = np.flatnonzero(facts.people.age_days > 30 * YEAR)
    sellers = adults[rng.integers(0, len(adults), len(sold))]
    owner = np.concatenate([homes.owner[first], homes.second_owner[second], sellers])
    household = np.concatenate([first, second, sold])
    earlier = np.concatenate([np.zeros(len(first) + len(second), dtype=np.int64), rng.integers(700, 3600, len(sold))])
    return owner, household, homes.purchased[household] - earlier, earlier > 0


def property_right(facts: Facts, clerk: Clerk, rng: np.random.Generator) -> pa.Table:
    """Real-estate registry: rights in dwellings, one row an owner; joint owners share the certificate number."""
    people, homes = facts.people, facts.homes
    owner, household, bought, gone = _rights(facts, rng)
    rows = clerk.take(len(owner))
    who, home = owner[rows], household[rows]
    address, division = clerk.address(homes.dwellings, homes.home[home], np.full(len(rows), -1))
    year = calendar(bought[rows])[0]
    number = fixed_strings(digits(home * 2 + gone[rows], 8))
    return pa.table(
        {
            "certificate_no": joined("鲁(", fixed_strings(digits(year, 4)), ")青岛市不动产权第", number, "号"),
            "owner_number": clerk.number("owner_number", people.numbers[who]),
            "owner_name": clerk.name("owner_name", people.names.at(who)),
            "address": address,
            "division_code": division,
            "purchase_date": dates(bought[rows], clerk.missing("purchase_date")),
            "status": looked_up(["现势", "已转移"], gone[rows].astype(np.int64)),
        }
    )


def lease_filing(facts: Facts, clerk: Clerk, rng: np.random.Generator) -> pa.Table:
    """Housing: filed leases; tenants are heads of renting households."""
    people, homes = facts.people, facts.homes
    heads = np.flatnonzero(people.seat == 0)
    source = np.flatnonzero(np.isin(homes.tenure, [Tenure.RENT_REGISTERED, Tenure.MIGRANT_LEASE]))
    landlord = rng.integers(0, len(heads), len(source))
    start = AS_OF - rng.integers(10, 900, len(source))
    length = rng.integers(1, 4, len(source)) * 365
    rows = clerk.take(len(source))
    household = source[rows]
    address, division = clerk.address(homes.dwellings, homes.home[household], homes.former[household])
    return pa.table(
        {
            "filing_no": serials("ZL370299", household),
            "tenant_number": clerk.number("tenant_number", people.numbers[heads[household]]),
            "landlord_name": clerk.name("landlord_name", people.names.at(heads[landlord[rows]])),
            "address": address,
            "division_code": division,
            "from": dates(start[rows]),
            "to": dates(start[rows] + length[rows], clerk.missing("to")),
        }
    )


def insurance(facts: Facts, clerk: Clerk, rng: np.random.Generator) -> pa.Table:
    """Human resources: insured persons with months paid, employer and contract end."""
    jobs = facts.jobs
    rows = clerk.take(len(jobs.person))
    last = AS_OF - (jobs.gap[rows] * 30.44).astype(np.int64)
    year, month, _ = calendar(last)
    until = jobs.contract_until[rows]
    return pa.table(
        {
            "citizen_number": clerk.number("citizen_number", facts.people.numbers[jobs.person[rows]]),
            "months_paid": pa.array(jobs.months[rows].astype(np.int32)),
            "last_month": joined(fixed_strings(digits(year, 4)), "-", fixed_strings(digits(month, 2))),
            "employer_name": facts.firms.name(jobs.employer[rows], clerk.missing("employer_name")),
            "contract_until": dates(until, (until == 0) | clerk.missing("contract_until")),
        }
    )


def business_licence(facts: Facts, clerk: Clerk, rng: np.random.Generator) -> pa.Table:
    """Market regulation: licences of firms and individual businesses."""
    firms, homes = facts.firms, facts.homes
    rows = clerk.take(len(firms.brand))
    elsewhere = homes.home[rng.integers(0, len(homes.home), len(rows))]
    address, _division = clerk.address(homes.dwellings, firms.place[rows], elsewhere)
    return pa.table(
        {
            "credit_code": fixed_strings(firms.codes[rows]),
            "name": firms.name(rows),
            "legal_person_number": clerk.number(
                "legal_person_number", facts.people.numbers[firms.legal_person[rows]], may_miss=True
            ),
            "address": address,
            "status": firms.status_text(rows),
            "established": dates(firms.established[rows], clerk.missing("established")),
        }
    )
