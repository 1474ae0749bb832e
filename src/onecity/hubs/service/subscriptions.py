"""What the service hub listens to."""

from onecity.hubs.catalog.events import CorrectionAnswered
from onecity.hubs.exchange.events import ConsentTakenBack
from onecity.hubs.process.events import WorkItemCompleted
from onecity.hubs.service import api
from onecity.kernel.actor import Actor
from onecity.kernel.events import subscribe

__all__ = ["connect"]


def _item_completed(actor: Actor, event: WorkItemCompleted) -> None:
    if event.matter_kind == "service.application":
        api.take_review(
            actor, application_id=event.matter_id, verb=event.verb, opinion=event.opinion,
            category=str(event.variables.get("category", "")),
        )  # fmt: skip
    elif event.matter_kind == "service.rating":
        api.close_rating(actor, rating_id=event.matter_id, opinion=event.opinion)


def _correction_answered(actor: Actor, event: CorrectionAnswered) -> None:
    api.take_correction(
        actor, correction_id=event.correction_id, corrected=event.outcome == "corrected", value=event.value,
        opinion=event.opinion,
    )  # fmt: skip


def _consent_taken_back(actor: Actor, event: ConsentTakenBack) -> None:
    api.take_consent_back(actor, consent_id=event.consent_id)


def connect() -> None:
    """Called in `ready()`."""
    subscribe("service.reviews", WorkItemCompleted, _item_completed)
    subscribe("service.corrections", CorrectionAnswered, _correction_answered)
    subscribe("service.consents", ConsentTakenBack, _consent_taken_back)
