"""The one visible list of what the pack listens to. A pack that is switched off hears nothing."""

from collections.abc import Callable
from typing import TypeVar

from onecity.hubs.process.events import WorkItemCompleted
from onecity.hubs.service.events import (
    ApplicationDecided,
    ApplicationQualified,
    ApplicationReopened,
    ApplicationWithdrawn,
    AuthorisationWithdrawn,
)
from onecity.kernel.actor import Actor
from onecity.kernel.events import subscribe
from onecity.kernel.packs import enabled
from onecity.scenarios.school_enrolment import api
from onecity.scenarios.school_enrolment.contracts import BUNDLE

__all__ = ["connect"]

E_ = TypeVar("E_")


def _when_enabled(handler: Callable[[Actor, E_], None]) -> Callable[[Actor, E_], None]:
    def handle(actor: Actor, event: E_) -> None:
        if getattr(event, "bundle", BUNDLE) == BUNDLE and enabled(BUNDLE):
            handler(actor, event)

    return handle


def _qualified(actor: Actor, event: ApplicationQualified) -> None:
    api.take_in(actor, event)


def _left(actor: Actor, event: ApplicationWithdrawn | AuthorisationWithdrawn | ApplicationReopened) -> None:
    api.drop(event.application_id)


def _refused(actor: Actor, event: ApplicationDecided) -> None:
    if not event.granted:
        api.drop(event.application_id)


def _step_taken(actor: Actor, event: WorkItemCompleted) -> None:
    """Somebody agreed on the to-do list instead of on our page: the same step, taken once."""
    if event.matter_kind.startswith("school_enrolment.") and event.verb == "agree":
        api.step_taken(actor, kind=event.matter_kind, matter_id=event.matter_id, opinion=event.opinion)


def connect() -> None:
    """Called in `ready()`."""
    subscribe("school_enrolment.candidates", ApplicationQualified, _when_enabled(_qualified))
    subscribe("school_enrolment.candidates", ApplicationWithdrawn, _when_enabled(_left))
    subscribe("school_enrolment.candidates", AuthorisationWithdrawn, _when_enabled(_left))
    subscribe("school_enrolment.candidates", ApplicationReopened, _when_enabled(_left))
    subscribe("school_enrolment.candidates", ApplicationDecided, _when_enabled(_refused))
    subscribe("school_enrolment.steps", WorkItemCompleted, _when_enabled(_step_taken))
