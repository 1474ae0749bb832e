"""What the catalogue listens to."""

from onecity.hubs.catalog import api
from onecity.hubs.process.contracts import FINISHING, Verb
from onecity.hubs.process.events import WorkItemCompleted
from onecity.kernel.actor import Actor
from onecity.kernel.events import subscribe

__all__ = ["connect"]


def _item_completed(actor: Actor, event: WorkItemCompleted) -> None:
    if event.matter_kind != api.CORRECTION_MATTER or event.verb not in FINISHING:
        return
    value = str(event.variables.get("value", ""))
    agreed = event.verb == Verb.AGREE
    api.settle_correction(actor, correction_id=event.matter_id, agreed=agreed, value=value, opinion=event.opinion)


def connect() -> None:
    """Called once in `ready()`."""
    subscribe("catalog.corrections", WorkItemCompleted, _item_completed)
