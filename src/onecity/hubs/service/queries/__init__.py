"""Reads of the service hub. Return contracts, never rows."""

from onecity.hubs.service.queries.application import application, view_of, visible_to
from onecity.hubs.service.queries.catalogue import bundle, bundles, guide
from onecity.hubs.service.queries.lists import applications, area_figures, count_waiting, my_applications, savings

__all__ = [
    "application", "applications", "area_figures", "bundle", "bundles", "count_waiting", "guide", "my_applications",
    "savings", "view_of", "visible_to",
]  # fmt: skip
