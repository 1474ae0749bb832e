"""Tables of the base map; private to it."""

from onecity.hubs.basemap.models.address import Address
from onecity.hubs.basemap.models.catchment import Catchment
from onecity.hubs.basemap.models.division import Division

__all__ = ["Address", "Catchment", "Division"]
