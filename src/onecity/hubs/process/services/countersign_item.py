"""会签 · 加签: others sign before the item's holder decides. The item is held until all, or the first, have signed."""

from collections.abc import Sequence
from uuid import UUID

from onecity.hubs.process.contracts import Candidate, ItemKind, ItemState, SignMode, Verb
from onecity.hubs.process.errors import VerbNotOffered
from onecity.hubs.process.models import WorkItem
from onecity.hubs.process.services import journal
from onecity.hubs.process.services.reach_item import change, reach
from onecity.hubs.process.services.run import opened
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now
from onecity.kernel.events import publish

_COPIED = (
    "instance_id", "definition", "definition_name", "node", "matter_kind", "matter_id", "matter_number", "matter_title",
    "matter_link", "summary", "reason", "rule", "initiator_id", "limit_amount", "limit_unit", "warn_at", "due_at",
)  # fmt: skip


def countersign_item(
    actor: Actor, *, item_id: UUID, candidates: Sequence[Candidate], mode: SignMode, opinion: str, version: int | None,
    verb: Verb,
) -> list[WorkItem]:  # fmt: skip
    """Hold the item and open one child per candidate. Errors: as for completing, VerbNotOffered without candidates."""
    item = reach(actor, item_id, version=version, lock=True)
    if not candidates or item.kind == ItemKind.READ or item.parent_id is not None:
        raise VerbNotOffered(hint="请选择至少一位会签人；会签中的待办不能再次会签")
    mine = {} if item.assignee_id else {"assignee_id": actor.account_id, "assignee_name": journal.signer(actor)}
    change(item, state=ItemState.HELD, sign_mode=mode.value, **mine)
    children = [_child(item, candidate, verb) for candidate in candidates]
    WorkItem.objects.bulk_create(children)
    journal.write(actor, verb, item, opinion)
    for child in children:
        publish(actor, opened(child), key=str(item.matter_id))
    audit.record(
        actor, f"process.{verb.value}", target="process.item", target_id=item.id,
        data={"mode": mode.value, "children": [str(child.id) for child in children]},
    )  # fmt: skip
    return children


def _child(item: WorkItem, candidate: Candidate, verb: Verb) -> WorkItem:
    child = WorkItem(
        parent=item,
        node_name=f"{item.node_name} · {'会签' if verb is Verb.COUNTERSIGN else '加签'}"[:120],
        permission=candidate.permission or item.permission,
        organisation=candidate.organisation or item.organisation,
        area=candidate.area or item.area,
        assignee_id=candidate.account_id,
        assignee_name=candidate.name,
        verbs=[Verb.AGREE.value, Verb.DISAGREE.value],
        received_at=now(),
    )
    for name in _COPIED:
        setattr(child, name, getattr(item, name))
    return child


def signed(actor: Actor, child: WorkItem) -> None:
    """A child was signed: the first signature or the last one gives the item back to its holder."""
    parent = WorkItem.objects.select_for_update(of=("self",)).filter(children=child).first()
    if parent is None or parent.state != ItemState.HELD:
        return
    others = WorkItem.objects.filter(parent=parent, state__in=[ItemState.OPEN, ItemState.SUSPENDED])
    if parent.sign_mode == SignMode.ANY:
        others.update(state=ItemState.CANCELLED, completed_at=now())
    elif others.exists():
        return
    change(parent, state=ItemState.OPEN)
