"""What the exchange listens to."""

from onecity.hubs.catalog.events import VersionPublished
from onecity.hubs.exchange import api
from onecity.hubs.process.contracts import FINISHING, Verb
from onecity.hubs.process.events import WorkItemCompleted
from onecity.kernel.actor import Actor
from onecity.kernel.events import subscribe

__all__ = ["connect"]


def _item_completed(actor: Actor, event: WorkItemCompleted) -> None:
    if event.verb not in FINISHING:
        return
    agreed, opinion = event.verb == Verb.AGREE, event.opinion
    if event.matter_kind == api.REQUEST_MATTER:
        api.settle_request(actor, request_id=event.matter_id, agreed=agreed, opinion=opinion)
    elif event.matter_kind == api.CHECK_MATTER:
        api.settle_check(actor, request_id=event.matter_id, agreed=agreed, opinion=opinion)
    elif event.matter_kind == api.DISPUTE_MATTER:
        api.settle_dispute(actor, dispute_id=event.matter_id, agreed=agreed, opinion=opinion)
    elif event.matter_kind == api.COMPLAINT_MATTER:
        api.settle_complaint(actor, complaint_id=event.matter_id, agreed=agreed, opinion=opinion)


def _published(actor: Actor, event: VersionPublished) -> None:
    api.note_supply(actor, resource=event.resource)


def connect() -> None:
    """Called once in `ready()`."""
    subscribe("exchange.requests", WorkItemCompleted, _item_completed)
    subscribe("exchange.supplies", VersionPublished, _published)
