"""Correction（校核）: raise, answer. The provider answers; a corrected value holds for every reader until its next version.

Source: 政务信息资源共享管理暂行办法（国发〔2016〕51号）: 疑义、错误信息及时反馈提供部门校核.
"""

from typing import Any
from uuid import UUID

from onecity.hubs.catalog.contracts import CorrectionOutcome, CorrectionState, Permission
from onecity.hubs.catalog.errors import AnswerRefused, CorrectionClosed, ResourceUnknown
from onecity.hubs.catalog.events import CorrectionAnswered, CorrectionRaised
from onecity.hubs.catalog.models import Correction, Overlay, Resource
from onecity.hubs.catalog.services.authority import require_provider
from onecity.hubs.catalog.services.lookup import correction_row, limit_row, resource_row
from onecity.hubs.catalog.services.overlay import rebuild_view
from onecity.hubs.catalog.services.views import field_specs
from onecity.hubs.process import api as process
from onecity.hubs.process.contracts import Candidate, Limit, MatterRef, TimeUnit, Verb
from onecity.kernel import audit, events
from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.clock import now
from onecity.kernel.errors import NotPermitted
from onecity.kernel.policy import require
from onecity.kernel.subject import SubjectRef

__all__ = ["MATTER_KIND", "answer_correction", "raise_correction"]

MATTER_KIND = "catalog.correction"


def raise_correction(
    actor: Actor, *, resource: str, subject: SubjectRef, field: str, current: str, claimed: str, reason: str,
    matter_number: str = "",
) -> Correction:  # fmt: skip
    """Open a correction and its work item at the provider. A person may do so about what is held on them or whom they act for."""
    require(actor, Permission.RAISE_CORRECTION)
    if actor.kind in (ActorKind.RESIDENT, ActorKind.ENTERPRISE) and not actor.acts_for(subject):
        raise NotPermitted("catalog.not_your_data", "只能对本人或所代理人的信息提出校核")
    row = resource_row(resource)
    spec = next((one for one in field_specs(row.fields) if one.name == field), None)
    if spec is None:
        raise ResourceUnknown(text=f"{row.name}中没有信息项 {field}", data={"resource": resource, "field": field})
    if not claimed.strip() or not reason.strip():
        raise AnswerRefused(text="请写明您认为正确的内容和理由", hint="可以附上能证明的材料")
    correction = Correction.objects.create(
        resource=row.key, resource_name=row.name, provider=row.provider, provider_name=row.provider_name,
        subject=subject, field=field, field_label=spec.label, current=current, claimed=claimed.strip(),
        reason=reason.strip(), matter_number=matter_number, state=CorrectionState.RAISED, raised_by=actor.to_json(),
        raised_at=now(),
    )  # fmt: skip
    _open_item(actor, correction)
    audit.record(
        actor, "catalog.raise_correction", target="catalog.correction", target_id=correction.id, subject=subject,
        data={"resource": row.key, "field": field, "matter": matter_number},
    )  # fmt: skip
    raised = CorrectionRaised(correction.id, row.key, subject, field, matter_number)
    events.publish(actor, raised, key=str(correction.id))
    return correction


def _open_item(actor: Actor, row: Correction) -> None:
    limit = limit_row("correction_answer")
    title = f"校核：{row.resource_name}·{row.field_label}"
    item = process.open_task(
        actor,
        matter=MatterRef(MATTER_KIND, row.id, row.matter_number, title, f"/desk/catalog/corrections/{row.id}"),
        candidate=Candidate(Permission.ANSWER_CORRECTION, row.provider),
        limit=Limit(limit["amount"], TimeUnit(limit["unit"])),
        summary=f"{row.field_label}：登记为“{row.current or '空'}”，申请人称应为“{row.claimed}”",
        reason=row.reason,
        rule=limit["source"],
        node_name="数据校核",
        idempotency_key=f"correction:{row.id}",
    )
    row.work_item, row.due_at = item.id, item.due_at
    row.save(update_fields=["work_item", "due_at"])


def answer_correction(
    actor: Actor, *, correction_id: UUID, outcome: CorrectionOutcome, value: str = "", opinion: str,
    finish_item: bool = True,
) -> Correction:  # fmt: skip
    """The provider's answer. Corrected needs a value, upheld an opinion. Raises CorrectionClosed when answered already."""
    row = correction_row(correction_id, lock=True)
    require_provider(actor, Permission.ANSWER_CORRECTION, row.provider)
    if row.state != CorrectionState.RAISED:
        raise CorrectionClosed(data={"correction": str(correction_id), "state": row.state})
    value = value.strip()
    if outcome is CorrectionOutcome.CORRECTED and not value:
        raise AnswerRefused(text="请填写更正后的值")
    if outcome is CorrectionOutcome.UPHELD and not opinion.strip():
        raise AnswerRefused(text="维持原值须写明核实情况")
    row.state = CorrectionState(outcome.value)
    row.value = value if outcome is CorrectionOutcome.CORRECTED else ""
    row.opinion, row.answered_at = opinion.strip(), now()
    row.save(update_fields=["state", "value", "opinion", "answered_at"])
    if outcome is CorrectionOutcome.CORRECTED:
        _lay_over(row)
    if finish_item and row.work_item:
        verb = Verb.AGREE if outcome is CorrectionOutcome.CORRECTED else Verb.DISAGREE
        process.complete(
            actor, item_id=row.work_item, verb=verb, opinion=opinion or value, idempotency_key=f"correction:{row.id}"
        )
    _announce(actor, row)
    return row


def _lay_over(row: Correction) -> None:
    Overlay.objects.create(
        resource=row.resource, subject=row.subject, field=row.field, value=row.value, correction_id=row.id, at=now()
    )
    resource = Resource.objects.select_for_update().get(key=row.resource)
    if resource.version:
        rebuild_view(resource)


def _announce(actor: Actor, row: Correction) -> None:
    data: dict[str, Any] = {"outcome": row.state, "resource": row.resource, "field": row.field}
    audit.record(
        actor,
        "catalog.answer_correction",
        target="catalog.correction",
        target_id=row.id,
        subject=row.subject,
        data=data,
    )
    answered = CorrectionAnswered(
        row.id, row.resource, row.subject, row.field, row.state, row.value, row.opinion, row.matter_number
    )
    events.publish(actor, answered, key=str(row.id))
