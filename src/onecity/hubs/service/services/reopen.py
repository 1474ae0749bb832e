"""A department corrected a value: take the new answer and let the rule look again.

Owns the second look. Refuses to disturb a decision that the new answer does not change, and to touch what is finished.
"""

from onecity.hubs.exchange.contracts import CallResult
from onecity.hubs.process import api as process
from onecity.hubs.service import ports
from onecity.hubs.service.contracts import ApplicationState, SourceState
from onecity.hubs.service.events import ApplicationReopened
from onecity.hubs.service.models import Application, ApplicationSource
from onecity.hubs.service.rules.lifecycle import after
from onecity.hubs.service.services.begin_process import to_process
from onecity.hubs.service.services.classify import classify
from onecity.hubs.service.services.definitions import bundle_version
from onecity.hubs.service.services.facts import facts_of
from onecity.hubs.service.services.notices import notify
from onecity.hubs.service.services.prefill import Fetched, store
from onecity.kernel import audit, events
from onecity.kernel.actor import Actor

__all__ = ["take_anew"]

_SETTLED = (SourceState.ANSWERED, SourceState.EMPTY)
_DECIDED = (ApplicationState.IN_REVIEW, ApplicationState.QUALIFIED)


def take_anew(actor: Actor, application: Application, sources: list[ApplicationSource], fetched: list[Fetched]) -> None:
    """`application` and `sources` are locked. An answer that failed this time leaves the earlier one as it was."""
    known = {source.id: source for source in sources if source.state in _SETTLED}
    good = [entry for entry in fetched if isinstance(entry.answer, CallResult) and entry.source.id in known]
    store([Fetched(known[entry.source.id], entry.answer) for entry in good])
    if good and application.state in _DECIDED and _says_otherwise(application, sources):
        _reopen(actor, application, sources)


def _says_otherwise(application: Application, sources: list[ApplicationSource]) -> bool:
    declared = bundle_version(application.bundle, application.bundle_version)
    verdict = ports.decider(declared.decider).decide(facts_of(application, sources))
    said = (verdict.outcome, verdict.rule, verdict.rule_version, verdict.reason, dict(verdict.data))
    before = (
        application.outcome,
        application.rule,
        application.rule_version,
        application.reason,
        application.verdict_data,
    )
    return said != before


def _reopen(actor: Actor, application: Application, sources: list[ApplicationSource]) -> None:
    if application.state == ApplicationState.QUALIFIED:
        application.state = after("reopen", ApplicationState.QUALIFIED)
    process.cancel(actor, matter_id=application.id, reason="部门更正了数据，重新核验")
    to_process(actor, application)
    application.step, application.version = "", application.version + 1
    audit.record(
        actor, "service.reopen", target="service.application", target_id=application.id, subject=application.person,
        data={"number": application.number},
    )  # fmt: skip
    events.publish(
        actor, ApplicationReopened(application.id, application.number, application.bundle), key=str(application.id)
    )
    classify(actor, application, sources)
    application.save()
    notify(actor, application, "resumed")
