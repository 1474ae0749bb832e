"""Fetches an item for a verb: open to this actor, in the asked version and state; and changes it exactly once."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from onecity.hubs.process.contracts import ItemState, Verb
from onecity.hubs.process.errors import (
    ItemChanged,
    ItemClosed,
    ItemTaken,
    ItemUnknown,
    OpinionMissing,
)
from onecity.hubs.process.models import WorkItem
from onecity.hubs.process.rules.access import NEEDS_OPINION, Holder, is_candidate, may_act
from onecity.kernel.actor import Actor

OPEN = frozenset({ItemState.OPEN})


def holder(item: WorkItem) -> Holder:
    """The item as the rules of access see it."""
    return Holder(item.permission, item.organisation, item.area, item.assignee_id)


def reach(
    actor: Actor, item_id: UUID, *, version: int | None = None, states: Iterable[ItemState] = OPEN, lock: bool = False
) -> WorkItem:
    """The item if this actor may act on it now. Errors: ItemUnknown, ItemTaken, ItemClosed, ItemChanged."""
    rows = WorkItem.objects.select_for_update(of=("self",)) if lock else WorkItem.objects
    item = rows.filter(pk=item_id).first()
    if item is None:
        raise ItemUnknown()
    if not may_act(actor, holder(item)):
        if item.assignee_id is not None and is_candidate(actor, holder(item)):
            raise ItemTaken(text=f"该待办已由{item.assignee_name or '他人'}签收")
        raise ItemUnknown()
    if ItemState(item.state) not in frozenset(states):
        raise ItemClosed(text=_STATES.get(ItemState(item.state), ItemClosed.text))
    if version is not None and version != item.version:
        raise ItemChanged()
    return item


_STATES = {
    ItemState.HELD: "该待办正在等待会签，暂不能办理",
    ItemState.SUSPENDED: "该待办已挂起，请先恢复",
    ItemState.OPEN: "该待办没有挂起",
    ItemState.CANCELLED: "该待办已取消",
}


def need_opinion(verb: Verb, opinion: str) -> None:
    """Verbs that set somebody back want words. Errors: OpinionMissing."""
    if verb in NEEDS_OPINION and not opinion.strip():
        raise OpinionMissing()


def change(item: WorkItem, **fields: Any) -> None:
    """Compare-and-set: write only if nobody has since. Errors: ItemChanged."""
    changed = WorkItem.objects.filter(pk=item.pk, version=item.version).update(version=item.version + 1, **fields)
    if not changed:
        raise ItemChanged()
    item.version += 1
    for name, value in fields.items():
        setattr(item, name, value)
