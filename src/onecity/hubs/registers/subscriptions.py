"""What the registers listen to."""

from onecity.hubs.catalog.contracts import CorrectionState
from onecity.hubs.catalog.events import CorrectionAnswered, VersionPublished
from onecity.hubs.process.contracts import FINISHING, Verb
from onecity.hubs.process.events import WorkItemCompleted
from onecity.hubs.registers import api
from onecity.kernel.actor import Actor
from onecity.kernel.events import subscribe
from onecity.kernel.jobs import defer_named

__all__ = ["connect"]


def _version_published(actor: Actor, event: VersionPublished) -> None:
    for register in api.feeding_registers(event.resource):
        defer_named("registers.rebuild_register", lock=f"registers.{register}", register=register)


def _correction_answered(actor: Actor, event: CorrectionAnswered) -> None:
    if event.outcome == CorrectionState.CORRECTED:
        for step in (api.apply_correction, api.tell_consumers):
            step(
                actor,
                correction_id=event.correction_id,
                resource=event.resource,
                subject=event.subject,
                field=event.field,
            )


def _item_completed(actor: Actor, event: WorkItemCompleted) -> None:
    if event.matter_kind == api.CREDIT_MATTER and event.verb in FINISHING:
        api.settle_credit_matter(
            actor, matter_id=event.matter_id, agreed=event.verb == Verb.AGREE, opinion=event.opinion
        )


def connect() -> None:
    """Called once in `ready()`."""
    subscribe("registers.versions", VersionPublished, _version_published)
    subscribe("registers.corrections", CorrectionAnswered, _correction_answered)
    subscribe("registers.credit_matters", WorkItemCompleted, _item_completed)
