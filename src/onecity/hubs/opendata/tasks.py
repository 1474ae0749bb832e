"""Background entries of open data: fetch and check a new version, sweep counters."""

import logging

from onecity.hubs.opendata import api
from onecity.kernel import jobs
from onecity.kernel.actor import Actor
from onecity.kernel.errors import CityError

__all__ = ["stage"]

logger = logging.getLogger("onecity.opendata")


@jobs.task(name="opendata.stage", attempts=6, wait=3)
def stage(key: str) -> None:
    """Fetch, check, and go on. What the exchange or the rules refuse is a result, not a failure; it stands in the records."""
    try:
        api.stage_dataset(Actor.system("opendata"), key=key)
    except CityError as refused:
        logger.info("dataset %s was not staged: %s", key, refused)
