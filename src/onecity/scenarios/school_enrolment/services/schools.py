"""Schools of a year: loaded in bulk with their catchments; neighbours are the nearest schools of the district."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from math import cos, hypot, radians

from onecity.hubs.basemap import api as basemap
from onecity.hubs.basemap.contracts import CatchmentRow
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.scenarios.school_enrolment.contracts import BUNDLE, CATCHMENT_KIND, LoadReport, SchoolLoad
from onecity.scenarios.school_enrolment.models import School

__all__ = ["load_schools", "neighbours_of"]

NEIGHBOURS = 8


def load_schools(actor: Actor, *, schools: Sequence[SchoolLoad], catchments: Iterable[CatchmentRow]) -> LoadReport:
    """Write schools (a known one is updated) and hand the catchments (holder = school) to the base map, as this pack."""
    by_district: dict[tuple[str, int], list[SchoolLoad]] = defaultdict(list)
    for school in schools:
        by_district[school.district, school.year].append(school)
    near = {s.code: neighbours_of(s, by_district[s.district, s.year]) for s in schools}
    School.objects.bulk_create(
        [
            School(
                code=s.code, year=s.year, name=s.name, district=s.district, division=s.division, address=s.address,
                ownership=s.ownership, seats=s.seats, longitude=s.longitude, latitude=s.latitude, neighbours=list(near[s.code]),
            )
            for s in schools
        ],
        update_conflicts=True, unique_fields=["code", "year"],
        update_fields=["name", "district", "division", "address", "ownership", "seats", "longitude", "latitude", "neighbours"],
    )  # fmt: skip
    rows, system = list(catchments), Actor.system(BUNDLE, actor)
    for year in sorted({s.year for s in schools}):
        basemap.load_catchments(system, kind=CATCHMENT_KIND, year=year, rows=rows)
    audit.record(
        actor, "school_enrolment.load_schools", target="school_enrolment.school", target_id="batch",
        data={"schools": len(schools), "catchments": len(rows)},
    )  # fmt: skip
    return LoadReport(schools=len(schools), catchments=len(rows))


def neighbours_of(school: SchoolLoad, others: Iterable[SchoolLoad]) -> tuple[str, ...]:
    """The nearest schools of the district by straight line, nearest first; schools without a place come last."""
    return tuple(
        other.code
        for other in sorted(others, key=lambda other: (_metres(school, other), other.code))
        if other.code != school.code
    )[:NEIGHBOURS]


def _metres(one: SchoolLoad, other: SchoolLoad) -> float:
    here, there = _place(one), _place(other)
    if here is None or there is None:
        return float("inf")
    east = (there[0] - here[0]) * 111_320 * cos(radians(here[1]))
    return hypot(east, (there[1] - here[1]) * 110_574)


def _place(school: SchoolLoad) -> tuple[float, float] | None:
    if school.longitude is None or school.latitude is None:
        return None
    return school.longitude, school.latitude
