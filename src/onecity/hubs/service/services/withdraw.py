"""Taking back: the authorisation (the case goes on with papers under the same number) or the whole application."""

from uuid import UUID

from onecity.hubs.exchange import api as exchange
from onecity.hubs.process import api as process
from onecity.hubs.service.contracts import ApplicationState, Basis, SourceState
from onecity.hubs.service.errors import StateForbids
from onecity.hubs.service.events import ApplicationWithdrawn, AuthorisationWithdrawn
from onecity.hubs.service.models import Application, ApplicationSource
from onecity.hubs.service.rules.lifecycle import after
from onecity.hubs.service.services.notices import notify
from onecity.kernel import audit, events
from onecity.kernel.actor import Actor

__all__ = ["withdraw_application", "withdraw_authorisation"]


def withdraw_authorisation(actor: Actor, application: Application, sources: list[ApplicationSource]) -> UUID:
    """Only what rested on the authorisation is taken back; what a law orders stays. Data already fetched on it is dropped."""
    affected = [source for source in sources if source.basis == Basis.AUTHORISATION]
    if not application.consent_id or not affected:
        raise StateForbids(text="这个办件没有可撤回的授权", hint="依法定职责查询的数据不以授权为前提")
    exchange.withdraw_consent(actor, consent_id=application.consent_id, reason="申请人撤回授权")
    state = ApplicationState(application.state)
    application.state = after("to_paper", state)
    application.paper_route, application.consent_id = True, None
    for source in affected:
        source.state, source.sealed, source.retry_at, source.expected_at = SourceState.PAPER, b"", None, None
    ApplicationSource.objects.bulk_update(affected, ["state", "sealed", "retry_at", "expected_at"])
    application.outcome = application.category = application.rule = application.reason = ""
    application.step, application.version = "", application.version + 1
    application.save()
    if state is not ApplicationState.DRAFT:
        process.cancel(actor, matter_id=application.id, reason="申请人撤回授权，改为自带材料")
        notify(actor, application, "papers")
    audit.record(
        actor, "service.withdraw_authorisation", target="service.application", target_id=application.id,
        subject=application.person, data={"number": application.number},
    )  # fmt: skip
    events.publish(
        actor, AuthorisationWithdrawn(application.id, application.number, application.bundle), key=str(application.id)
    )
    return application.id


def withdraw_application(actor: Actor, application: Application) -> UUID:
    """End the application at the applicant's wish."""
    was_draft = application.state == ApplicationState.DRAFT
    application.state = after("withdraw", ApplicationState(application.state))
    application.version += 1
    application.save(update_fields=["state", "version"])
    if application.consent_id:
        exchange.withdraw_consent(actor, consent_id=application.consent_id, reason="申请人撤回申请")
    if not was_draft:
        process.cancel(actor, matter_id=application.id, reason="申请人撤回")
    audit.record(
        actor, "service.withdraw", target="service.application", target_id=application.id, subject=application.person
    )
    events.publish(
        actor,
        ApplicationWithdrawn(application.id, application.number, application.bundle, application.person),
        key=str(application.id),
    )
    return application.id
