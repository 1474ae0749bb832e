"""The front door of the exchange. Writes: permission → change → audit → event in one transaction. Calls: outside of every transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from onecity.hubs.exchange.api.cascade import (
    Connection,
    admit_node,
    connect_superior,
    dismiss_node,
    downflows,
    nodes,
    offers,
    own_node_key,
    reported,
    subscribe,
    subscriptions,
    superiors,
    tend_now,
    tend_superiors,
)
from onecity.hubs.exchange.api.clients import (
    clients,
    register_client,
    revoke_client,
    rotate_client,
)
from onecity.hubs.exchange.api.delivery import (
    batch,
    batch_file,
    batch_memberships,
    batches,
    changes,
    list_rows,
    machine,
    manifest,
    open_batch,
    remove_old_batches,
)
from onecity.hubs.exchange.api.desk import (
    CHECK_MATTER,
    Board,
    Flow,
    answers_of,
    board,
    check_form,
    covered_by,
    note_answer,
    note_supply,
    quoted_figures,
    rate,
    report_emergency,
    request_access,
    settle_check,
    steps_of,
    supplement_request,
    times_if_asked,
    times_of,
    to_check,
    watch,
    withdraw_request,
)
from onecity.hubs.exchange.api.limits import (
    board_calls,
    grant,
    grant_report,
    grant_uses,
    late_requests,
    limit_grant,
)
from onecity.hubs.exchange.api.objections import (
    COMPLAINT_MATTER,
    DISPUTE_MATTER,
    answer_complaint,
    answer_dispute,
    complaint,
    complaints,
    complaints_of,
    disputes_of,
    next_dispute,
    own_references,
    raise_complaint,
    raise_dispute,
    settle_complaint,
    settle_dispute,
)
from onecity.hubs.exchange.contracts import (
    CallRequest,
    CallResult,
    ConsentView,
    GrantView,
    RefusalCode,
    RequestView,
)
from onecity.hubs.exchange.errors import BundleBroken, InsideTransaction
from onecity.hubs.exchange.ports import Declaration
from onecity.hubs.exchange.queries import (
    accesses_of,
    accesses_total,
    calls_per_hour,
    consent_view,
    consents_of,
    grant_view,
    grants,
    interfaces,
    proof_bundle,
    request,
    request_view,
    requests,
    to_answer,
)
from onecity.hubs.exchange.rules.bundle import bundle_faults
from onecity.hubs.exchange.services import ask_access as _access
from onecity.hubs.exchange.services import call as _call
from onecity.hubs.exchange.services import consent as _consent
from onecity.hubs.exchange.services import declare as _declare
from onecity.hubs.exchange.services import end_grant as _ending
from onecity.hubs.exchange.services import supply as _supply
from onecity.hubs.exchange.services.export_log import export_log
from onecity.hubs.exchange.services.proving import Consumer, close_writers
from onecity.hubs.exchange.services.rows import consent_row, request_row
from onecity.hubs.exchange.services.seal_proofs import public_key, seal_proofs, verify_log
from onecity.hubs.exchange.services.workers import settle_revocations
from onecity.kernel import idempotency
from onecity.kernel.actor import Actor
from onecity.kernel.errors import CityError
from onecity.kernel.subject import SubjectRef

__all__ = [
    "CHECK_MATTER",
    "COMPLAINT_MATTER",
    "DISPUTE_MATTER",
    "REQUEST_MATTER",
    "Board",
    "Connection",
    "Flow",
    "accesses_of",
    "accesses_total",
    "admit_node",
    "answer_complaint",
    "answer_dispute",
    "answer_request",
    "answers_of",
    "apply_declaration",
    "batch",
    "batch_file",
    "batch_memberships",
    "batches",
    "board",
    "board_calls",
    "call",
    "calls_per_hour",
    "changes",
    "check_form",
    "clients",
    "close_writers",
    "complaint",
    "complaints",
    "complaints_of",
    "configure_source",
    "connect_superior",
    "consents_of",
    "covered_by",
    "dismiss_node",
    "disputes_of",
    "downflows",
    "export_log",
    "gather",
    "grant",
    "grant_report",
    "grant_uses",
    "grants",
    "interfaces",
    "late_requests",
    "limit_grant",
    "list_rows",
    "machine",
    "manifest",
    "next_dispute",
    "nodes",
    "note_supply",
    "offers",
    "open_batch",
    "own_node_key",
    "own_references",
    "proof_bundle",
    "public_key",
    "quoted_figures",
    "raise_complaint",
    "raise_dispute",
    "rate",
    "record_consent",
    "register_client",
    "remove_old_batches",
    "report_emergency",
    "reported",
    "request",
    "request_access",
    "requests",
    "revoke_client",
    "revoke_grant",
    "rotate_client",
    "seal_proofs",
    "settle_check",
    "settle_complaint",
    "settle_declared",
    "settle_dispute",
    "settle_request",
    "settle_revocations",
    "source_status",
    "steps_of",
    "subscribe",
    "subscriptions",
    "superiors",
    "supplement_request",
    "switch_source",
    "tend_now",
    "tend_superiors",
    "times_if_asked",
    "times_of",
    "to_answer",
    "to_check",
    "verify_bundle",
    "verify_log",
    "watch",
    "withdraw_consent",
    "withdraw_request",
]  # fmt: skip

REQUEST_MATTER = _access.MATTER_KIND
source_status = _supply.source_status


def call(
    actor: Actor, /, *, interface: str, subject: SubjectRef, fields: Sequence[str] = (), matter: str = "",
    purpose: str = "", consent_id: UUID | None = None, claims: Mapping[str, str] | None = None, consumer: str = "",
    consumer_name: str = "", number: str = "",
) -> CallResult:  # fmt: skip
    """Ask one interface about one subject. `fields` empty = everything granted; `purpose` "" = the actor's.

    `consumer` (credit code) may be named by a hub acting by itself (`Actor.system`); staff call for their own organisation.
    `number`: the bare number, needed only by sources in other cities (a node above), never stored.
    Raises NotGranted, PurposeNotGranted, GrantExpired, FieldNotGranted, ConsentMissing, ConsentWithdrawn, QuotaExceeded,
    SourceUnavailable, SourceGarbage, ProofUnavailable, InsideTransaction. Every outcome is proven before it is known here.
    """
    wanted = CallRequest(
        interface, subject, tuple(fields), matter, purpose, consent_id, dict(claims or {}), person=actor.name[:60], number=number
    )  # fmt: skip
    (answer,) = gather(actor, calls=[wanted], consumer=consumer, consumer_name=consumer_name)
    if isinstance(answer, CityError):
        raise answer
    return answer


def gather(
    actor: Actor, /, *, calls: Sequence[CallRequest], consumer: str = "", consumer_name: str = ""
) -> list[CallResult | CityError]:
    """Several calls at once, answers in their order; a refused or unanswered one stands as its error, the others go on."""
    filled = [one if one.purpose else _with_purpose(one, actor.purpose) for one in calls]
    return _call.gather(actor, filled, Consumer(consumer, consumer_name) if consumer else None)


def _with_purpose(one: CallRequest, purpose: str) -> CallRequest:
    return replace(one, purpose=purpose)


def record_consent(
    actor: Actor, /, *, subject: SubjectRef, interfaces: Sequence[str], purpose: str, matter: str, until: datetime,
    covers: Sequence[SubjectRef] = (), idempotency_key: str = "",
) -> ConsentView:  # fmt: skip
    """Write down a person's authorisation; joins the caller's transaction. `covers` names whose data it opens (empty = the matter's)."""
    with transaction.atomic():
        if known := idempotency.claim(actor, "exchange.record_consent", idempotency_key):
            return consent_view(consent_row(UUID(known)), _names())
        row = _consent.record_consent(
            actor, subject=subject, interfaces=interfaces, purpose=purpose, matter=matter, until=until, covers=covers
        )
        idempotency.settle(actor, "exchange.record_consent", idempotency_key, row.id)
        return consent_view(row, _names())


def _names() -> dict[str, Any]:
    return dict(interfaces())


def withdraw_consent(actor: Actor, /, *, consent_id: UUID, reason: str = "") -> ConsentView:
    """Take an authorisation back; the next call under it is refused. Doing it twice changes nothing."""
    with transaction.atomic():
        return consent_view(_consent.withdraw_consent(actor, consent_id=consent_id, reason=reason), _names())


def answer_request(
    actor: Actor, /, *, request_id: UUID, granted: bool, refusal: RefusalCode | str | None = None, opinion: str = "",
    fields: Sequence[str] = (), quota_per_day: int | None = None, valid_to: date | None = None,
) -> RequestView:  # fmt: skip
    """The provider's answer: a grant (perhaps of less than asked) or a coded refusal. Raises RequestClosed."""
    with transaction.atomic():
        row = _access.answer_request(
            actor, request_id=request_id, granted=granted, refusal=RefusalCode(refusal) if refusal else None,
            opinion=opinion, fields=fields, quota_per_day=quota_per_day, valid_to=valid_to,
        )  # fmt: skip
        note_answer(actor, row)
        return request_view(row)


def settle_request(actor: Actor, /, *, request_id: UUID, agreed: bool, opinion: str) -> None:
    """The work item was completed at the common desk: take that as the answer (as asked, or refused as unclear)."""
    with transaction.atomic():
        row = request_row(request_id, lock=True)
        if row.answered_at is None:
            _access.answer_request(
                actor, request_id=request_id, granted=agreed, refusal=RefusalCode.PURPOSE_UNCLEAR, opinion=opinion,
                finish_item=False,
            )  # fmt: skip


def revoke_grant(actor: Actor, /, *, grant_id: UUID, reason: str) -> GrantView:
    """Take a grant back. Returns when no gateway worker can answer under it any more (`revoked`, within a second); inside a
    transaction it stays `revoking` until the worker process has seen to that. Raises GrantClosed."""
    nested = transaction.get_connection().in_atomic_block
    with transaction.atomic():
        row = _ending.revoke_grant(actor, grant_id=grant_id, reason=reason)
    if not nested:
        settle_revocations()
        row.refresh_from_db()
    return grant_view(row, _names())


def apply_declaration(actor: Actor, pack: str, content: Declaration, /) -> None:
    """Apply a pack's `declares/exchange.yaml`."""
    with transaction.atomic():
        _declare.apply_declaration(actor, pack, content)


def settle_declared(actor: Actor, /) -> int:
    """Let declared requests move on whose organisations did not exist when the pack was applied. Call after importing organisations."""
    with transaction.atomic():
        return _declare.settle_declared(actor)


def switch_source(actor: Actor, /, *, provider: str, stopped: bool, reason: str = "") -> None:
    """Stop or restore a provider's supply; in demonstration mode also at the twin of its live sources. Not inside a transaction."""
    if transaction.get_connection().in_atomic_block:
        raise InsideTransaction(text="切换数据来源不得在事务内进行")
    _supply.switch_twin(actor, provider=provider, stopped=stopped)
    with transaction.atomic():
        _supply.switch_supply(actor, provider=provider, stopped=stopped, reason=reason)


def configure_source(actor: Actor, /, *, name: str, address: str) -> None:
    """Point a live source somewhere else ("" = where its pack says)."""
    with transaction.atomic():
        _supply.configure_source(actor, name=name, address=address)


def verify_bundle(bundle: Mapping[str, Any], public_key: str | Mapping[str, str]) -> None:
    """Check a stand-alone proof with the city's public key (PEM or JWK) and nothing else. Raises BundleBroken saying where."""
    faults = bundle_faults(bundle, public_key)
    if faults:
        raise BundleBroken(text="；".join(faults), data={"faults": faults})
