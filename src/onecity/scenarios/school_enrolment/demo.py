"""The pack's part of the synthetic city: rule rows, schools with seats and catchments, the rounds of the year, and how a
family answers the guide.

Registers at `simcity.ports` when imported. Owns no rows of the departments: the planted families are the city's own.
"""

from collections.abc import Collection, Mapping

from onecity.hubs.basemap.contracts import CatchmentRow
from onecity.kernel.actor import Actor
from onecity.scenarios.school_enrolment import api
from onecity.scenarios.school_enrolment.contracts import BUNDLE, RoundView, SchoolLoad
from onecity.scenarios.school_enrolment.services.rulebook import written_rules
from onecity.simcity.city import City
from onecity.simcity.ports import Play, Row, register_loader, register_play

__all__ = ["answers", "finish_round", "load", "register", "values"]

YEAR = 2026
SECOND_MOBILE = "13905320000"


def load(actor: Actor, city: City) -> int:
    """Rules, schools, catchments and the first round of every district; returns the rows loaded."""
    rules = api.load_rules(actor, year=YEAR).rules
    schools = [
        SchoolLoad(
            code=row["school_code"], year=row["year"], name=row["name"], district=row["district_code"],
            division=row["division_code"], address=row["address"], ownership=row["ownership"], seats=row["seats"],
            longitude=row["lon"], latitude=row["lat"],
        )
        for row in city.schools.to_pylist()
    ]  # fmt: skip
    catchments = [
        CatchmentRow(row["school_code"], row["division_code"], row["road"] or "", row["number_from"], row["number_to"])
        for row in city.catchments.to_pylist()
    ]
    report = api.load_schools(actor, schools=schools, catchments=catchments)
    districts = written_rules(YEAR)["districts"]
    for district in districts:
        api.open_round(actor, district=district, year=YEAR)
    return rules + report.schools + report.catchments + len(districts)


def answers(row: Row) -> Mapping[str, str]:
    """What the family would answer, from the truth about it."""
    category = row["category"]
    local = category in ("household_and_home", "household_only") or row["settlement_date"] is not None
    given = {"household": "here" if local else "outside"}
    given["home"] = "own" if category in ("household_and_home", "home_only") else "rent"
    if not local:
        return given | {"proof": "insurance"}
    care = next((key for key in ("deferred", "disabled", "veteran") if row[key]), "none")
    return given | {"care": care}


def values(row: Row, open_fields: Collection[str]) -> Mapping[str, str]:
    """What a person still types: the second contact, and for children from elsewhere the name and number."""
    typed = {
        "second_mobile": SECOND_MOBILE, "child_name_typed": row["child_name"], "child_number_typed": row["child_number"],
    }  # fmt: skip
    return {key: value for key, value in typed.items() if key in open_fields}


def finish_round(actor: Actor, *, district: str, notary: str = "公证员（演示）") -> RoundView:
    """Run a district's first round to its end at once, ahead of its days (demonstration mode only)."""
    found = next(one for one in api.rounds(actor, year=YEAR) if one.district == district and one.kind == "first")
    api.close_collection(actor, round_id=found.id)
    for school in api.schools(district):
        if school.qualified and api.round_view(actor, found.id).state == "school_check":
            api.check_school(actor, round_id=found.id, school=school.code, opinion="名单无误")
    api.approve(actor, round_id=found.id)
    for code in api.drawable(actor, found.id):
        api.draw(actor, round_id=found.id, school=code, notary=notary)
    return api.admit(actor, round_id=found.id, ahead=True)


def finish(actor: Actor) -> int:
    """The first round of every district that has candidates, to its end; returns how many children are admitted."""
    for found in api.rounds(actor, year=YEAR):
        if found.kind == "first" and any(school.qualified for school in api.schools(found.district)):
            finish_round(actor, district=found.district)
    return sum(
        school.admitted
        for found in api.rounds(actor, year=YEAR)
        if found.kind == "first"
        for school in api.schools(found.district)
    )


def register() -> None:
    """Called in the pack's `ready()`."""
    register_loader(BUNDLE, load)
    register_play(BUNDLE, Play(BUNDLE, answers, values, finish))
