"""Background work of the catalogue's data: files that wait, alarms, sweeping. Calls the api."""

from uuid import UUID

from onecity.hubs.catalog import api
from onecity.kernel.jobs import periodic, task

__all__ = ["pull", "pull_due", "raise_lateness", "sweep", "take_waiting"]


@task(name="catalog.take_waiting")
def take_waiting(arrival_id: str) -> None:
    """Check and publish a file that was handed in."""
    api.take_waiting(UUID(arrival_id))


@task(name="catalog.pull")
def pull(source_id: str) -> None:
    """Read a front database and deliver what is new."""
    api.pull(UUID(source_id))


@periodic(name="catalog.pull_due", cron="* * * * *")
def pull_due(timestamp: int) -> None:
    """Every minute: front databases whose time has come."""
    api.pull_due()


@periodic(name="catalog.raise_lateness", cron="15 * * * *")
def raise_lateness(timestamp: int) -> None:
    """Hourly: data older than their cycle."""
    api.announce_lateness()


@periodic(name="catalog.sweep_lake", cron="40 19 * * *")
def sweep(timestamp: int) -> None:
    """At night: files nobody needs."""
    api.sweep_lake()
