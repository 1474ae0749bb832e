"""同意 · 不同意 · 退回修改 · 已阅: a person decides an item, once, and the process moves on."""

import json
from collections.abc import Mapping
from uuid import UUID

from onecity.hubs.process.contracts import FINISHING, CompletedView, InstanceState, ItemState, Verb
from onecity.hubs.process.errors import ItemClosed, VerbNotOffered
from onecity.hubs.process.events import WorkItemCompleted
from onecity.hubs.process.models import Instance, WorkItem
from onecity.hubs.process.rules.tokens import Finished, NoSuchToken
from onecity.hubs.process.services import journal
from onecity.hubs.process.services.countersign_item import signed
from onecity.hubs.process.services.reach_item import change, need_opinion, reach
from onecity.hubs.process.services.run import Run
from onecity.kernel import audit, idempotency
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now
from onecity.kernel.events import publish

_VERB = "process.complete"


def complete_item(
    actor: Actor, *, item_id: UUID, verb: Verb, opinion: str, variables: Mapping[str, object], version: int | None,
    idempotency_key: str, owner: str = "",
) -> CompletedView:  # fmt: skip
    """Complete and move on. Errors: ItemUnknown, ItemTaken, ItemClosed, ItemChanged, VerbNotOffered, OpinionMissing."""
    done = idempotency.claim(actor, _VERB, idempotency_key)
    if done:
        return _remembered(done)
    item = reach(actor, item_id, version=version)
    if verb not in FINISHING or (verb.value not in item.verbs and not _owned(item, owner)):
        raise VerbNotOffered()
    need_opinion(verb, opinion)
    instance = _locked(item)
    change(
        item, state=ItemState.DONE, verb=verb.value, opinion=opinion, completed_at=now(), completed_by=actor.account_id,
        completed_name=journal.signer(actor),
    )  # fmt: skip
    journal.write(actor, verb, item, opinion)
    moved = _move(actor, item, instance, verb, opinion, variables)
    _announce(actor, item, verb, opinion, variables)
    view = CompletedView(
        item.id, item.instance_id, verb, InstanceState(instance.state) if instance else None,
        instance.outcome if instance else "", tuple(opened.id for opened in moved),
    )  # fmt: skip
    idempotency.settle(actor, _VERB, idempotency_key, _memory(view))
    return view


def _owned(item: WorkItem, owner: str) -> bool:
    """Whether the item is decided on the page of the hub that completes it now."""
    return not item.verbs and bool(owner) and item.matter_kind.partition(".")[0] == owner


def _locked(item: WorkItem) -> Instance | None:
    """Branches of one instance move one after the other."""
    if item.instance_id is None or item.token_id is None:
        return None
    return Instance.objects.select_for_update().get(pk=item.instance_id)


def _move(
    actor: Actor, item: WorkItem, instance: Instance | None, verb: Verb, opinion: str, variables: Mapping[str, object]
) -> list[WorkItem]:
    if item.parent_id is not None:
        signed(actor, item)
    if instance is None or item.token_id is None:
        return []
    run = Run(actor, instance, origin=item.id)
    run.merge(variables)
    if verb is Verb.SEND_BACK:
        run.merge({"reason": f"退回修改：{opinion}"})
    try:
        run.play(Finished(item.token_id, verb, {**instance.variables, "opinion": opinion}))
    except NoSuchToken as gone:
        raise ItemClosed() from gone
    return run.save()


def _announce(actor: Actor, item: WorkItem, verb: Verb, opinion: str, variables: Mapping[str, object]) -> None:
    event = WorkItemCompleted(
        item_id=item.id,
        definition=item.definition,
        node=item.node,
        matter_kind=item.matter_kind,
        matter_id=item.matter_id,
        verb=verb.value,
        opinion=opinion,
        actor_id=actor.account_id,
        actor_name=item.completed_name,
        organisation=actor.organisation,
        variables=dict(variables),
    )
    publish(actor, event, key=str(item.matter_id))
    audit.record(
        actor, _VERB, target="process.item", target_id=item.id,
        data={"verb": verb.value, "matter": str(item.matter_id), "node": item.node},
    )  # fmt: skip


def _memory(view: CompletedView) -> str:
    return json.dumps(
        [
            str(view.item_id), str(view.instance_id or ""), view.verb, view.instance_state or "", view.outcome,
            [str(item) for item in view.opened],
        ]
    )  # fmt: skip


def _remembered(text: str) -> CompletedView:
    item, instance, verb, state, outcome, opened = json.loads(text)
    return CompletedView(
        UUID(item), UUID(instance) if instance else None, Verb(verb), InstanceState(state) if state else None, outcome,
        tuple(UUID(each) for each in opened), repeated=True,
    )  # fmt: skip
