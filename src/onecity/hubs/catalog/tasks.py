"""Background work of the catalogue's data: files that wait, alarms, sweeping. Calls the api."""

from uuid import UUID

from onecity.hubs.catalog import api
from onecity.kernel.jobs import periodic, task

__all__ = ["raise_lateness", "sweep", "take_waiting"]


@task(name="catalog.take_waiting")
def take_waiting(arrival_id: str) -> None:
    """Check and publish a file that was handed in."""
    api.take_waiting(UUID(arrival_id))


@periodic(name="catalog.raise_lateness", cron="15 * * * *")
def raise_lateness(timestamp: int) -> None:
    """Hourly: data older than their cycle."""
    api.announce_lateness()


@periodic(name="catalog.sweep_lake", cron="40 19 * * *")
def sweep(timestamp: int) -> None:
    """At night: files nobody needs."""
    api.sweep_lake()
