"""How a grant ends: revoked by its owner, or an emergency grant by itself.

Web calls are refused from the commit on; "revoked" is said when the gateway's workers have let go too (services.workers).
An ended emergency must be reported by its user.
"""

from uuid import UUID

from django.db import transaction

from onecity.hubs.exchange.contracts import GrantState, Permission
from onecity.hubs.exchange.errors import GrantClosed, RequestRefused
from onecity.hubs.exchange.events import EmergencyEnded, GrantRevoked
from onecity.hubs.exchange.models import Grant, ProofRecord
from onecity.hubs.exchange.services.judging import touch_snapshot
from onecity.hubs.exchange.services.rows import grant_row, limit_row, require_for
from onecity.hubs.process import api as process
from onecity.hubs.process.contracts import Candidate, Limit, MatterRef, TimeUnit
from onecity.kernel import audit, events
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now, today

__all__ = ["REPORT_MATTER", "end_emergencies", "report_emergency", "revoke_grant"]

REPORT_MATTER = "exchange.emergency_report"


def revoke_grant(actor: Actor, *, grant_id: UUID, reason: str) -> Grant:
    """Begin to take a grant back. Raises GrantClosed."""
    row = grant_row(grant_id, lock=True)
    require_for(actor, Permission.REVOKE, row.provider)
    if row.state != GrantState.ACTIVE:
        raise GrantClosed(data={"grant": str(grant_id)})
    if not reason.strip():
        raise RequestRefused(text="请写明撤销理由")
    row.state, row.revoking_since, row.reason = GrantState.REVOKING, now(), reason.strip()
    row.valid_to = min(row.valid_to, max(today(), row.valid_from))
    touch_snapshot()
    row.save(update_fields=["state", "revoking_since", "reason", "valid_to"])
    audit.record(actor, "exchange.revoke_grant", target="exchange.grant", target_id=row.id, data={"reason": row.reason})
    events.publish(actor, GrantRevoked(row.id, row.interface, row.consumer, row.reason), key=str(row.id))
    return row


def end_emergencies() -> int:
    """End emergency grants whose hour has come and ask their users for the report. Returns how many."""
    system, ended = Actor.system("exchange"), 0
    due = Grant.objects.filter(emergency=True, state=GrantState.ACTIVE, ends_at__lte=now())
    for grant_id in list(due.values_list("id", flat=True)):
        with transaction.atomic():
            row = grant_row(grant_id, lock=True)
            if row.state == GrantState.ACTIVE:
                _end(system, row)
                ended += 1
    return ended


def _end(actor: Actor, row: Grant) -> None:
    row.state = GrantState.ENDED
    row.save(update_fields=["state"])
    touch_snapshot()
    calls = ProofRecord.objects.filter(grant_id=str(row.id), outcome="answered").count()
    audit.record(actor, "exchange.end_emergency", target="exchange.grant", target_id=row.id, data={"calls": calls})
    events.publish(actor, EmergencyEnded(row.id, row.interface, row.consumer, calls), key=str(row.id))
    limit = limit_row("limits", "emergency_report")
    process.open_task(
        actor, matter=MatterRef(REPORT_MATTER, row.id, "", "补报应急数据使用情况", f"/desk/exchange/grants/{row.id}"),
        candidate=Candidate(Permission.REQUEST, row.consumer), rule=limit["source"], node_name="应急授权补报",
        definition_name="应急授权补报",
        limit=Limit(limit["amount"], TimeUnit(limit["unit"])), summary=f"应急授权已自动终止，期间调用{calls}次，请补报使用情况",
        idempotency_key=f"emergency:{row.id}",
    )  # fmt: skip


def report_emergency(actor: Actor, *, grant_id: UUID, report: str) -> Grant:
    """What the data of an ended emergency grant were used for. Once."""
    row = grant_row(grant_id, lock=True)
    require_for(actor, Permission.REQUEST, row.consumer)
    if not row.emergency or row.state != GrantState.ENDED:
        raise RequestRefused(text="只有已终止的应急授权需要补报")
    if row.reported_at is not None:
        raise GrantClosed(text="已经补报", data={"grant": str(grant_id)})
    if not report.strip():
        raise RequestRefused(text="请写明使用情况")
    row.report, row.reported_at = report.strip(), now()
    row.save(update_fields=["report", "reported_at"])
    process.cancel(Actor.system("exchange", actor), matter_id=row.id, reason="已补报")
    audit.record(actor, "exchange.report_emergency", target="exchange.grant", target_id=row.id)
    return row
