"""Machine faces: CKAN actions, DCAT feed, row API, downloads, sitemap, robots, feed of changes. Parse, call the api, present."""

from onecity.hubs.opendata.http import ckan, downloads, feed, rows
from onecity.kernel.slots import Face, Page, register_page

__all__ = ["register"]


def register() -> None:
    """Called once in `ready()`."""
    for address, view, name in (
        ("/api/3", ckan.versions, "opendata.ckan"),
        ("/api/3/action/<str:name>", ckan.action, "opendata.ckan_action"),
        ("/api/action/<str:name>", ckan.action, "opendata.ckan_action_short"),
        ("/open/catalog.<str:form>", feed.catalog, "opendata.dcat"),
        ("/open/changes.atom", feed.atom, "opendata.atom"),
        ("/open/sitemap.xml", feed.sitemap, "opendata.sitemap"),
        ("/open/sitemap-<int:number>.xml", feed.sitemap, "opendata.sitemap_part"),
        ("/robots.txt", feed.robots, "opendata.robots"),
        ("/open/v1/<slug:key>/rows", rows.rows, "opendata.rows"),
        ("/open/datasets/<slug:key>/data.<str:form>", downloads.download, "opendata.download"),
    ):
        register_page(Page(Face.OPEN, address, view, name))
