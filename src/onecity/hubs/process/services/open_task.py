"""Opens a single work item without a process: a request to answer, a correction to check, a paper to read."""

from onecity.hubs.process.contracts import Candidate, ItemKind, Limit, MatterRef, Verb
from onecity.hubs.process.models import WorkItem
from onecity.hubs.process.services.run import opened, set_clock
from onecity.kernel import audit, idempotency
from onecity.kernel.actor import Actor
from onecity.kernel.events import publish

_VERB = "process.open_task"


def open_task(
    actor: Actor, *, matter: MatterRef, candidate: Candidate, limit: Limit | None, summary: str, reason: str,
    rule: str, node_name: str, definition: str, definition_name: str, kind: ItemKind, verbs: tuple[Verb, ...],
    idempotency_key: str,
) -> WorkItem:  # fmt: skip
    """One open item for the candidate. Errors: CalendarMissingError."""
    done = idempotency.claim(actor, _VERB, idempotency_key)
    if done:
        return WorkItem.objects.get(pk=done)
    item = WorkItem(
        kind=kind,
        definition=definition or matter.kind,
        definition_name=definition_name,
        node_name=node_name,
        matter_kind=matter.kind,
        matter_id=matter.id,
        matter_number=matter.number,
        matter_title=matter.title,
        matter_link=matter.link,
        summary=summary or matter.title,
        reason=reason,
        rule=rule,
        permission=candidate.permission,
        organisation=candidate.organisation,
        area=candidate.area,
        assignee_id=candidate.account_id,
        assignee_name=candidate.name,
        initiator_id=actor.account_id,
        verbs=[verb.value for verb in verbs],
    )
    set_clock(item, limit)
    item.save(force_insert=True)
    publish(actor, opened(item), key=str(matter.id))
    audit.record(
        actor, _VERB, target="process.item", target_id=item.id,
        data={"matter": str(matter.id), "permission": candidate.permission, "organisation": candidate.organisation},
    )  # fmt: skip
    idempotency.settle(actor, _VERB, idempotency_key, item.id)
    return item
