"""Divisions and addresses into the basemap. Catchments belong to the packs that use them."""

from onecity.hubs.basemap import api as basemap
from onecity.kernel.actor import Actor
from onecity.simcity.city import City

__all__ = ["load_addresses", "load_divisions"]


def load_divisions(actor: Actor, city: City) -> int:
    """City, districts, streets and communities. Returns the rows loaded."""
    return basemap.load_divisions(actor, table=city.divisions).count


def load_addresses(actor: Actor, city: City) -> int:
    """Every dwelling. Returns the rows loaded."""
    return basemap.load_addresses(actor, table=city.addresses).count
