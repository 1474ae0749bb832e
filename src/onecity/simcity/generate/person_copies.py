"""Copies kept by police, health, civil affairs and the bodies around preferential treatment."""

import numpy as np
import pyarrow as pa

from onecity.simcity.generate.clerk import Clerk
from onecity.simcity.generate.columns import (
    AnyArray,
    Flags,
    blanked,
    calendar,
    dates,
    digits,
    fixed_strings,
    joined,
    looked_up,
    text_bytes,
)
from onecity.simcity.generate.facts import (
    GUARDIAN_RELATIONS,
    GUARDIAN_SOURCES,
    NATIONS,
    RELATIONS,
    SEXES,
    Facts,
    household_numbers,
    relation_positions,
)
from onecity.simcity.generate.homes import registered_rows
from onecity.simcity.generate.people import ADULT_DAYS, AS_OF, YEAR


def serials(prefix: str, rows: AnyArray, width: int = 8) -> pa.Array:
    """Running document numbers: an ASCII prefix and digits."""
    return fixed_strings(np.concatenate([text_bytes(prefix, len(rows)), digits(rows, width)], axis=1))


def household_register(facts: Facts, clerk: Clerk, rng: np.random.Generator) -> pa.Table:
    """Police: persons registered in the city."""
    people, homes = facts.people, facts.homes
    source = np.flatnonzero(registered_rows(people, homes))
    who = source[clerk.take(len(source))]
    household = people.household[who]
    address, division = clerk.address(homes.dwellings, homes.registered[household], homes.former[household])
    return pa.table(
        {
            "citizen_number": clerk.number("citizen_number", people.numbers[who]),
            "name": clerk.name("name", people.names.at(who)),
            "sex": looked_up(SEXES, people.male[who].astype(np.int64)),
            "birth_date": dates(people.birth[who]),
            "household_no": fixed_strings(household_numbers(household)),
            "relation_to_head": looked_up(RELATIONS, relation_positions(facts.layout, people)[who]),
            "head_number": clerk.number("head_number", people.numbers[people.head[who]]),
            "address": address,
            "division_code": division,
            "settlement_date": dates(
                np.maximum(homes.settled[household], people.birth[who]), clerk.missing("settlement_date")
            ),
        }
    )


def guardianship(facts: Facts, clerk: Clerk, rng: np.random.Generator) -> pa.Table:
    """Police: guardians of minors."""
    truth, numbers = facts.guardianship, facts.people.numbers
    rows = clerk.take(len(truth.child))
    return pa.table(
        {
            "child_number": clerk.number("child_number", numbers[truth.child[rows]]),
            "guardian_number": clerk.number("guardian_number", numbers[truth.guardian[rows]]),
            "relation": looked_up(GUARDIAN_RELATIONS, truth.relation[rows], clerk.missing("relation")),
            "source": looked_up(GUARDIAN_SOURCES, truth.source[rows]),
        }
    )


def residence_permit(facts: Facts, clerk: Clerk, rng: np.random.Generator) -> pa.Table:
    """Police: residence permits of persons registered elsewhere; valid one year from the last endorsement."""
    people, homes = facts.people, facts.homes
    source = np.flatnonzero(facts.permit[people.household] & ~registered_rows(people, homes))
    start = AS_OF - rng.integers(5, 380, len(source))
    rows = clerk.take(len(source))
    who, household = source[rows], people.household[source[rows]]
    address, division = clerk.address(homes.dwellings, homes.home[household], homes.former[household])
    return pa.table(
        {
            "citizen_number": clerk.number("citizen_number", people.numbers[who]),
            "permit_no": serials("370299", rows, 9),
            "address": address,
            "division_code": division,
            "valid_from": dates(start[rows]),
            "valid_to": dates(start[rows] + 364, clerk.missing("valid_to")),
        }
    )


