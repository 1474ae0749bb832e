"""What the exchange listens to."""

from onecity.hubs.exchange import api
from onecity.hubs.process.contracts import FINISHING, Verb
from onecity.hubs.process.events import WorkItemCompleted
from onecity.kernel.actor import Actor
from onecity.kernel.events import subscribe

__all__ = ["connect"]


def _item_completed(actor: Actor, event: WorkItemCompleted) -> None:
    if event.matter_kind == api.REQUEST_MATTER and event.verb in FINISHING:
        agreed = event.verb == Verb.AGREE
        api.settle_request(actor, request_id=event.matter_id, agreed=agreed, opinion=event.opinion)


def connect() -> None:
    """Called once in `ready()`."""
    subscribe("exchange.requests", WorkItemCompleted, _item_completed)
