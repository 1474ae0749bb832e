"""Front door: disputes of a consumer over a refusal, complaints of a person about a use of its data."""

from uuid import UUID

from django.db import transaction

from onecity.hubs.exchange.contracts import (
    ComplaintFinding,
    ComplaintView,
    DisputeView,
)
from onecity.hubs.exchange.ports import wards_of
from onecity.hubs.exchange.services import complaints as _complaints
from onecity.hubs.exchange.services import disputes as _disputes
from onecity.hubs.exchange.services.complaints import COMPLAINT_MATTER
from onecity.hubs.exchange.services.disputes import DISPUTE_MATTER, disputes_of
from onecity.hubs.exchange.services.read_complaints import (
    complaint,
    complaint_row,
    complaint_view,
    complaints,
    complaints_of,
)
from onecity.hubs.exchange.services.rows import request_row
from onecity.kernel.actor import Actor
from onecity.kernel.subject import SubjectRef

__all__ = [
    "COMPLAINT_MATTER",
    "DISPUTE_MATTER",
    "answer_complaint",
    "answer_dispute",
    "complaint",
    "complaints",
    "complaints_of",
    "disputes_of",
    "next_dispute",
    "own_references",
    "raise_complaint",
    "raise_dispute",
    "settle_complaint",
    "settle_dispute",
]


def raise_dispute(actor: Actor, /, *, request_id: UUID, reason: str) -> DisputeView:
    """Climb the next rung over a refusal. Raises RequestRefused."""
    with transaction.atomic():
        return _disputes.dispute_view(_disputes.raise_dispute(actor, request_id=request_id, reason=reason))


def answer_dispute(actor: Actor, /, *, dispute_id: UUID, supported: bool, opinion: str) -> DisputeView:
    """Settle a rung; a supported one puts the request back before its owner. Raises RequestClosed, RequestRefused."""
    with transaction.atomic():
        return _disputes.dispute_view(
            _disputes.answer_dispute(actor, dispute_id=dispute_id, supported=supported, opinion=opinion)
        )


def settle_dispute(actor: Actor, /, *, dispute_id: UUID, agreed: bool, opinion: str) -> None:
    """The rung was settled at the common desk."""
    with transaction.atomic():
        made = _disputes.Dispute.objects.filter(pk=dispute_id, answered_at=None).first()
        if made is not None:
            _disputes.answer_dispute(
                actor, dispute_id=dispute_id, supported=agreed, opinion=opinion or "见办理意见", finish=False
            )


def next_dispute(request_id: UUID) -> str:
    """In words, the rung that may be climbed now; "" = none."""
    level = _disputes.next_level(request_row(request_id))
    return level.label if level else ""


def raise_complaint(actor: Actor, /, *, proof_id: UUID, text: str) -> ComplaintView:
    """Ask the department why it used one's data. Raises ProofUnknown, RequestRefused."""
    with transaction.atomic():
        return complaint_view(_complaints.raise_complaint(actor, proof_id=proof_id, text=text))


def answer_complaint(
    actor: Actor, /, *, complaint_id: UUID, finding: ComplaintFinding | str, answer: str
) -> ComplaintView:
    """The department's answer, which the person sees. Raises RequestClosed, RequestRefused."""
    with transaction.atomic():
        row = _complaints.answer_complaint(
            actor, complaint_id=complaint_id, finding=ComplaintFinding(finding), answer=answer
        )
        return complaint_view(row)


def settle_complaint(actor: Actor, /, *, complaint_id: UUID, agreed: bool, opinion: str) -> None:
    """The task was completed at the common desk: 同意 = the use was proper, 不同意 = it was not."""
    with transaction.atomic():
        row = complaint_row(complaint_id, lock=True)
        if row.answered_at is None:
            finding = ComplaintFinding.PROPER if agreed else ComplaintFinding.IMPROPER
            _complaints.answer_complaint(
                actor, complaint_id=complaint_id, finding=finding, answer=opinion or finding.label, finish=False
            )


def own_references(actor: Actor) -> tuple[SubjectRef, ...]:
    """Whose accesses this person may see: its own (or whom it acts for) and its wards'."""
    mine = actor.behalf or actor.subject
    return tuple(ref for ref in (mine, *wards_of(actor)) if ref)
