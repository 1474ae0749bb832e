"""Begins a process about a matter. A matter runs a definition once at a time: beginning it again returns what runs."""

from collections.abc import Mapping

from onecity.hubs.process.contracts import InstanceState, MatterRef, Verb
from onecity.hubs.process.models import Instance
from onecity.hubs.process.models.kept_definition import in_force
from onecity.hubs.process.rules.tokens import Started
from onecity.hubs.process.services import journal
from onecity.hubs.process.services.run import Run
from onecity.hubs.process.services.signal_instance import signal_instance
from onecity.kernel import audit, idempotency
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now

_VERB = "process.start"


def start_instance(
    actor: Actor, *, definition: str, matter: MatterRef, organisation: str, area: str, subject: str,
    variables: Mapping[str, object], messages: Mapping[str, Mapping[str, object]], idempotency_key: str,
) -> tuple[Instance, tuple[str, ...] | None]:  # fmt: skip
    """Start and play until every token waits; returns the instance, and where it waits if new.

    Errors: DefinitionUnknown, CalendarMissingError.
    """
    done = idempotency.claim(actor, _VERB, idempotency_key)
    running = Instance.objects.filter(matter_id=matter.id, key=definition, state=InstanceState.RUNNING).first()
    if running:
        for message, told in messages.items():
            signal_instance(actor, matter_id=matter.id, message=message, variables=told)
        return running, None
    if done:
        return Instance.objects.get(pk=done), None
    version = in_force(definition)
    instance = Instance(
        definition=version,
        key=definition,
        matter_kind=matter.kind,
        matter_id=matter.id,
        matter_number=matter.number,
        matter_title=matter.title,
        matter_link=matter.link,
        organisation=organisation,
        area=area,
        subject=subject,
        variables=dict(variables),
        started_by=actor.account_id,
        started_at=now(),
        early={message: dict(told) for message, told in messages.items()},
    )
    run = Run(actor, instance, fresh=True)
    run.play(Started(instance.variables))
    run.save()
    name = run.definition.name
    journal.step(actor, Verb.START, matter_id=matter.id, instance=instance, node="start", node_name=name).save(
        force_insert=True
    )
    audit.record(
        actor, _VERB, target="process.instance", target_id=instance.id, subject=subject,
        data={"definition": definition, "version": version.version, "matter": str(matter.id), "messages": sorted(messages)},
    )  # fmt: skip
    idempotency.settle(actor, _VERB, idempotency_key, instance.id)
    return instance, run.waiting()
