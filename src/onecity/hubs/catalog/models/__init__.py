"""Tables of the catalogue. Private to the hub."""

from onecity.hubs.catalog.models.correction import Correction, Overlay
from onecity.hubs.catalog.models.front import (
    Agent,
    AgentBatch,
    Lateness,
    LineageEvent,
    PullSource,
    Reconciliation,
    RowHash,
)
from onecity.hubs.catalog.models.resource import Edition, Resource
from onecity.hubs.catalog.models.search import SearchBuilding, SearchDocument, SearchPosting, Synonym
from onecity.hubs.catalog.models.stewarding import AskingAgain, AuthoritativeSource, Handover
from onecity.hubs.catalog.models.version import Arrival, Quarantine, Version

__all__ = [
    "Agent", "AgentBatch", "Arrival", "AskingAgain", "AuthoritativeSource", "Correction", "Edition", "Handover", "Lateness",
    "LineageEvent", "Overlay", "PullSource", "Quarantine", "Reconciliation", "Resource", "RowHash", "SearchBuilding",
    "SearchDocument", "SearchPosting", "Synonym", "Version",
]  # fmt: skip
