"""A person asks why its data were used: a task at the department that used them, a clock, an answer the person sees.

Source: 个人信息保护法 art. 44, 50 (the right to be told; requests are taken in and answered, a refusal states its reason).
"""

from uuid import UUID

from django.db import transaction

from onecity.hubs.exchange.contracts import ComplaintFinding, ComplaintState, Permission
from onecity.hubs.exchange.errors import ProofUnknown, RequestClosed, RequestRefused
from onecity.hubs.exchange.events import ComplaintAnswered, ComplaintRaised
from onecity.hubs.exchange.models import Complaint, ProofRecord
from onecity.hubs.exchange.ports import wards_of
from onecity.hubs.exchange.services.batches import batch_memberships
from onecity.hubs.exchange.services.desk_items import close_on_desk, open_on_desk, supervise, tell_person
from onecity.hubs.exchange.services.read_complaints import complaint_row
from onecity.hubs.exchange.services.rows import require_for
from onecity.kernel import audit, events
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now, today
from onecity.kernel.ids import new_id
from onecity.kernel.policy import require
from onecity.kernel.subject import SubjectRef

__all__ = [
    "COMPLAINT_MATTER", "answer_complaint", "raise_complaint", "watch_complaints",
]  # fmt: skip

COMPLAINT_MATTER = "exchange.complaint"


def raise_complaint(actor: Actor, *, proof_id: UUID, text: str) -> Complaint:
    """Ask about one access to one's own (or a ward's) data. Twice about the same access = the same complaint."""
    require(actor, Permission.COMPLAIN)
    proof = ProofRecord.objects.filter(pk=proof_id).first()
    subject = _concerned(actor, proof)
    if proof is None or subject is None:
        raise ProofUnknown(data={"proof": str(proof_id)})
    if not text.strip():
        raise RequestRefused(text="请写明您的疑问")
    if open_one := Complaint.objects.filter(subject=subject, proof_id=proof_id, state=ComplaintState.OPEN).first():
        return open_one
    made_id = new_id()
    made = Complaint.objects.create(
        id=made_id, number=f"YW{today():%Y%m%d}{made_id.hex[-6:].upper()}", subject=subject, proof_id=proof_id,
        organisation=proof.consumer, organisation_name=proof.consumer_name,
        about=f"{proof.consumer_name}使用{proof.interface_name}，用途：{proof.purpose}"[:300], text=text.strip()[:2000],
        state=ComplaintState.OPEN, raised_by=actor.to_json(), raised_at=now(),
    )  # fmt: skip
    _open_item(actor, made)
    audit.record(actor, "exchange.raise_complaint", target=COMPLAINT_MATTER, target_id=made.id, subject=subject)
    events.publish(actor, ComplaintRaised(made.id, made.number, made.organisation, subject), key=str(made.id))
    return made


def _concerned(actor: Actor, proof: ProofRecord | None) -> SubjectRef | None:
    """Whose data the access touched, if this person may ask about it."""
    if proof is None:
        return None
    mine = [ref for ref in (actor.behalf or actor.subject, *wards_of(actor)) if ref]
    if proof.kind == "batch":
        return next((ref for ref in mine if any(m.proof_id == proof.id for m in batch_memberships(ref))), None)
    return next((ref for ref in mine if ref == proof.subject), None)


def _open_item(actor: Actor, made: Complaint) -> None:
    item = open_on_desk(
        actor, kind=COMPLAINT_MATTER, target=made.id, number=made.number, title="数据使用疑问",
        link=f"/desk/exchange/complaints/{made.id}", permission=Permission.ANSWER_COMPLAINT, organisation=made.organisation,
        limit="complaint", summary=made.about[:200], reason=made.text[:400], node="答复数据使用疑问",
        key=f"complaint:{made.id}",
    )  # fmt: skip
    made.work_item, made.due_at = item.id, item.due_at
    made.save(update_fields=["work_item", "due_at"])


def answer_complaint(
    actor: Actor, *, complaint_id: UUID, finding: ComplaintFinding, answer: str, finish: bool = True
) -> Complaint:
    """The department's answer, shown to the person."""
    row = complaint_row(complaint_id, lock=True)
    require_for(actor, Permission.ANSWER_COMPLAINT, row.organisation)
    if row.state != ComplaintState.OPEN:
        raise RequestClosed(text="该疑问已经答复", data={"complaint": str(complaint_id)})
    if not answer.strip():
        raise RequestRefused(text="请写明答复内容")
    row.state, row.finding, row.answer = ComplaintState.ANSWERED, finding.value, answer.strip()
    row.answered_at, row.answered_by = now(), f"{actor.organisation_name} {actor.name}".strip()
    row.save(update_fields=["state", "finding", "answer", "answered_at", "answered_by"])
    if finish:
        close_on_desk(actor, row.work_item, agreed=True, opinion=answer, key=f"complaint:{row.id}")
    audit.record(actor, "exchange.answer_complaint", target=COMPLAINT_MATTER, target_id=row.id, subject=row.subject)
    tell_person(row)
    events.publish(actor, ComplaintAnswered(row.id, row.number, row.organisation, row.subject), key=str(row.id))
    return row


def watch_complaints() -> int:
    """Complaints past their day come to the bureau's desk, once each."""
    system, found = Actor.system("exchange"), 0
    late = Complaint.objects.filter(state=ComplaintState.OPEN, due_at__lt=now(), overdue_at=None)
    for complaint_id in list(late.values_list("id", flat=True)[:500]):
        with transaction.atomic():
            row = complaint_row(complaint_id, lock=True)
            if row.overdue_at is None and row.state == ComplaintState.OPEN:
                row.overdue_at = now()
                row.save(update_fields=["overdue_at"])
                supervise(
                    system, number=row.number, title="督办：数据使用疑问逾期", link=f"/desk/exchange/complaints/{row.id}",
                    summary=f"{row.organisation_name}未按期答复群众疑问", key=f"complaint-overdue:{row.id}",
                )  # fmt: skip
                found += 1
    return found
