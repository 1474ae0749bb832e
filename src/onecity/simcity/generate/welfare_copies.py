"""Copies around subsistence allowances: the list civil affairs keeps, and what a broadcaster takes in from households.

Owns who is poor in the natural city: a fixed share of resident households by their number, so that every copy means the same ones.
"""

import numpy as np
import pyarrow as pa

from onecity.simcity.generate.clerk import Clerk
from onecity.simcity.generate.columns import AnyArray, Flags, dates, digits, fixed_strings, joined, looked_up
from onecity.simcity.generate.facts import RELATIONS, Facts, household_numbers, relation_positions
from onecity.simcity.generate.people import AS_OF, Layout

__all__ = ["low_income", "low_income_households", "tv_waiver_application"]

_SPREAD, _MODULUS, _POOR, _ASKING = 7_919, 1_000, 30, 10
_KINDS = ["城市低保", "农村低保", "低保边缘", "特困供养"]
_REASONS = ["因病", "因残", "缺劳动力", "失业", "其他"]


def low_income_households(layout: Layout) -> Flags:
    """Three in a hundred resident households."""
    number = np.arange(len(layout.kind))
    return ((number * _SPREAD) % _MODULUS < _POOR) & ~layout.migrant.astype(bool)


def low_income(facts: Facts, clerk: Clerk, rng: np.random.Generator) -> pa.Table:
    """Civil affairs: every member of a household that receives the allowance."""
    people, homes = facts.people, facts.homes
    chosen = low_income_households(facts.layout)
    source = np.flatnonzero(chosen[people.household])
    who = source[clerk.take(len(source))]
    household = people.household[who]
    members = np.bincount(people.household, minlength=len(chosen))[household]
    kind = household % len(_KINDS)
    approved = AS_OF - 100 - (household * 37) % 1_200
    address, division = clerk.address(homes.dwellings, homes.home[household], homes.former[household])
    return pa.table(
        {
            "certificate_no": joined(pa.array(["DB"] * len(who)), fixed_strings(digits(household, 8))),
            "citizen_number": clerk.number("citizen_number", people.numbers[who]),
            "name": clerk.name("name", people.names.at(who)),
            "household_no": fixed_strings(household_numbers(household)),
            "head_number": fixed_strings(people.numbers[people.head[who]]),
            "relation_to_head": looked_up(RELATIONS, relation_positions(facts.layout, people)[who]),
            "kind": looked_up(_KINDS, kind),
            "members": pa.array(members, pa.int64()),
            "amount": pa.array(members * np.array([102_000, 78_000, 30_000, 130_000])[kind], pa.int64()),
            "reason": looked_up(_REASONS, household % len(_REASONS)),
            "address": address,
            "division_code": division,
            "approved_on": dates(approved),
            "reviewed_on": dates(approved + 90, clerk.missing("reviewed_on")),
            "state": looked_up(["在保", "停发"], _stopped(household)),
        }
    )


def _stopped(household: AnyArray) -> AnyArray:
    return (household % 11 == 0).astype(np.int64)


def tv_waiver_application(facts: Facts, clerk: Clerk, rng: np.random.Generator) -> pa.Table:
    """Broadcaster: heads of households that ask to be freed of the fee, poor ones and some who are not."""
    people = facts.people
    number = np.arange(len(facts.layout.kind))
    hopeful = (number * _SPREAD) % _MODULUS >= _MODULUS - _ASKING
    asking = low_income_households(facts.layout) | (hopeful & ~facts.layout.migrant.astype(bool))
    heads = np.unique(people.head[asking[people.household]])
    who = heads[clerk.take(len(heads))]
    return pa.table(
        {
            "account_no": joined(pa.array(["TV"] * len(who)), fixed_strings(digits(people.household[who], 8))),
            "applicant_number": clerk.number("applicant_number", people.numbers[who]),
            "applicant_name": clerk.name("applicant_name", people.names.at(who)),
            "applied_on": dates(AS_OF - 30 + people.household[who] % 25),
        }
    )