def birth_certificate(facts: Facts, clerk: Clerk, rng: np.random.Generator) -> pa.Table:
    """Health: births in the city since 1996."""
    people = facts.people
    local = registered_rows(people, facts.homes)
    recent = people.birth > int(np.datetime64("1996-01-01", "D").astype(int))
    born_here = recent & (people.mother >= 0) & (rng.random(len(recent)) < np.where(local, 0.94, 0.2))
    source = np.flatnonzero(born_here)
    rows = clerk.take(len(source))
    who = source[rows]
    father = people.father[who]
    year = calendar(people.birth[who])[0]
    return pa.table(
        {
            "certificate_no": joined("T", fixed_strings(np.concatenate([digits(year, 4), digits(who, 8)], axis=1))),
            "child_number": clerk.number("child_number", people.numbers[who]),
            "child_name": clerk.name("child_name", people.names.at(who)),
            "birth_date": dates(people.birth[who]),
            "mother_number": clerk.number("mother_number", people.numbers[people.mother[who]], may_miss=True),
            "father_number": clerk.number("father_number", people.numbers[father], absent=father < 0, may_miss=True),
        }
    )


def vaccination(facts: Facts, clerk: Clerk, rng: np.random.Generator) -> pa.Table:
    """Health: vaccination cards of children below seven and a half."""
    people = facts.people
    source = np.flatnonzero((people.age_days < 7.5 * YEAR) & (people.age_days > 30))
    complete = rng.random(len(source)) < 0.94
    last = np.maximum(AS_OF - rng.integers(5, 700, len(source)), people.birth[source] + 1)
    rows = clerk.take(len(source))
    return pa.table(
        {
            "child_number": clerk.number("child_number", people.numbers[source[rows]]),
            "complete": pa.array(complete[rows], mask=clerk.missing("complete")),
            "last_date": dates(last[rows]),
        }
    )


def marriage(facts: Facts, clerk: Clerk, rng: np.random.Generator) -> pa.Table:
    """Civil affairs: marriages standing and dissolved."""
    people = facts.people
    bride = np.where(people.partner >= 0, people.partner, people.former_partner)
    source = np.flatnonzero((people.male == 1) & (bride >= 0))
    younger = np.maximum(people.birth[source], people.birth[bride[source]])
    day = np.minimum(younger + ((22 + 6 * rng.random(len(source))) * YEAR).astype(np.int64), AS_OF - 10)
    rows = clerk.take(len(source))
    who = source[rows]
    return pa.table(
        {
            "registration_no": serials("J370299-", who, 9),
            "husband_number": clerk.number("husband_number", people.numbers[who]),
            "wife_number": clerk.number("wife_number", people.numbers[bride[who]]),
            "registered_on": dates(day[rows]),
            "status": looked_up(["已婚", "离婚"], (people.partner[who] < 0).astype(np.int64)),
        }
    )


def veteran_family(facts: Facts, clerk: Clerk, rng: np.random.Generator) -> pa.Table:
    """Veterans' affairs: children of servicemen and veterans entitled to preference."""
    people = facts.people
    source = np.flatnonzero(facts.veteran)
    category = rng.integers(0, 3, len(source))
    rows = clerk.take(len(source))
    who = source[rows]
    parent = np.where(people.father[who] >= 0, people.father[who], people.mother[who])
    return pa.table(
        {
            "child_number": clerk.number("child_number", people.numbers[who]),
            "parent_number": clerk.number("parent_number", people.numbers[parent], absent=parent < 0),
            "category": looked_up(["现役军人子女", "优抚对象子女", "退役军人子女"], category[rows]),
            "valid_to": dates(np.full(len(rows), AS_OF + 700)),
        }
    )


def disability_certificate(facts: Facts, clerk: Clerk, rng: np.random.Generator) -> pa.Table:
    """Federation of the disabled: certificates, children's among them."""
    people = facts.people
    source = np.flatnonzero(facts.disabled | ((rng.random(len(people.birth)) < 0.012) & (people.age_days > ADULT_DAYS)))
    kind, grade = rng.integers(0, 6, len(source)), rng.integers(0, 4, len(source))
    rows = clerk.take(len(source))
    who = source[rows]
    return pa.table(
        {
            "certificate_no": joined(
                fixed_strings(people.numbers[who]),
                looked_up(list("123456"), kind[rows]),
                looked_up(list("1234"), grade[rows]),
            ),
            "holder_number": clerk.number("holder_number", people.numbers[who]),
            "holder_name": clerk.name("holder_name", people.names.at(who)),
            "category": looked_up(["视力", "听力", "言语", "肢体", "智力", "精神"], kind[rows]),
            "grade": looked_up(["一级", "二级", "三级", "四级"], grade[rows]),
            "valid_to": dates(np.full(len(rows), AS_OF + 2500)),
        }
    )


