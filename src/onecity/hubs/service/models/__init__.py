"""Tables of the service hub, one aggregate per file. Private to the hub."""

from onecity.hubs.service.models.application import FINISHED, Application, ApplicationSource, Dispute, Rating
from onecity.hubs.service.models.catalogue import Bundle, Item

__all__ = ["FINISHED", "Application", "ApplicationSource", "Bundle", "Dispute", "Item", "Rating"]
