"""Data that came late: store them, and go on by itself when nothing is outstanding any more."""

from onecity.hubs.service.contracts import ApplicationState
from onecity.hubs.service.models import Application, ApplicationSource
from onecity.hubs.service.rules.lifecycle import after
from onecity.hubs.service.services.classify import classify
from onecity.hubs.service.services.facts import OUTSTANDING
from onecity.hubs.service.services.notices import notify
from onecity.hubs.service.services.prefill import Fetched, store
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now

__all__ = ["take_answers"]


def take_answers(
    actor: Actor, application: Application, sources: list[ApplicationSource], fetched: list[Fetched]
) -> None:
    """`application` and `sources` are locked; answers to rows that were settled meanwhile are dropped."""
    still = {source.id: source for source in sources if source.state in OUTSTANDING}
    taken = [Fetched(still[entry.source.id], entry.answer) for entry in fetched if entry.source.id in still]
    store(taken)
    application.prefilled_at = application.prefilled_at or now()
    changed = ["prefilled_at"]
    complete = not any(source.required and source.state in OUTSTANDING for source in sources)
    if application.state == ApplicationState.WAITING_DATA and complete:
        application.state = after("data_complete", ApplicationState.WAITING_DATA)
        classify(actor, application, sources)
        application.version += 1
        notify(actor, application, "resumed")
        audit.record(
            actor, "service.data_complete", target="service.application", target_id=application.id,
            subject=application.person, data={"number": application.number},
        )  # fmt: skip
        changed = [field.name for field in Application._meta.concrete_fields if not field.primary_key]
    application.save(update_fields=changed)