def enrolment_deferral(facts: Facts, clerk: Clerk, rng: np.random.Generator) -> pa.Table:
    """Education: children whose enrolment was put off by a year."""
    people = facts.people
    source = np.flatnonzero(facts.deferred)
    rows = clerk.take(len(source))
    who = source[rows]
    return pa.table(
        {
            "child_number": clerk.number("child_number", people.numbers[who]),
            "child_name": clerk.name("child_name", people.names.at(who)),
            "from_year": pa.array(np.full(len(rows), 2026), pa.int32()),
            "until_year": pa.array(np.full(len(rows), 2027), pa.int32()),
            "reason": looked_up(["身体原因", "发育迟缓"], who % 2),
        }
    )


def population_base(facts: Facts, clerk: Clerk, rng: np.random.Generator) -> pa.Table:
    """Police: the base facts of every resident, with the photo of the identity card where one was taken."""
    people, homes = facts.people, facts.homes
    who = clerk.take(len(people.birth))
    household = people.household[who]
    address, division = clerk.address(homes.dwellings, homes.home[household], homes.former[household])
    none = ~photographed(facts)[who]
    return pa.table(
        {
            "citizen_number": clerk.number("citizen_number", people.numbers[who]),
            "name": clerk.name("name", people.names.at(who)),
            "sex": looked_up(SEXES, people.male[who].astype(np.int64)),
            "birth_date": dates(people.birth[who]),
            "nation": looked_up(NATIONS, np.where(people.minority[who], 1 + household % 2, 0)),
            "household_no": fixed_strings(household_numbers(household)),
            "relation_to_head": looked_up(RELATIONS, relation_positions(facts.layout, people)[who]),
            "address": address,
            "division_code": division,
            "photo_no": blanked(serials("ZP", who), none),
            "photo_on": dates(AS_OF - rng.integers(30, 3600, len(who)), none),
            "updated_on": dates(np.maximum(people.birth[who], AS_OF - rng.integers(1, 1500, len(who)))),
        }
    )


def photographed(facts: Facts) -> Flags:
    """Whose photo the police hold: nearly everybody from sixteen on."""
    rng = np.random.default_rng([len(facts.people.birth), 34])
    return (facts.people.age_days >= 16 * YEAR) & (rng.random(len(facts.people.birth)) > 0.02)


def _card_applicants(facts: Facts) -> AnyArray:
    rng = np.random.default_rng([len(facts.people.birth), 3434])
    return np.flatnonzero((facts.people.age_days >= 16 * YEAR) & (rng.random(len(facts.people.birth)) < 0.6))


def card_application(facts: Facts, clerk: Clerk, rng: np.random.Generator) -> pa.Table:
    """Human resources: who is to get a citizen card, and who was made to bring a photo all the same."""
    people = facts.people
    source = _card_applicants(facts)
    who = source[clerk.take(len(source))]
    return pa.table(
        {
            "application_no": serials("SMK", who),
            "citizen_number": clerk.number("citizen_number", people.numbers[who]),
            "name": clerk.name("name", people.names.at(who)),
            "applied_on": dates(AS_OF - rng.integers(1, 90, len(who))),
            "photo_brought": pa.array(rng.random(len(who)) < 0.1),
        }
    )


def cards_truth(facts: Facts) -> pa.Table:
    """Who is to get a card, and whether the police hold a photo."""
    who = _card_applicants(facts)
    return pa.table(
        {"citizen_number": fixed_strings(facts.people.numbers[who]), "photo": pa.array(photographed(facts)[who])}
    )
