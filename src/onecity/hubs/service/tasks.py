"""Background entries of the service hub; they call the api."""

from uuid import UUID

from onecity.hubs.service import api
from onecity.kernel import jobs
from onecity.kernel.actor import Actor

__all__ = ["prefill", "refetch"]


@jobs.task(name="service.prefill", queue="default", attempts=6)
def prefill(application_id: str) -> None:
    """Fetch the departments' answers of one application."""
    api.prefill(Actor.system("service"), application_id=UUID(application_id))


@jobs.task(name="service.refetch", queue="default", attempts=8, wait=4)
def refetch(application_id: str, interface: str) -> None:
    """Take the answer a department has corrected."""
    api.refetch(Actor.system("service"), application_id=UUID(application_id), interface=interface)
