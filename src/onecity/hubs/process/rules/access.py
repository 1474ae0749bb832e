"""Who may act on an item, and which verbs it offers. A table to read aloud.

state       who                    verbs
open        assignee or candidate  the node's own · 转办 会签 加签 挂起, and 签收 while nobody has claimed it
suspended   assignee or candidate  恢复
held        –                      waits for the others' signatures
any live    initiator, supervisor  催办; supervisor also 督办
done        who completed it       撤回 while the next person has not begun
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from onecity.hubs.process.contracts import ItemKind, ItemState, Verb
from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.policy import scopes

_HANDS = (Verb.TRANSFER, Verb.COUNTERSIGN, Verb.ADD_SIGN, Verb.SUSPEND)
NEEDS_OPINION = frozenset({Verb.DISAGREE, Verb.SEND_BACK, Verb.SUSPEND, Verb.TRANSFER, Verb.SUPERVISE})


@dataclass(frozen=True, slots=True)
class Holder:
    """What of an item matters to the question who may act."""

    permission: str
    organisation: str
    area: str
    assignee_id: UUID | None


def is_candidate(actor: Actor, holder: Holder) -> bool:
    """Whether the actor holds the item's permission where the item lies; an item without a place lies everywhere."""
    return any(
        (not scope.organisation or not holder.organisation or scope.organisation == holder.organisation)
        and (not scope.area or not holder.area or holder.area.startswith(scope.area))
        for scope in scopes(actor, holder.permission)
    )


def may_act(actor: Actor, holder: Holder) -> bool:
    """The assignee alone once there is one, else every candidate; hubs themselves always."""
    if actor.kind is ActorKind.SYSTEM:
        return True
    if holder.assignee_id is not None:
        return actor.account_id == holder.assignee_id
    return is_candidate(actor, holder)


def offered(state: ItemState, kind: ItemKind, own: Iterable[Verb], *, claimed: bool, child: bool) -> tuple[Verb, ...]:
    """The verbs somebody who may act on the item is offered, in the order of the buttons."""
    if state is ItemState.SUSPENDED:
        return (Verb.RESUME,)
    if state is not ItemState.OPEN:
        return ()
    if kind is ItemKind.READ:
        return (Verb.READ,)
    hands = (Verb.TRANSFER,) if child else _HANDS
    return (*own, *hands, *(() if claimed else (Verb.CLAIM,)))
