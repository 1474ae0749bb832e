"""撤回: take back one's own decision while the next person has not begun. The token returns; nothing is erased."""

from uuid import UUID

from onecity.hubs.process.contracts import InstanceState, ItemState, Verb
from onecity.hubs.process.errors import CannotWithdraw, ItemUnknown
from onecity.hubs.process.models import Instance, TokenRow, WorkItem
from onecity.hubs.process.rules.definitions import NodeKind
from onecity.hubs.process.services import journal
from onecity.hubs.process.services.reach_item import change
from onecity.hubs.process.services.run import Run
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now


def withdraw_item(actor: Actor, *, item_id: UUID, opinion: str) -> WorkItem:
    """Reopen the item's node for its decider. Errors: ItemUnknown, CannotWithdraw."""
    item = WorkItem.objects.filter(pk=item_id, completed_by=actor.account_id, state=ItemState.DONE).first()
    if item is None or actor.account_id is None:
        raise ItemUnknown()
    if item.instance_id is None or item.token_id is None:
        raise CannotWithdraw(text="该事项办结后即时生效，不能撤回")
    instance = Instance.objects.select_for_update().get(pk=item.instance_id)
    if instance.state != InstanceState.RUNNING:
        raise CannotWithdraw(text="流程已结束，不能撤回", hint="如决定有误，请按规定启动纠错程序")
    run = Run(actor, instance)
    _take_back(run, item)
    run.place(item.node)
    (again,) = run.save()
    change(again, assignee_id=actor.account_id, assignee_name=journal.signer(actor))
    journal.write(actor, Verb.WITHDRAW, item, opinion)
    audit.record(
        actor, "process.withdraw", target="process.item", target_id=item.id, data={"reopened_as": str(again.id)}
    )
    return again


def _take_back(run: Run, item: WorkItem) -> None:
    """Spend the tokens that the decision placed and cancel their items; refuse when any has gone further."""
    placed = list(TokenRow.objects.filter(instance=run.instance, origin=item.id))
    items = {found.token_id: found for found in WorkItem.objects.select_for_update(of=("self",)).filter(
        token_id__in=[row.id for row in placed]
    )}  # fmt: skip
    if not placed or not all(_untouched(run, item.node, row, items.get(row.id)) for row in placed):
        raise CannotWithdraw()
    for row in placed:
        run.spend(row.id)
        if row.id in items:
            change(items[row.id], state=ItemState.CANCELLED, completed_at=now())


def _untouched(run: Run, node: str, row: TokenRow, item: WorkItem | None) -> bool:
    if row.spent_at is not None:
        return False
    kind = run.definition.nodes[row.node].kind
    if kind is NodeKind.JOIN:
        return True
    met = len(run.definition.scopes[row.node]) < len(run.definition.scopes[node])
    return not met and item is not None and item.state == ItemState.OPEN and item.assignee_id is None
