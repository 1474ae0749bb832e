"""Background entries of the registers; call the api."""

from onecity.hubs.registers import api
from onecity.hubs.registers.api import resolution
from onecity.kernel.actor import Actor
from onecity.kernel.jobs import periodic, task

__all__ = ["rebuild_register", "resolve_population"]


@task(name="registers.rebuild_register", attempts=5, wait=20)
def rebuild_register(register: str) -> None:
    """Follow the sources when one of them has a version that no build has seen."""
    api.rebuild_if_stale(Actor.system("registers"), register=register)


@periodic(name="registers.rebuild_nightly", cron="40 18 * * *")
def rebuild_nightly(timestamp: int) -> None:
    """Every night (02:40 in the city): what was missed by day."""
    for register in api.registers():
        api.rebuild_if_stale(Actor.system("registers"), register=register)


@task(name=resolution.RUN_JOB, attempts=2, wait=60)
def resolve_population() -> None:
    """Resolve the persons of all departments' copies, as the desk asked."""
    resolution.resolve_population(Actor.system("registers"))
