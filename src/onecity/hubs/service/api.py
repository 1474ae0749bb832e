"""The front door of the service hub.

Write verbs open the transaction, check the permission, lock, call one service and return the new view. Outside calls happen
before the transaction (gather → decide → write).
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from onecity.hubs.service import queries
from onecity.hubs.service.contracts import (
    ApplicationFilter,
    ApplicationState,
    ApplicationView,
    Facts,
    Permission,
    RatingLevel,
    SourceState,
)
from onecity.hubs.service.errors import ApplicationNotFound, ChangedMeanwhile, StateForbids
from onecity.hubs.service.models import Application, ApplicationSource, Dispute, Rating
from onecity.hubs.service.models.application import FINISHED
from onecity.hubs.service.ports import Declaration
from onecity.hubs.service.queries import applications, area_figures, bundle, bundles, guide, my_applications, savings
from onecity.hubs.service.services.apply_declaration import apply_declaration as _apply_declaration
from onecity.hubs.service.services.decide import DecisionInput
from onecity.hubs.service.services.decide import attach_results as _attach_results
from onecity.hubs.service.services.decide import decide_many as _decide_many
from onecity.hubs.service.services.decide import move_step as _move_step
from onecity.hubs.service.services.decide import reviewed as _reviewed
from onecity.hubs.service.services.dispute import answer_dispute as _answer_dispute
from onecity.hubs.service.services.dispute import dispute_field as _dispute_field
from onecity.hubs.service.services.facts import facts_of as _facts_of
from onecity.hubs.service.services.fields import disputes_of as _disputes_of
from onecity.hubs.service.services.open_application import open_application as _open_application
from onecity.hubs.service.services.prefill import answered as _answered
from onecity.hubs.service.services.prefill import fetch as _fetch
from onecity.hubs.service.services.prefill import pending as _pending
from onecity.hubs.service.services.rate import rate as _rate
from onecity.hubs.service.services.reopen import take_anew as _take_anew
from onecity.hubs.service.services.resume import take_answers as _take_answers
from onecity.hubs.service.services.submit import keep_values as _keep_values
from onecity.hubs.service.services.submit import submit as _submit
from onecity.hubs.service.services.withdraw import withdraw_application as _withdraw_application
from onecity.hubs.service.services.withdraw import withdraw_authorisation as _withdraw_authorisation
from onecity.kernel import audit, idempotency, jobs
from onecity.kernel.actor import Actor
from onecity.kernel.clock import wall_now
from onecity.kernel.database import refuse_inside_atomic
from onecity.kernel.errors import Unavailable
from onecity.kernel.policy import require
from onecity.kernel.subject import SubjectRef

__all__ = [
    "ApplicationFilter", "DecisionInput", "application", "applications", "apply_declaration", "area_figures", "attach_results",
    "bundle", "bundles", "close_rating", "decide", "decide_many", "dispute_field", "facts_of", "guide", "move_step",
    "my_applications", "open_application", "prefill", "rate", "refetch", "resume_waiting", "save_draft", "savings", "submit",
    "take_consent_back", "take_correction", "take_review", "unmask", "withdraw", "withdraw_authorisation",
]  # fmt: skip

logger = logging.getLogger("onecity.service")

RESUME_BATCH = 50
POSTPONED = timedelta(minutes=10)
NOBODY = SubjectRef("")


def _locked(actor: Actor, application_id: UUID, *, own: bool = False) -> Application:
    """The row, locked, when the actor may act on it; `own` = only the applicant."""
    row = Application.objects.select_for_update().filter(pk=application_id).first()
    if row is None or not queries.visible_to(actor, row) or (own and not actor.acts_for(SubjectRef(row.applicant))):
        raise ApplicationNotFound()
    return row


def _locked_sources(application_id: UUID) -> list[ApplicationSource]:
    rows = (
        ApplicationSource.objects.select_for_update()
        .filter(application_id=application_id)
        .order_by("interface", "subject")
    )
    return list(rows)


def apply_declaration(actor: Actor, pack: str, declared: Declaration) -> None:
    """Take over a pack's items and bundles."""
    with transaction.atomic():
        _apply_declaration(actor, pack, declared)


def application(actor: Actor, application_id: UUID) -> ApplicationView:
    """One application, masked. Raises ApplicationNotFound."""
    return queries.application(actor, application_id)


def open_application(
    actor: Actor, /, *, bundle: str, behalf: SubjectRef = NOBODY, answers: Mapping[str, str], consented: bool,
    consent_until: date | None = None, idempotency_key: str = "",
) -> ApplicationView:  # fmt: skip
    """Open a draft, record the authorisation and order the data, in one transaction. A repeated key returns the first draft.

    Raises NotAWard, AlreadyApplied, AnswersIncomplete, NotOpen, BundleNotFound.
    """
    require(actor, Permission.APPLY)
    with transaction.atomic():
        known = idempotency.claim(actor, "service.open_application", idempotency_key)
        if known:
            return queries.application(actor, UUID(known))
        made, sources = _open_application(
            actor, bundle=bundle, behalf=behalf, answers=answers, consented=consented, consent_until=consent_until
        )
        idempotency.settle(actor, "service.open_application", idempotency_key, made.id)
        jobs.defer_named("service.prefill", application_id=str(made.id))
    return queries.view_of(made, sources, [])


