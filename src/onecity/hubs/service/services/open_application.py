"""Opening an application: draft, authorisation and the order to fetch the data, in one transaction."""

from collections.abc import Mapping
from datetime import date

from django.db import IntegrityError, transaction

from onecity.hubs.registers import api as registers
from onecity.hubs.service import ports
from onecity.hubs.service.contracts import ApplicationState, Facts
from onecity.hubs.service.errors import AlreadyApplied, AnswersIncomplete, NotAWard, NotOpen
from onecity.hubs.service.events import ApplicationOpened
from onecity.hubs.service.models import FINISHED, Application, ApplicationSource
from onecity.hubs.service.ports import BundleDeclaration
from onecity.hubs.service.rules.guide import next_question, tags_of
from onecity.hubs.service.services.asked_sources import ask_consent, asked_sources
from onecity.hubs.service.services.definitions import current_bundle
from onecity.hubs.support import api as support
from onecity.kernel import audit, events
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now, today
from onecity.kernel.subject import SubjectRef

__all__ = ["open_application"]


def open_application(
    actor: Actor,
    *,
    bundle: str,
    behalf: SubjectRef,
    answers: Mapping[str, str],
    consented: bool,
    consent_until: date | None,
) -> tuple[Application, list[ApplicationSource]]:
    """Create the draft with one pending row per source; returns the rows. Raises NotAWard, AlreadyApplied, AnswersIncomplete, NotOpen."""
    declared, version = current_bundle(bundle)
    if next_question(declared.questions, answers) is not None:
        raise AnswersIncomplete()
    person = _person(actor, declared, behalf)
    tags = tags_of(declared.questions, answers)
    rules = ports.decider(declared.decider)
    facts = Facts(bundle, answers, actor.subject, person, "", today(), {}, {})
    accepts, sentence = rules.accepts(today())
    if not accepts:
        raise NotOpen(text=sentence)
    area = rules.area_of(facts)
    application = Application(
        bundle=bundle, bundle_version=version, state=ApplicationState.DRAFT, applicant=actor.subject,
        applicant_account=actor.account_id, applicant_name=actor.name, person=person, person_name=_person_name(actor, person),
        organisation=rules.handler_of(area), area=area, answers=dict(answers), opened_at=now(),
    )  # fmt: skip
    sources = asked_sources(declared, application, tags, consented)
    # The number comes before the first fetch of data: every access in the proof log names the matter it was made for.
    application.number = support.next_number(actor, series=declared.number_series, year=today().year)
    application.consent_id = ask_consent(actor, declared, application, sources, consented, consent_until)
    _insert(application, sources)
    audit.record(
        actor, "service.open_application", target="service.application", target_id=application.id, subject=person,
        data={"number": application.number, "bundle": bundle, "consented": consented},
    )  # fmt: skip
    events.publish(actor, ApplicationOpened(application.id, bundle, area), key=str(application.id))
    return application, sources


def _person(actor: Actor, declared: BundleDeclaration, behalf: SubjectRef) -> SubjectRef:
    if not declared.for_ward:
        return actor.subject
    if not behalf or not registers.is_guardian(guardian=actor.subject, child=behalf):
        raise NotAWard()
    return behalf


def _person_name(actor: Actor, person: SubjectRef) -> str:
    found = registers.person(Actor.system("service", actor), person)
    return found.name_masked if found else ""


def _insert(application: Application, sources: list[ApplicationSource]) -> None:
    try:
        with transaction.atomic():
            application.save(force_insert=True)
    except IntegrityError:
        other = (
            Application.objects.filter(bundle=application.bundle, person=application.person)
            .exclude(state__in=FINISHED)
            .first()
        )
        own = other is not None and other.applicant == application.applicant
        raise AlreadyApplied(data={"application": str(other.id)} if other and own else {}) from None
    ApplicationSource.objects.bulk_create(sources)
