"""挂起 · 恢复: the clock stands, with a reason everybody sees, and runs on with exactly what was left."""

from uuid import UUID

from onecity.hubs.process.contracts import ItemState, TimeUnit, Verb
from onecity.hubs.process.models import WorkItem
from onecity.hubs.process.services import clock_item, journal
from onecity.hubs.process.services.reach_item import change, need_opinion, reach
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now

_REASON_LENGTH = 300


def suspend_item(actor: Actor, *, item_id: UUID, reason: str, version: int | None) -> WorkItem:
    """Stop the clock. Errors: OpinionMissing, ItemUnknown, ItemTaken, ItemClosed, ItemChanged."""
    need_opinion(Verb.SUSPEND, reason)
    item = reach(actor, item_id, version=version, lock=True)
    change(item, state=ItemState.SUSPENDED, suspended_at=now(), suspend_reason=reason[:_REASON_LENGTH])
    journal.write(actor, Verb.SUSPEND, item, reason)
    audit.record(actor, "process.suspend", target="process.item", target_id=item.id, data={"reason": reason})
    return item


def resume_item(actor: Actor, *, item_id: UUID, opinion: str, version: int | None) -> WorkItem:
    """Let the clock run on. Errors: ItemUnknown, ItemClosed, ItemChanged, CalendarMissingError."""
    item = reach(actor, item_id, version=version, states={ItemState.SUSPENDED}, lock=True)
    paused, resumed = item.suspended_at or now(), now()
    due, warn = item.due_at, item.warn_at
    if due is not None and warn is not None:
        unit = TimeUnit(item.limit_unit)
        due = clock_item.extended(due, paused, resumed, unit)
        warn = clock_item.extended_warning(warn, paused, resumed, unit)
    change(item, state=ItemState.OPEN, suspended_at=None, suspend_reason="", due_at=due, warn_at=warn)
    journal.write(actor, Verb.RESUME, item, opinion)
    audit.record(actor, "process.resume", target="process.item", target_id=item.id)
    return item
