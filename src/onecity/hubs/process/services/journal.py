"""Writes the history lines people read under 办理过程. Owns Step rows; refuses to change one."""

from uuid import UUID

from onecity.codes.error import CodeError
from onecity.codes.person_name import PersonName
from onecity.hubs.process.contracts import Verb
from onecity.hubs.process.models import Instance, Step, WorkItem
from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.clock import now

_LONGEST_NAME = 80


def signer(actor: Actor) -> str:
    """The name a step shows: staff in full, residents masked, a hub acting by itself as 系统."""
    if actor.kind is ActorKind.SYSTEM and actor.account_id is None:
        return "系统"
    if actor.kind is ActorKind.STAFF:
        return actor.name[:_LONGEST_NAME]
    try:
        return PersonName.parse(actor.name).masked()
    except CodeError:
        return "申请人" if not actor.organisation_name else actor.organisation_name[:_LONGEST_NAME]


def step(
    actor: Actor, verb: Verb, *, matter_id: UUID, item: WorkItem | None = None, instance: Instance | None = None,
    node: str = "", node_name: str = "", opinion: str = "",
) -> Step:  # fmt: skip
    """An unsaved line; savers collect several and write them at once."""
    instance_id = instance.id if instance else (item.instance_id if item else None)
    return Step(
        matter_id=matter_id,
        instance_id=instance_id,
        item_id=item.id if item else None,
        at=now(),
        account_id=actor.account_id,
        who=signer(actor),
        organisation=actor.organisation,
        organisation_name=actor.organisation_name,
        post=actor.post,
        node=node or (item.node if item else ""),
        node_name=node_name or (item.node_name if item else ""),
        verb=verb,
        opinion=opinion,
    )


def write(actor: Actor, verb: Verb, item: WorkItem, opinion: str = "") -> None:
    """Write one line about an item now."""
    step(actor, verb, matter_id=item.matter_id, item=item, opinion=opinion).save(force_insert=True)
