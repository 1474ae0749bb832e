"""Suspend, restore, revoke, cancel or replace a certificate: the acts of the state table."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.db import transaction

from onecity.hubs.credential.contracts import CertificateStatus, CertificateView, IssueRequest, Permission
from onecity.hubs.credential.errors import CertificateUnknown, ReasonNeeded, StatusForbids
from onecity.hubs.credential.events import CertificatesIssued, CertificateStatusChanged
from onecity.hubs.credential.models import Certificate
from onecity.hubs.credential.queries import full_view, kind_of
from onecity.hubs.credential.rules.status import current, next_status
from onecity.hubs.credential.services.making import made
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now, today
from onecity.kernel.events import publish
from onecity.kernel.policy import require
from onecity.kernel.subject import SubjectRef

__all__ = ["cancel", "replace", "restore", "revoke", "suspend"]


def suspend(actor: Actor, /, *, certificate_id: UUID, reason: str) -> CertificateView:
    """暂扣: not usable until restored. Errors: ReasonNeeded, StatusForbids, CertificateUnknown, NotPermitted."""
    return _act(actor, certificate_id, "suspend", reason)


def restore(actor: Actor, /, *, certificate_id: UUID, reason: str) -> CertificateView:
    """发还. Errors as `suspend`."""
    return _act(actor, certificate_id, "restore", reason)


def revoke(actor: Actor, /, *, certificate_id: UUID, reason: str) -> CertificateView:
    """撤销: should never have been given, or forfeited; final. Errors as `suspend`."""
    return _act(actor, certificate_id, "revoke", reason)


def cancel(actor: Actor, /, *, certificate_id: UUID, reason: str) -> CertificateView:
    """注销: no longer needed; final. Errors as `suspend`."""
    return _act(actor, certificate_id, "cancel", reason)


@transaction.atomic
def replace(
    actor: Actor, /, *, certificate_id: UUID, fields: Mapping[str, str], reason: str, holder_name: str = "",
    valid_to: date | None = None,
) -> CertificateView:  # fmt: skip
    """变更: a new version with changed fields takes the place of the old one; both link each other. Errors as
    `suspend`.
    """
    row = _changed(actor, certificate_id, "replace", reason)
    kind = kind_of(row.type_key)
    request = IssueRequest(
        row.type_key, SubjectRef(row.holder), holder_name or row.holder_name, {**row.fields, **fields}, row.valid_from,
        valid_to or row.valid_to, row.matter, SubjectRef(row.keeper), row.issuer, row.area,
    )  # fmt: skip
    new = made(kind, row.issuer, row.issuer_name, request, 0, row.area, row.version + 1, previous=row)
    new.save(force_insert=True)
    Certificate.objects.filter(id=row.id).update(successor_id=new.id)
    publish(actor, CertificatesIssued(row.type_key, row.issuer, (new.id,), (new.matter,)), key=str(new.id))
    return full_view(new, kind)


@transaction.atomic
def _act(actor: Actor, certificate_id: UUID, act: str, reason: str) -> CertificateView:
    row = _changed(actor, certificate_id, act, reason)
    return full_view(row, kind_of(row.type_key))


def _changed(actor: Actor, certificate_id: UUID, act: str, reason: str) -> Certificate:
    row = Certificate.objects.select_for_update().filter(id=certificate_id).first()
    if row is None:
        raise CertificateUnknown()
    require(actor, Permission.CERTIFICATE_REVOKE, organisation=row.issuer, area=row.area)
    if len(reason.strip()) < 2:
        raise ReasonNeeded()
    before = CertificateStatus(row.status)
    after = next_status(before, act)
    if after is None:
        shown = current(before, row.valid_to, today())
        raise StatusForbids(data={"status": shown.value, "act": act})
    row.status, row.status_reason, row.status_at = after, reason.strip()[:500], now()
    row.save(update_fields=["status", "status_reason", "status_at"])
    audit.record(
        actor, f"credential.{act}", target="credential.certificate", target_id=row.id, subject=row.holder,
        data={"before": before, "after": after, "reason": row.status_reason},
    )  # fmt: skip
    fact = CertificateStatusChanged(row.id, row.identifier, before, after, row.status_reason)
    publish(actor, fact, key=str(row.id))
    return row
