"""Tables of the catalogue. Private to the hub."""

from onecity.hubs.catalog.models.correction import Correction, Overlay
from onecity.hubs.catalog.models.resource import Edition, Resource
from onecity.hubs.catalog.models.version import Arrival, Quarantine, Version

__all__ = ["Arrival", "Correction", "Edition", "Overlay", "Quarantine", "Resource", "Version"]