def prefill(actor: Actor, /, *, application_id: UUID) -> None:
    """Ask every source that has not answered yet. Repeating it is harmless."""
    refuse_inside_atomic("查询部门数据")
    row = Application.objects.filter(pk=application_id).first()
    if row is None or row.state in (ApplicationState.WITHDRAWN, ApplicationState.REFUSED, ApplicationState.GRANTED):
        return
    fetched = _fetch(row, _pending(application_id))
    with transaction.atomic():
        locked = Application.objects.select_for_update().get(pk=application_id)
        _take_answers(actor, locked, _locked_sources(application_id), fetched)


def resume_waiting(actor: Actor, /, *, limit: int = RESUME_BATCH) -> int:
    """Ask again the sources whose retry is due; returns how many applications were looked at."""
    ids = _due(limit)
    for application_id in ids:
        try:
            prefill(actor, application_id=application_id)
        except Exception:
            logger.exception("application %s could not be resumed; the others go on", application_id)
            _postpone(application_id)
    return len(ids)


def _due(limit: int) -> list[UUID]:
    """Unfinished applications with a source whose retry is due, longest due first."""
    unfinished = Application.objects.exclude(state__in=FINISHED).values("id")
    found = ApplicationSource.objects.filter(
        state=SourceState.WAITING, retry_at__lte=wall_now(), application_id__in=unfinished
    )
    ids = found.order_by("retry_at").values_list("application_id", flat=True)[: limit * 4]
    return list(dict.fromkeys(ids))[:limit]


def _postpone(application_id: UUID) -> None:
    waiting = ApplicationSource.objects.filter(application_id=application_id, state=SourceState.WAITING)
    waiting.update(retry_at=wall_now() + POSTPONED)


def save_draft(actor: Actor, /, *, application_id: UUID, values: Mapping[str, str], version: int | None = None) -> int:
    """Keep what was typed so far; returns the new version. Raises ChangedMeanwhile, StateForbids."""
    require(actor, Permission.APPLY)
    with transaction.atomic():
        row = _locked(actor, application_id, own=True)
        if row.state not in (ApplicationState.DRAFT, ApplicationState.SUPPLEMENT):
            raise StateForbids()
        if version is not None and version != row.version:
            raise ChangedMeanwhile(data={"version": row.version})
        _keep_values(row, values)
        row.version += 1
        row.save(update_fields=["sealed", "version"])
        return row.version


def submit(
    actor: Actor,
    /,
    *,
    application_id: UUID,
    values: Mapping[str, str],
    version: int | None = None,
    idempotency_key: str = "",
) -> ApplicationView:
    """Hand in, once; a second click with the same key returns the same answer. Raises FieldsInvalid, StateForbids …"""
    require(actor, Permission.APPLY)
    with transaction.atomic():
        row = _locked(actor, application_id, own=True)
        sources, disputed = _locked_sources(application_id), _disputes_of(row)
        if not idempotency.claim(actor, "service.submit", idempotency_key):
            _submit(actor, row, sources, disputed, values=values, version=version)
            idempotency.settle(actor, "service.submit", idempotency_key, application_id)
    return queries.view_of(row, sources, disputed)


def withdraw_authorisation(actor: Actor, /, *, application_id: UUID) -> ApplicationView:
    """Take the authorisation back: the next call is refused and the case goes on with papers under the same number."""
    require(actor, Permission.APPLY)
    with transaction.atomic():
        row = _locked(actor, application_id, own=True)
        _withdraw_authorisation(actor, row, _locked_sources(application_id))
    return queries.application(actor, application_id)


def withdraw(actor: Actor, /, *, application_id: UUID) -> ApplicationView:
    """Take the application back. Raises StateForbids when it is decided."""
    require(actor, Permission.APPLY)
    with transaction.atomic():
        _withdraw_application(actor, _locked(actor, application_id, own=True))
    return queries.application(actor, application_id)


def dispute_field(
    actor: Actor, /, *, application_id: UUID, field: str, claimed: str, reason: str, idempotency_key: str = ""
) -> ApplicationView:
    """Say that a fetched value is wrong; its department has to answer on a clock."""
    require(actor, Permission.APPLY)
    with transaction.atomic():
        row = _locked(actor, application_id, own=True)
        if not idempotency.claim(actor, "service.dispute_field", idempotency_key):
            sources = _locked_sources(application_id)
            acting = actor.on_behalf_of(SubjectRef(row.person))
            made = _dispute_field(acting, row, sources, field=field, claimed=claimed, reason=reason)
            idempotency.settle(actor, "service.dispute_field", idempotency_key, made)
    return queries.application(actor, application_id)


