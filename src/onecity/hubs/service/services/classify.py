"""Letting the rule speak and writing down what it said.

Owns the step from complete data to a verdict, to the process and to the events. Refuses to refuse: an application that does not
meet the conditions goes to a person (个人信息保护法 §24).
"""

from dataclasses import asdict
from uuid import UUID

from onecity.hubs.process import api as process
from onecity.hubs.service import ports
from onecity.hubs.service.contracts import ApplicationState, Outcome, Verdict
from onecity.hubs.service.events import ApplicationClassified, ApplicationQualified
from onecity.hubs.service.models import Application, ApplicationSource
from onecity.hubs.service.rules.lifecycle import after
from onecity.hubs.service.services.begin_process import to_process
from onecity.hubs.service.services.definitions import bundle_version
from onecity.hubs.service.services.facts import facts_of
from onecity.kernel import audit, events
from onecity.kernel.actor import Actor

__all__ = ["classify", "publish_qualified"]


def classify(
    actor: Actor, application: Application, sources: list[ApplicationSource], *, begin: bool = False
) -> Verdict:
    """Decide by rule; the caller saves `application` afterwards. The application must be in review.

    `begin` starts its process with the verdict at hand: one move instead of a start and a message.
    """
    declared = bundle_version(application.bundle, application.bundle_version)
    verdict = ports.decider(declared.decider).decide(facts_of(application, sources))
    application.outcome, application.category = verdict.outcome, verdict.category
    application.rule, application.rule_version = verdict.rule, verdict.rule_version
    application.reason, application.verdict_data = verdict.reason, dict(verdict.data)
    passed = verdict.outcome is Outcome.PASS
    if passed:
        application.state = after("qualify", ApplicationState(application.state))
    told = {
        "outcome": "pass" if passed else "person", "category": verdict.category, "reason": verdict.reason,
        "rule": f"{verdict.rule} v{verdict.rule_version}",
    }  # fmt: skip
    if begin:
        to_process(actor, application, messages={"classified": told})
    else:
        process.signal(actor, matter_id=application.id, message="classified", variables=told)
    audit.record(
        actor, "service.classify", target="service.application", target_id=application.id, subject=application.person,
        data={key: value for key, value in asdict(verdict).items() if key != "data"},
    )  # fmt: skip
    events.publish(
        actor,
        ApplicationClassified(
            application.id, application.number, application.bundle, application.area, application.person, str(verdict.outcome),
            verdict.category, verdict.rule, verdict.rule_version, dict(verdict.data),
        ),
        key=str(application.id),
    )  # fmt: skip
    if passed:
        publish_qualified(actor, application, by_person=False)
    return verdict


def publish_qualified(actor: Actor, application: Application, *, by_person: bool) -> UUID:
    """Tell the pack that the conditions of a category are met."""
    events.publish(
        actor,
        ApplicationQualified(
            application.id, application.number, application.bundle, application.area, application.person,
            application.category, application.rule, by_person, dict(application.verdict_data),
        ),
        key=str(application.id),
    )  # fmt: skip
    return application.id
