"""The department's answer to a repair or an objection: written down, completed at the desk, told to the subject."""

from uuid import UUID

from onecity.hubs.process import api as process
from onecity.hubs.process.contracts import Verb
from onecity.hubs.registers.contracts import MatterKind, MatterState
from onecity.hubs.registers.errors import MatterClosed, MatterRefused
from onecity.hubs.registers.events import CreditMatterAnswered
from onecity.hubs.registers.models import CreditMatter
from onecity.hubs.registers.services.credit_matters import MATTER_KIND, matter_row, require_body
from onecity.hubs.support import api as support
from onecity.kernel import audit, events
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now
from onecity.kernel.subject import SubjectRef

__all__ = ["answer_matter"]  # fmt: skip


_ANSWERED = "registers_credit_answered"


def answer_matter(
    actor: Actor, *, matter_id: UUID, granted: bool, opinion: str, finish_item: bool = True
) -> CreditMatter:
    """The department's answer; a refusal says why. Raises MatterClosed, MatterRefused, NotPermitted."""
    row = matter_row(matter_id, lock=True)
    require_body(actor, row.body)
    if row.state != MatterState.OPEN:
        raise MatterClosed(data={"matter": str(matter_id)})
    if not granted and not opinion.strip():
        raise MatterRefused(text="不同意须写明理由")
    row.state = MatterState.GRANTED if granted else MatterState.REFUSED
    row.opinion, row.answered_at = opinion.strip()[:2000], now()
    row.save(update_fields=["state", "opinion", "answered_at"])
    if finish_item and row.work_item:
        verb = Verb.AGREE if granted else Verb.DISAGREE
        process.complete(
            actor, item_id=row.work_item, verb=verb, opinion=row.opinion or "同意", idempotency_key=f"credit:{row.id}"
        )
    audit.record(
        actor, "registers.answer_credit_matter", target=MATTER_KIND, target_id=row.id, subject=row.subject,
        data={"granted": granted},
    )  # fmt: skip
    answered = CreditMatterAnswered(row.id, row.kind, row.subject, granted, row.opinion)
    events.publish(actor, answered, key=str(row.id))
    support.send_message(
        actor, to=SubjectRef(row.subject), template=_ANSWERED, link="/me/registers/credit", idempotency_key=f"credit:{row.id}",
        data={
            "kind": MatterKind(row.kind).label, "title": row.title, "result": MatterState(row.state).label, "opinion": row.opinion,
        },
    )  # fmt: skip
    return row
