"""What tests of other rooms may use of the kernel.

Owns: `drain` (delivers every event and runs every waiting job until all is quiet). Refuses: to be imported by anything but tests.
"""

from django.db import transaction
from procrastinate.contrib.django import app

from onecity.kernel import events

__all__ = ["drain", "run_jobs"]


def run_jobs(limit: int = 500) -> int:
    """Run waiting jobs in this thread, in order; an error is raised, not retried. For tests that committed."""
    from onecity.kernel.jobs import claim_next

    done = 0
    while done < limit and (job := claim_next()):
        app.tasks[job.task_name].func(**job.arguments)
        job.finish()
        done += 1
    return done


def drain(limit: int = 50, *, jobs: bool = True) -> int:
    """Deliver events (also those of the test's own transaction) and run jobs until nothing is left; returns how many."""
    total = 0
    for _ in range(limit):
        moved = _deliver_here() if transaction.get_connection().in_atomic_block else _deliver_committed()
        moved += run_jobs() if jobs else 0
        total += moved
        if not moved:
            return total
    raise AssertionError(f"events or jobs still moving after {limit} passes ({total} handled)")


def _deliver_committed() -> int:
    """The guard looks at the whole server: a long transaction of another test run must not hold these events back."""
    return events.deliver() or (events.deliver_uncommitted() if events.backlog()["events"] else 0)


def _deliver_here() -> int:
    """Inside a test's transaction no snapshot guard is possible: hand over by sequence alone."""
    return events.deliver_uncommitted()
