"""What other rooms' tests may import of the base map: the shipped divisions loaded, a community and a catchment."""

from onecity.hubs.basemap import api
from onecity.kernel.actor import Actor

__all__ = ["COMMUNITY", "catchment", "ground"]

COMMUNITY = "370202001001"


def ground() -> None:
    """The shipped divisions and one community."""
    actor = Actor.system("basemap")
    api.load_shipped_divisions(actor)
    row = {"code": COMMUNITY, "name": "测试社区", "level": "community", "parent": COMMUNITY[:9], "order": 1}
    api.load_divisions(actor, rows=[row])


def catchment(holder: str, *, kind: str = "primary_school", year: int = 2026, community: str = COMMUNITY) -> None:
    """A whole community served by one holder; replaces the year."""
    api.load_catchments(Actor.system("basemap"), kind=kind, year=year, rows=[(holder, community, "", None, None)])
