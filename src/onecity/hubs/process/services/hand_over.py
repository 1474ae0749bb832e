"""A post has ended: what its holder had claimed goes to the successor, or back to the pool. Clocks run on."""

from uuid import UUID

from django.db.models import F

from onecity.hubs.process.contracts import ItemState
from onecity.hubs.process.models import WorkItem
from onecity.kernel import audit
from onecity.kernel.actor import Actor

_LIVE = [ItemState.OPEN, ItemState.HELD, ItemState.SUSPENDED]


def hand_over(actor: Actor, *, account_id: UUID, organisation: str, successor: UUID | None, successor_name: str) -> int:
    """Move live items of the organisation; returns how many. Doing it again moves nothing."""
    moved = WorkItem.objects.filter(assignee_id=account_id, organisation=organisation, state__in=_LIVE).update(
        assignee_id=successor, assignee_name=successor_name, version=F("version") + 1
    )
    if moved:
        audit.record(
            actor, "process.hand_over", target="process.item", target_id=account_id,
            data={"organisation": organisation, "successor": str(successor or ""), "items": moved},
        )  # fmt: skip
    return moved
