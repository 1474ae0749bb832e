"""The front door of public credit: files, reports, verdicts, repair and objection."""

from uuid import UUID

from django.db import transaction

from onecity.hubs.registers.contracts import (
    CreditFile,
    CreditMatterView,
    CreditVerdict,
    MatterKind,
    MatterState,
)
from onecity.hubs.registers.queries.credit import credit_file as _file
from onecity.hubs.registers.queries.credit import credit_matters, credit_verdicts, matter_view
from onecity.hubs.registers.services import answer_credit as _answers
from onecity.hubs.registers.services import credit_matters as _matters
from onecity.hubs.registers.services.print_report import print_report as _print
from onecity.hubs.support.contracts import PrintedDocument
from onecity.kernel import idempotency
from onecity.kernel.actor import Actor
from onecity.kernel.subject import SubjectRef

__all__ = [
    "CREDIT_MATTER", "answer_credit_matter", "credit_file", "credit_matter", "credit_matters", "credit_report", "credit_verdict",
    "credit_verdicts", "matters_to_answer", "raise_credit_matter", "settle_credit_matter",
]  # fmt: skip

CREDIT_MATTER = _matters.MATTER_KIND


def credit_file(actor: Actor, /, *, subject: SubjectRef, reason: str = "") -> CreditFile:
    """The credit file of a subject. Others than the subject say why, and the subject is told. Raises NotPermitted, EntityNotFound."""
    with transaction.atomic():
        return _file(actor, subject=subject, reason=reason)


def credit_report(actor: Actor, /, *, subject: SubjectRef, purpose: str) -> PrintedDocument:
    """The printed report with watermark and verification code; `purpose` stands on it."""
    with transaction.atomic():
        return _print(actor, subject=subject, purpose=purpose)


def credit_verdict(actor: Actor, /, *, subject: SubjectRef, matter: str) -> CreditVerdict:
    """What a subject's credit means for `matter`（联合奖惩）, with rule, version and grounds; a person decides on it."""
    return credit_verdicts(actor, subjects=[subject], matter=matter)[subject]


def raise_credit_matter(
    actor: Actor, /, *, kind: MatterKind | str, file: str, entity: str, reason: str, commitment: str = "",
    idempotency_key: str = "",
) -> CreditMatterView:  # fmt: skip
    """Apply for repair of, or object to, a published record about oneself. Raises MatterRefused, EntityNotFound, NotPermitted."""
    with transaction.atomic():
        if known := idempotency.claim(actor, "registers.raise_credit_matter", idempotency_key):
            return matter_view(_matters.matter_row(UUID(known)))
        row = _matters.raise_matter(
            actor, kind=MatterKind(kind), file=file, entity=entity, reason=reason, commitment=commitment
        )
        idempotency.settle(actor, "registers.raise_credit_matter", idempotency_key, row.id)
        return matter_view(row)


def answer_credit_matter(actor: Actor, /, *, matter_id: UUID, granted: bool, opinion: str) -> CreditMatterView:
    """The department's answer; publication ends when it agrees. Raises MatterClosed, MatterRefused, NotPermitted."""
    with transaction.atomic():
        return matter_view(_answers.answer_matter(actor, matter_id=matter_id, granted=granted, opinion=opinion))


def settle_credit_matter(actor: Actor, /, *, matter_id: UUID, agreed: bool, opinion: str) -> None:
    """The work item was completed at the common desk: take that as the answer."""
    with transaction.atomic():
        row = _matters.matter_row(matter_id, lock=True)
        if row.state == MatterState.OPEN:
            said = opinion or ("同意" if agreed else "经办人在待办中不同意")
            _answers.answer_matter(actor, matter_id=matter_id, granted=agreed, opinion=said, finish_item=False)


def credit_matter(actor: Actor, /, matter_id: UUID) -> CreditMatterView:
    """One matter, for its subject and the answering body. Raises CreditMatterUnknown, NotPermitted."""
    row = _matters.matter_row(matter_id)
    if not actor.acts_for(SubjectRef(row.subject)):
        _matters.require_body(actor, row.body)
    return matter_view(row)


def matters_to_answer(actor: Actor, /) -> int:
    """Open matters at the actor's body."""
    return len(credit_matters(actor, state=MatterState.OPEN))