def unmask(actor: Actor, /, *, application_id: UUID, field: str, reason: str) -> str:
    """One field whole. The person's own data need no reason; anybody else's view is noted for the person with the reason."""
    row = Application.objects.filter(pk=application_id).first()
    if row is None or not queries.visible_to(actor, row):
        raise ApplicationNotFound()
    own = actor.acts_for(SubjectRef(row.applicant))
    if not own and not reason.strip():
        raise StateForbids("service.reason_needed", "查看完整信息须填写理由", hint="理由会告知当事人")
    view = queries.application(actor, application_id, open_masks=frozenset({field}))
    shown = next((entry for entry in view.fields if entry.key == field), None)
    if shown is None:
        raise ApplicationNotFound(text="没有这一项")
    if not own:
        with transaction.atomic():
            audit.record_view(
                actor, subject=SubjectRef(row.person), fields=(shown.label,), reason=reason.strip(),
                target="service.application", target_id=application_id,
            )  # fmt: skip
    return shown.value


def take_review(actor: Actor, /, *, application_id: UUID, verb: str, opinion: str, category: str = "") -> None:
    """A reviewer completed the work item of this application. Idempotent."""
    with transaction.atomic():
        row = Application.objects.select_for_update().filter(pk=application_id).first()
        if row is not None:
            _reviewed(actor, row, verb=verb, opinion=opinion, category=category)


def take_correction(actor: Actor, /, *, correction_id: UUID, corrected: bool, value: str, opinion: str) -> None:
    """A department answered a correction that came from an application; its data are fetched anew."""
    with transaction.atomic():
        dispute = Dispute.objects.select_for_update().filter(correction_id=correction_id, state="open").first()
        if dispute is None:
            return
        _answer_dispute(dispute, corrected=corrected, value=value, opinion=opinion)
        if corrected:
            jobs.defer_named("service.refetch", application_id=str(dispute.application_id), interface=dispute.interface)


def refetch(actor: Actor, /, *, application_id: UUID, interface: str) -> None:
    """Ask a corrected source again and look at the decision anew. Repeating it is harmless.

    Raises Unavailable when the source does not answer now (the job tries again).
    """
    refuse_inside_atomic("查询部门数据")
    row = Application.objects.filter(pk=application_id).exclude(state__in=FINISHED).first()
    if row is None:
        return
    fetched = _fetch(row, _answered(application_id, interface))
    with transaction.atomic():
        locked = Application.objects.select_for_update().get(pk=application_id)
        _take_anew(actor, locked, _locked_sources(application_id), fetched)
    for entry in fetched:
        if isinstance(entry.answer, Unavailable):
            raise entry.answer


def take_consent_back(actor: Actor, /, *, consent_id: UUID) -> None:
    """The person took an authorisation back elsewhere (the page "my data"): its application goes on with papers. Idempotent."""
    with transaction.atomic():
        row = Application.objects.select_for_update().filter(consent_id=consent_id).exclude(state__in=FINISHED).first()
        if row is not None:
            _withdraw_authorisation(actor, row, _locked_sources(row.id))


def decide(
    actor: Actor, /, *, application_id: UUID, granted: bool, rule: str, rule_version: str, reason: str,
    data: Mapping[str, str] | None = None,
) -> int:  # fmt: skip
    """Grant or refuse one application (for packs)."""
    return decide_many(
        actor, decisions=[DecisionInput(application_id, granted, rule, rule_version, reason, dict(data or {}))]
    )


def decide_many(actor: Actor, /, *, decisions: Sequence[DecisionInput]) -> int:
    """Grant or refuse many; those decided already are passed over. Returns how many changed."""
    require(actor, Permission.DECIDE)
    with transaction.atomic():
        return _decide_many(actor, decisions)


def move_step(actor: Actor, /, *, application_ids: Sequence[UUID], step: str, next_date: date | None = None) -> int:
    """Light another dot of the tracker for many applications."""
    require(actor, Permission.DECIDE)
    with transaction.atomic():
        return _move_step(actor, application_ids, step, next_date)


def attach_results(actor: Actor, /, *, results: Mapping[UUID, Sequence[UUID]]) -> int:
    """Note the certificates that resulted."""
    require(actor, Permission.DECIDE)
    with transaction.atomic():
        return _attach_results(actor, results)


def facts_of(actor: Actor, application_id: UUID) -> Facts:
    """What a rule may look at (for packs re-deciding or explaining). Raises ApplicationNotFound."""
    row = Application.objects.filter(pk=application_id).first()
    if row is None or not queries.visible_to(actor, row):
        raise ApplicationNotFound()
    return _facts_of(row, list(ApplicationSource.objects.filter(application_id=application_id)))


def rate(actor: Actor, /, *, application_id: UUID, level: RatingLevel, comment: str = "") -> ApplicationView:
    """好差评, once. Raises NotRateable."""
    require(actor, Permission.RATE)
    with transaction.atomic():
        _rate(actor, _locked(actor, application_id, own=True), level=level, comment=comment)
    return queries.application(actor, application_id)


def close_rating(actor: Actor, /, *, rating_id: UUID, opinion: str) -> None:
    """The handling unit called back and closed a bad rating."""
    with transaction.atomic():
        Rating.objects.filter(pk=rating_id, state="open").update(state="closed")
        audit.record(
            actor, "service.close_rating", target="service.rating", target_id=rating_id, data={"opinion": opinion}
        )
