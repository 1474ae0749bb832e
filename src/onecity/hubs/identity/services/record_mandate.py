"""Who may act for whom: recorded with its source, ended with a reason, loaded in bulk from the registers."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from onecity.hubs.identity.contracts import LoadReport, MandateKind, MandateRow, MandateView, Permission
from onecity.hubs.identity.errors import UnknownMandate, WrongMandate
from onecity.hubs.identity.events import MandateEnded, MandateRecorded
from onecity.hubs.identity.models import Account, Mandate
from onecity.hubs.identity.rules.mandates import mandate_faults
from onecity.hubs.identity.rules.masking import mask_name
from onecity.hubs.identity.services.staleness import refresh_sessions
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import today, wall_now
from onecity.kernel.events import publish
from onecity.kernel.ids import new_id
from onecity.kernel.policy import require
from onecity.kernel.subject import SubjectRef

__all__ = ["end_mandate", "load_mandates", "record_mandate"]

_NAMES = {field.name for field in fields(MandateRow)}


def record_mandate(
    actor: Actor,
    *,
    principal: SubjectRef,
    agent: SubjectRef,
    kind: MandateKind | str,
    source: str,
    valid_from: date,
    valid_to: date | None = None,
    principal_name: str = "",
) -> MandateView:
    """Record one mandate. A person may empower an agent for themselves; anything else asks for the permission.

    Raises NotPermitted, WrongMandate. The same mandate again is returned, not doubled.
    """
    if not (kind == MandateKind.AGENT and principal and principal == actor.subject):
        require(actor, Permission.MANDATE_RECORD)
    given = MandateRow(principal, agent, str(kind), source, valid_from, principal_name, valid_to)
    if faults := mandate_faults(given):
        raise WrongMandate(hint="；".join(faults), data={"reasons": list(faults)})
    row, fresh = _insert(given)
    if fresh:
        audit.record(
            actor, "identity.record_mandate", target="identity.mandate", target_id=row.id, subject=principal,
            data={"agent": agent, "kind": str(kind), "source": source},
        )  # fmt: skip
        publish(actor, MandateRecorded(row.id, principal, agent, str(kind)), key=agent)
    return _view(row)


def _row(given: MandateRow) -> Mandate:
    return Mandate(
        id=new_id(),
        principal=given.principal,
        principal_name=mask_name(given.principal_name) if given.principal_name else "",
        agent=given.agent,
        kind=given.kind,
        source=given.source[:200],
        valid_from=given.valid_from,
        valid_to=given.valid_to,
        recorded_at=wall_now(),
    )


def _insert(given: MandateRow) -> tuple[Mandate, bool]:
    row = _row(given)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        found = Mandate.objects.get(
            principal=given.principal, agent=given.agent, kind=given.kind, valid_from=given.valid_from
        )
        return found, False
    return row, True


def _view(row: Mandate) -> MandateView:
    return MandateView(
        id=row.id,
        principal=SubjectRef(row.principal),
        principal_name=row.principal_name,
        agent=SubjectRef(row.agent),
        kind=MandateKind(row.kind),
        source=row.source,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        ended_reason=row.ended_reason,
    )


def end_mandate(actor: Actor, *, mandate_id: UUID, reason: str) -> None:
    """End a mandate today. The principal may end an agent's; anything else asks for the permission.

    Raises NotPermitted, UnknownMandate. Sessions acting under it fall back to the agent's own.
    """
    row = Mandate.objects.select_for_update().filter(Mandate.valid_on(today()), pk=mandate_id).first()
    if row is None:
        raise UnknownMandate()
    if not (row.kind == MandateKind.AGENT and row.principal == actor.subject):
        require(actor, Permission.MANDATE_RECORD)
    row.valid_to, row.ended_reason = today(), reason[:200]
    row.save(update_fields=["valid_to", "ended_reason"])
    refresh_sessions(Account.objects.filter(subject=row.agent).values_list("id", flat=True))
    audit.record(
        actor, "identity.end_mandate", target="identity.mandate", target_id=row.id, subject=row.principal,
        data={"reason": reason[:200]},
    )  # fmt: skip
    publish(actor, MandateEnded(row.id, row.principal, row.agent, reason[:200]), key=row.agent)


def _given(row: MandateRow | Mapping[str, Any]) -> MandateRow:
    return row if isinstance(row, MandateRow) else MandateRow(**{name: row[name] for name in _NAMES & set(row)})


def load_mandates(actor: Actor, *, rows: Iterable[MandateRow | Mapping[str, Any]]) -> LoadReport:
    """Many mandates of one source at once; known ones are skipped. Raises NotPermitted, WrongMandate."""
    require(actor, Permission.MANDATE_RECORD)
    taken = [
        row if isinstance(row, MandateRow) else MandateRow(**{k: row[k] for k in _NAMES & set(row)}) for row in rows
    ]
    for number, row in enumerate(taken, start=1):
        if faults := mandate_faults(row):
            raise WrongMandate(hint="；".join(faults), data={"row": number, "reasons": list(faults)})
    fresh = [_row(row) for row in taken]
    Mandate.objects.bulk_create(fresh, batch_size=2000, ignore_conflicts=True)
    data = {"count": len(fresh)}
    audit.record(actor, "identity.load_mandates", target="identity.mandate", target_id="", data=data)
    return LoadReport(len(fresh), tuple(row.id for row in fresh))
