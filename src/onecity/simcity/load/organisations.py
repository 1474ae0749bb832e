"""Public bodies into identity."""

from onecity.hubs.identity import api as identity
from onecity.kernel.actor import Actor
from onecity.simcity.city import City

__all__ = ["load_organisations"]


def load_organisations(actor: Actor, city: City) -> int:
    """Government, bureaus, streets, communities and schools, parents before children. Returns the rows loaded."""
    return identity.load_organisations(actor, rows=city.organisations.to_pylist()).count
