"""Divisions, addresses and school catchments into the basemap."""

from onecity.hubs.basemap import api as basemap
from onecity.kernel.actor import Actor
from onecity.simcity.city import City

__all__ = ["load_places"]

CATCHMENT_KIND = "primary_school"


def load_places(actor: Actor, city: City) -> int:
    """Returns the rows loaded."""
    rows = basemap.load_divisions(actor, table=city.divisions).count
    rows += basemap.load_addresses(actor, table=city.addresses).count
    years = sorted(set(city.catchments["year"].to_pylist()))
    for year in years:
        reach = [
            (row["school_code"], row["division_code"], row["road"] or "", row["number_from"], row["number_to"])
            for row in city.catchments.to_pylist()
            if row["year"] == year
        ]
        rows += basemap.load_catchments(actor, kind=CATCHMENT_KIND, year=year, rows=reach).count
    return rows
