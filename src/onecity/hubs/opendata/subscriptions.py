"""What open data listen to: new versions of resources on the opening list, and work items completed at the common desk."""

from onecity.hubs.catalog.events import VersionPublished
from onecity.hubs.opendata import api
from onecity.hubs.process.contracts import FINISHING, Verb
from onecity.hubs.process.events import WorkItemCompleted
from onecity.kernel import jobs
from onecity.kernel.actor import Actor
from onecity.kernel.events import subscribe

__all__ = ["connect"]

_OURS = {api.REVIEW_MATTER, api.APPLICATION_MATTER, api.FEEDBACK_MATTER, api.USE_MATTER}


def _version_published(actor: Actor, event: VersionPublished) -> None:
    for key in api.due_keys(event.resource):
        jobs.defer_named("opendata.stage", lock=f"opendata:{key}", key=key)


def _item_completed(actor: Actor, event: WorkItemCompleted) -> None:
    if event.matter_kind not in _OURS or event.verb not in FINISHING:
        return
    api.settle_item(
        actor, kind=event.matter_kind, matter_id=event.matter_id, agreed=event.verb == Verb.AGREE, opinion=event.opinion
    )


def connect() -> None:
    """Called once in `ready()`."""
    subscribe("opendata.versions", VersionPublished, _version_published)
    subscribe("opendata.items", WorkItemCompleted, _item_completed)
