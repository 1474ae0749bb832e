"""Complaints as the person and the department see them. Who may see one is decided here."""

from uuid import UUID

from django.db.models import Q

from onecity.hubs.exchange.contracts import ComplaintFinding, ComplaintState, ComplaintView, Permission
from onecity.hubs.exchange.errors import ComplaintUnknown
from onecity.hubs.exchange.models import Complaint
from onecity.hubs.exchange.ports import wards_of
from onecity.hubs.exchange.services.rows import of_organisation, require_for
from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.clock import now
from onecity.kernel.errors import NotPermitted
from onecity.kernel.paging import Page, PageRequest
from onecity.kernel.subject import SubjectRef

__all__ = ["complaint", "complaint_row", "complaint_view", "complaints", "complaints_of"]  # fmt: skip


def complaint_row(complaint_id: UUID, *, lock: bool = False) -> Complaint:
    """Raises ComplaintUnknown."""
    rows = Complaint.objects.select_for_update() if lock else Complaint.objects
    row = rows.filter(pk=complaint_id).first()
    if row is None:
        raise ComplaintUnknown(data={"complaint": str(complaint_id)})
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
