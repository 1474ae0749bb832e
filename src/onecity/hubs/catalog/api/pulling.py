"""Front databases read from here: set up, paused, read at once, read by the clock."""

from uuid import UUID

from django.db import transaction

from onecity.hubs.catalog.contracts import FrontDatabase, PullSourceView
from onecity.hubs.catalog.services import pulling as _pulling
from onecity.hubs.catalog.services.lookup import resource_row
from onecity.hubs.catalog.services.pulling import pull_sources
from onecity.kernel.actor import Actor
from onecity.kernel.jobs import defer_named

__all__ = ["pause_pull", "pull", "pull_due", "pull_now", "pull_sources", "set_pull_source"]


def set_pull_source(actor: Actor, /, *, resource: str, front: FrontDatabase) -> PullSourceView:
    """Read a table of a database of this zone for a resource, at once and then on the clock; the address is kept sealed.

    Raises NotPermitted, ResourceUnknown, StepRefused, PullRefused.
    """
    with transaction.atomic():
        row = _pulling.set_source(actor, resource=resource, front=front)
        _defer(row.id, resource)
        return _pulling.view_of(row, resource_row(resource).name)


def pause_pull(actor: Actor, /, *, resource: str, paused: bool = True) -> None:
    """Stop reading on the clock, or go on. Raises NotPermitted, PullRefused."""
    with transaction.atomic():
        _pulling.pause(actor, resource=resource, paused=paused)


def pull_now(actor: Actor, /, *, resource: str) -> None:
    """Read within seconds, whatever the clock says. Raises NotPermitted, PullRefused."""
    with transaction.atomic():
        _defer(_pulling.require_source(actor, resource).id, resource)


def pull(source_id: UUID, /) -> int:
    """Read a source (job); the version that came of it, 0 = nothing new or not readable. Raises StorageFull."""
    done = _pulling.pull(source_id)
    return done.version if done is not None else 0


def pull_due() -> int:
    """Have every source read whose time has come (periodic job); returns how many."""
    with transaction.atomic():
        due = _pulling.due_sources()
        for one in due:
            _defer(one.id, one.resource)
    return len(due)


def _defer(source_id: UUID, resource: str) -> None:
    defer_named("catalog.pull", lock=f"catalog.{resource}", source_id=str(source_id))
