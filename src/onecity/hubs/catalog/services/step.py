"""The steps of an entry's life: review, publish, return, revise, withdraw. Owns dates and events of each step."""

from onecity.hubs.catalog.contracts import Lifecycle, Permission
from onecity.hubs.catalog.errors import StepRefused
from onecity.hubs.catalog.events import ResourcePublished, ResourceWithdrawn
from onecity.hubs.catalog.models import Resource
from onecity.hubs.catalog.rules.lifecycle import next_state
from onecity.hubs.catalog.services.authority import require_provider
from onecity.hubs.catalog.services.search_documents import refresh_document
from onecity.kernel import audit, events
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now, today

__all__ = ["take_step"]

_PERMISSIONS = {
    "review": Permission.REVIEW, "return": Permission.REVIEW, "publish": Permission.REVIEW,
    "withdraw": Permission.REVIEW, "revise": Permission.COMPILE,
}  # fmt: skip


def take_step(actor: Actor, *, row: Resource, step: str, reason: str = "") -> Resource:
    """Move an entry (locked by the caller). Raises StepRefused when its state has no such step."""
    permission = _PERMISSIONS.get(step)
    state = next_state(Lifecycle(row.state), step)
    if permission is None or state is None:
        raise StepRefused(data={"resource": row.key, "state": row.state, "step": step})
    require_provider(actor, permission, row.provider if step == "revise" else actor.organisation)
    row.state, row.updated_at = state, now()
    if step == "publish":
        row.published_on = today()
    row.save(update_fields=["state", "updated_at", "published_on"])
    refresh_document(row)
    audit.record(actor, f"catalog.{step}", target="catalog.resource", target_id=row.key, data={"reason": reason})
    if state is Lifecycle.PUBLISHED:
        events.publish(actor, ResourcePublished(row.key, row.code, row.provider), key=row.key)
    if state is Lifecycle.WITHDRAWN:
        events.publish(actor, ResourceWithdrawn(row.key, reason), key=row.key)
    return row
