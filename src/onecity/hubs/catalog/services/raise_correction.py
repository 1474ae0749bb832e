"""Correction（校核）, first half: somebody says a value is wrong, and the provider gets a work item with a limit.

Source: 政务信息资源共享管理暂行办法（国发〔2016〕51号）: 疑义、错误信息及时反馈提供部门校核.
"""

from onecity.hubs.catalog.contracts import CorrectionState, Permission
from onecity.hubs.catalog.errors import AnswerRefused
from onecity.hubs.catalog.events import CorrectionRaised
from onecity.hubs.catalog.models import Correction
from onecity.hubs.catalog.services.lookup import field_spec, limit_row, resource_row
from onecity.hubs.process import api as process
from onecity.hubs.process.contracts import Candidate, Limit, MatterRef, TimeUnit
from onecity.kernel import audit, events
from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.clock import now
from onecity.kernel.errors import NotPermitted
from onecity.kernel.policy import require
from onecity.kernel.subject import SubjectRef

__all__ = ["MATTER_KIND", "raise_correction"]

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
    spec = field_spec(resource, field)
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
        definition_name="数据校核",
        idempotency_key=f"correction:{row.id}",
    )
    row.work_item, row.due_at = item.id, item.due_at
    row.save(update_fields=["work_item", "due_at"])
