"""Tables of the catalogue. Private to the hub."""

from onecity.hubs.catalog.models.correction import Correction, Overlay
from onecity.hubs.catalog.models.resource import Edition, Resource
from onecity.hubs.catalog.models.search import SearchBuilding, SearchDocument, SearchPosting, Synonym
from onecity.hubs.catalog.models.stewarding import AskingAgain, AuthoritativeSource, Handover
from onecity.hubs.catalog.models.version import Arrival, Quarantine, Version

__all__ = [
    "Arrival", "AskingAgain", "AuthoritativeSource", "Correction", "Edition", "Handover", "Overlay", "Quarantine",
    "Resource", "SearchBuilding", "SearchDocument", "SearchPosting", "Synonym", "Version",
]  # fmt: skip
