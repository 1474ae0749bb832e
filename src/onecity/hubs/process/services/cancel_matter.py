"""Ends whatever runs about a matter because its owner has ended the matter: withdrawn, void, merged."""

from uuid import UUID

from onecity.hubs.process.contracts import InstanceState, ItemState, Verb
from onecity.hubs.process.models import Instance, TokenRow, WorkItem
from onecity.hubs.process.services import journal
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now

_LIVE = [ItemState.OPEN, ItemState.HELD, ItemState.SUSPENDED]


def cancel_matter(actor: Actor, *, matter_id: UUID, reason: str) -> int:
    """Cancel running instances and live items of the matter; returns how many items. Doing it again does nothing."""
    moment = now()
    running = list(
        Instance.objects.select_for_update().filter(matter_id=matter_id, state=InstanceState.RUNNING).order_by("id")
    )
    for instance in running:
        TokenRow.objects.filter(instance=instance, spent_at=None).update(spent_at=moment)
        Instance.objects.filter(pk=instance.pk).update(
            state=InstanceState.CANCELLED, outcome="cancelled", ended_at=moment, version=instance.version + 1
        )
    cancelled = WorkItem.objects.filter(matter_id=matter_id, state__in=_LIVE).update(
        state=ItemState.CANCELLED, completed_at=moment, opinion=reason
    )
    if running or cancelled:
        journal.step(
            actor, Verb.CANCEL, matter_id=matter_id, instance=running[0] if running else None, opinion=reason
        ).save(force_insert=True)
        audit.record(
            actor, "process.cancel", target="process.matter", target_id=matter_id,
            data={"reason": reason, "items": cancelled, "instances": len(running)},
        )  # fmt: skip
    return cancelled
