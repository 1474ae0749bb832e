"""签收 · 转办 · 催办 · 督办: an item changes hands or is pressed for; its process does not move."""

from uuid import UUID

from onecity.hubs.process.contracts import Candidate, ItemState, Permission, Verb
from onecity.hubs.process.errors import ItemUnknown, VerbNotOffered
from onecity.hubs.process.models import WorkItem
from onecity.hubs.process.rules.access import may_act
from onecity.hubs.process.services import journal
from onecity.hubs.process.services.reach_item import change, holder, need_opinion, reach
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.policy import allows

_LIVE = frozenset({ItemState.OPEN, ItemState.HELD, ItemState.SUSPENDED})


def claim_item(actor: Actor, *, item_id: UUID, version: int | None) -> WorkItem:
    """Take an item; claiming one's own again changes nothing. Errors: ItemTaken, ItemUnknown, ItemClosed."""
    item = reach(actor, item_id, version=version, lock=True)
    if item.assignee_id == actor.account_id:
        return item
    change(item, assignee_id=actor.account_id, assignee_name=journal.signer(actor))
    return _noted(actor, Verb.CLAIM, item, "")


def transfer_item(actor: Actor, *, item_id: UUID, candidate: Candidate, opinion: str, version: int | None) -> WorkItem:
    """Hand an item on; its clock runs on. Errors: OpinionMissing, ItemUnknown, VerbNotOffered."""
    need_opinion(Verb.TRANSFER, opinion)
    if candidate.account_id is None and not candidate.organisation:
        raise VerbNotOffered(text="请选择转办给谁")
    item = _overseen(item_id, actor, Permission.ITEM_TRANSFER) or reach(actor, item_id, version=version, lock=True)
    change(
        item, permission=candidate.permission or item.permission,
        organisation=candidate.organisation or item.organisation, area=candidate.area or item.area,
        assignee_id=candidate.account_id, assignee_name=candidate.name,
    )  # fmt: skip
    return _noted(actor, Verb.TRANSFER, item, opinion)


def urge_item(actor: Actor, *, item_id: UUID, opinion: str) -> WorkItem:
    """Press for an item: its initiator and supervisors may. Errors: ItemUnknown."""
    item = WorkItem.objects.select_for_update(of=("self",)).filter(pk=item_id, state__in=_LIVE).first()
    if item is None or not _may_press(actor, item):
        raise ItemUnknown()
    change(item, urged=item.urged + 1)
    return _noted(actor, Verb.URGE, item, opinion)


def supervise_item(actor: Actor, *, item_id: UUID, opinion: str) -> WorkItem:
    """Put an item under supervision. Errors: ItemUnknown, OpinionMissing."""
    need_opinion(Verb.SUPERVISE, opinion)
    item = _overseen(item_id, actor, Permission.ITEM_SUPERVISE)
    if item is None:
        raise ItemUnknown()
    change(item, supervised=opinion[:300])
    return _noted(actor, Verb.SUPERVISE, item, opinion)


def _may_press(actor: Actor, item: WorkItem) -> bool:
    started = item.initiator_id is not None and item.initiator_id == actor.account_id
    return started or allows(actor, Permission.ITEM_SUPERVISE, organisation=item.organisation, area=item.area)


def _overseen(item_id: UUID, actor: Actor, permission: Permission) -> WorkItem | None:
    """The live item if the actor may oversee it by office rather than by holding it."""
    item = WorkItem.objects.select_for_update(of=("self",)).filter(pk=item_id, state__in=_LIVE).first()
    if item is None or not allows(actor, permission, organisation=item.organisation, area=item.area):
        return None
    return item if permission is Permission.ITEM_SUPERVISE or not may_act(actor, holder(item)) else None


def _noted(actor: Actor, verb: Verb, item: WorkItem, opinion: str) -> WorkItem:
    journal.write(actor, verb, item, opinion)
    audit.record(actor, f"process.{verb.value}", target="process.item", target_id=item.id, data={"opinion": opinion})
    return item
