"""Brings a message to a matter's running processes. A message that comes before its node is kept for it."""

from collections.abc import Mapping
from uuid import UUID

from onecity.hubs.process.contracts import InstanceState, Verb
from onecity.hubs.process.models import Instance, TokenRow
from onecity.hubs.process.rules.tokens import Received
from onecity.hubs.process.services import journal
from onecity.hubs.process.services.run import Run
from onecity.kernel import audit
from onecity.kernel.actor import Actor


def signal_instance(
    actor: Actor, *, matter_id: UUID, message: str, variables: Mapping[str, object]
) -> list[tuple[Instance, tuple[str, ...]]]:
    """Move what waits for `message`; returns the running instances of the matter, moved or not, and where they wait."""
    running = list(
        Instance.objects.select_for_update().filter(matter_id=matter_id, state=InstanceState.RUNNING).order_by("id")
    )
    return [(instance, _deliver(actor, instance, message, variables)) for instance in running]


def _deliver(actor: Actor, instance: Instance, message: str, variables: Mapping[str, object]) -> tuple[str, ...]:
    run = Run(actor, instance)
    nodes = [node for node in run.definition.nodes.values() if node.message == message]
    if not nodes:
        return run.waiting()
    waiting = {token.node for token in run.live()}
    if not waiting & {node.id for node in nodes}:
        _keep(instance, message, variables, [node.id for node in nodes])
        return run.waiting()
    run.merge(variables)
    run.play(Received(message, instance.variables))
    run.save()
    here = next(node for node in nodes if node.id in waiting)
    journal.step(
        actor,
        Verb.SIGNAL,
        matter_id=instance.matter_id,
        instance=instance,
        node=here.id,
        node_name=here.name or here.id,
    ).save(force_insert=True)
    audit.record(
        actor, "process.signal", target="process.instance", target_id=instance.id, subject=instance.subject,
        data={"message": message},
    )  # fmt: skip
    return run.waiting()


def _keep(instance: Instance, message: str, variables: Mapping[str, object], nodes: list[str]) -> None:
    """A message heard before is a repetition; a message not yet asked for waits in `early`."""
    if TokenRow.objects.filter(instance=instance, node__in=nodes, spent_at__isnull=False).exists():
        return
    instance.early = {**instance.early, message: dict(variables)}
    instance.save(update_fields=["early"])
