"""Handing in, once: check what was typed, start the process, and let the rule speak when every department has answered."""

from collections.abc import Mapping
from uuid import UUID

from onecity.hubs.service.contracts import ApplicationState, SourceState
from onecity.hubs.service.errors import ChangedMeanwhile
from onecity.hubs.service.events import ApplicationSubmitted
from onecity.hubs.service.models import Application, ApplicationSource, Dispute
from onecity.hubs.service.rules.lifecycle import after
from onecity.hubs.service.services.begin_process import to_process
from onecity.hubs.service.services.checking import check_filled
from onecity.hubs.service.services.classify import classify
from onecity.hubs.service.services.facts import OUTSTANDING
from onecity.hubs.service.services.notices import notify
from onecity.hubs.service.services.sealing import sealed
from onecity.kernel import audit, events
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now, wall_now

__all__ = ["keep_values", "submit"]


def keep_values(application: Application, values: Mapping[str, str]) -> None:
    """Put what the person typed onto the row (unsaved)."""
    application.sealed = sealed({key: value.strip() for key, value in values.items()}, application.id)


def submit(
    actor: Actor,
    application: Application,
    sources: list[ApplicationSource],
    disputed: list[Dispute],
    *,
    values: Mapping[str, str],
    version: int | None,
) -> UUID:
    """`application` and `sources` are locked. Raises FieldsInvalid, ChangedMeanwhile, StateForbids."""
    if version is not None and version != application.version:
        raise ChangedMeanwhile(data={"version": application.version})
    again = application.state == ApplicationState.SUPPLEMENT
    waiting = tuple(s.interface for s in sources if s.required and s.state in OUTSTANDING)
    act = "resubmit" if again else "submit_waiting" if waiting else "submit_complete"
    target = after(act, ApplicationState(application.state))
    keep_values(application, values)
    check_filled(application, sources, disputed, values)
    application.state, application.submitted_at = target, application.submitted_at or now()
    _mark_unasked(sources)
    if target is ApplicationState.IN_REVIEW and not again:
        classify(actor, application, sources, begin=True)
    else:
        to_process(actor, application)
    if target is ApplicationState.IN_REVIEW and again:
        classify(actor, application, sources)
    application.version += 1
    application.save()
    notify(actor, application, "waiting" if waiting else "submitted")
    audit.record(
        actor, "service.submit", target="service.application", target_id=application.id, subject=application.person,
        data={"number": application.number, "waiting": list(waiting)},
    )  # fmt: skip
    events.publish(
        actor,
        ApplicationSubmitted(
            application.id, application.number, application.bundle, application.area, application.person, waiting
        ),
        key=str(application.id),
    )
    return application.id


def _mark_unasked(sources: list[ApplicationSource]) -> None:
    """What was handed in before the first fetch came back goes on waiting like any late answer."""
    late = [source for source in sources if source.state == SourceState.PENDING]
    for source in late:
        source.state = SourceState.WAITING
        source.retry_at = wall_now()
    if late:
        ApplicationSource.objects.bulk_update(late, ["state", "retry_at"])
