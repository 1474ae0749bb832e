"""A person asks why its data were used: a task at the department that used them, a clock, an answer the person sees.

Source: 个人信息保护法 art. 44, 50 (the right to be told; requests are taken in and answered, a refusal states its reason).
"""

from uuid import UUID

from django.db import transaction
from django.db.models import Q

from onecity.hubs.exchange.contracts import ComplaintFinding, ComplaintState, ComplaintView, Permission
from onecity.hubs.exchange.errors import ComplaintUnknown, ProofUnknown, RequestClosed, RequestRefused
from onecity.hubs.exchange.events import ComplaintAnswered, ComplaintRaised
from onecity.hubs.exchange.models import Complaint, ProofRecord
from onecity.hubs.exchange.ports import wards_of
from onecity.hubs.exchange.services.open_batch import batch_memberships
from onecity.hubs.exchange.services.request_desk import SUPERVISION_MATTER, bureau_code
from onecity.hubs.exchange.services.rows import limit_row, of_organisation, require_for
from onecity.hubs.process import api as process
from onecity.hubs.process.contracts import Candidate, Limit, MatterRef, TimeUnit, Verb
from onecity.kernel import audit, events
from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.clock import now, today
from onecity.kernel.errors import NotPermitted
from onecity.kernel.ids import new_id
from onecity.kernel.paging import Page, PageRequest
from onecity.kernel.policy import require
from onecity.kernel.subject import SubjectRef

__all__ = [
    "COMPLAINT_MATTER", "answer_complaint", "complaint", "complaint_row", "complaint_view", "complaints", "complaints_of",
    "raise_complaint", "watch_complaints",
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
    limit = limit_row("limits", "complaint")
    item = process.open_task(
        actor, matter=MatterRef(COMPLAINT_MATTER, made.id, made.number, "数据使用疑问", f"/desk/exchange/complaints/{made.id}"),
        candidate=Candidate(Permission.ANSWER_COMPLAINT, made.organisation), rule=limit["source"],
        limit=Limit(limit["amount"], TimeUnit(limit["unit"])), summary=made.about[:200], reason=made.text[:400],
        node_name="答复数据使用疑问", idempotency_key=f"complaint:{made.id}",
    )  # fmt: skip
    made.work_item, made.due_at = item.id, item.due_at
    made.save(update_fields=["work_item", "due_at"])


def complaint_row(complaint_id: UUID, *, lock: bool = False) -> Complaint:
    """Raises ComplaintUnknown."""
    rows = Complaint.objects.select_for_update() if lock else Complaint.objects
    row = rows.filter(pk=complaint_id).first()
    if row is None:
        raise ComplaintUnknown(data={"complaint": str(complaint_id)})
    return row


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
    if finish and row.work_item:
        process.complete(
            actor, item_id=row.work_item, verb=Verb.AGREE, opinion=answer, idempotency_key=f"complaint:{row.id}"
        )
    audit.record(actor, "exchange.answer_complaint", target=COMPLAINT_MATTER, target_id=row.id, subject=row.subject)
    events.publish(actor, ComplaintAnswered(row.id, row.number, row.organisation, row.subject), key=str(row.id))
    return row


def complaint_view(row: Complaint) -> ComplaintView:
    """One complaint."""
    late = row.state == ComplaintState.OPEN and row.due_at is not None and row.due_at < now()
    return ComplaintView(
        row.id, row.number, SubjectRef(row.subject), row.proof_id, row.organisation, row.organisation_name, row.about,
        row.text, ComplaintState(row.state), row.raised_at, row.due_at, late,
        ComplaintFinding(row.finding).label if row.finding else "", row.answer, row.answered_by, row.answered_at,
        row.work_item,
    )  # fmt: skip


def complaint(actor: Actor, complaint_id: UUID) -> ComplaintView:
    """One complaint, for the person and the department. Raises ComplaintUnknown."""
    row = complaint_row(complaint_id)
    if actor.kind is ActorKind.SYSTEM or actor.acts_for(SubjectRef(row.subject)) or row.subject in wards_of(actor):
        return complaint_view(row)
    try:
        require_for(actor, Permission.ANSWER_COMPLAINT, row.organisation)
    except NotPermitted:
        raise ComplaintUnknown(data={"complaint": str(complaint_id)}) from None
    return complaint_view(row)


def complaints_of(actor: Actor) -> list[ComplaintView]:
    """A person's own complaints and those about its wards, newest first."""
    mine = [ref for ref in (actor.behalf or actor.subject, *wards_of(actor)) if ref]
    return [complaint_view(row) for row in Complaint.objects.filter(subject__in=mine).order_by("-raised_at")[:200]]


def complaints(actor: Actor, *, state: str = "", page: PageRequest) -> Page[ComplaintView]:
    """Complaints about this actor's organisation, open ones first."""
    held: Q = of_organisation(actor, Permission.ANSWER_COMPLAINT, "organisation")
    found = Complaint.objects.filter(held, **({"state": state} if state else {}))
    rows = found.order_by("-state", "due_at")[page.offset : page.offset + page.size]
    return Page(tuple(complaint_view(row) for row in rows), found.count(), page.number, page.size)


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
                _supervise(system, row)
                found += 1
    return found


def _supervise(actor: Actor, row: Complaint) -> None:
    limit = limit_row("limits", "supervision")
    process.open_task(
        actor, candidate=Candidate(Permission.SUPERVISE, bureau_code()), rule=limit["source"], node_name="数据共享督办",
        matter=MatterRef(SUPERVISION_MATTER, new_id(), row.number, "督办：数据使用疑问逾期", f"/desk/exchange/complaints/{row.id}"),
        limit=Limit(limit["amount"], TimeUnit(limit["unit"])), summary=f"{row.organisation_name}未按期答复群众疑问",
        idempotency_key=f"complaint-overdue:{row.id}",
    )  # fmt: skip
