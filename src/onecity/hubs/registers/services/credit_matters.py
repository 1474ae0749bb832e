"""Repair（信用修复） and objection（信用异议）: the subject asks, the department's clock begins."""

from uuid import UUID

from onecity.hubs.catalog import api as catalog
from onecity.hubs.process import api as process
from onecity.hubs.process.contracts import Candidate, Limit, MatterRef, TimeUnit
from onecity.hubs.registers.contracts import CreditEntry, MatterKind, MatterState, Permission
from onecity.hubs.registers.errors import CreditMatterUnknown, EntityNotFound, MatterRefused
from onecity.hubs.registers.events import CreditMatterRaised
from onecity.hubs.registers.models import CreditMatter
from onecity.hubs.registers.queries.credit import credit_rules, entry_of
from onecity.hubs.registers.services.limits import limit_row
from onecity.kernel import audit, events
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now, today
from onecity.kernel.errors import NotPermitted
from onecity.kernel.policy import require, scopes

__all__ = ["MATTER_KIND", "matter_row", "raise_matter", "require_body"]

MATTER_KIND = "registers.credit_matter"


def raise_matter(
    actor: Actor, *, kind: MatterKind, file: str, entity: str, reason: str, commitment: str = ""
) -> CreditMatter:
    """Ask for repair of, or object to, one published record. For the subject itself or who acts for it. Raises MatterRefused."""
    require(actor, Permission.OWN)
    found = entry_of(file, entity)
    if found is None:
        raise EntityNotFound(data={"file": file, "entity": entity})
    entry, subject = found
    if not actor.acts_for(subject):
        raise NotPermitted("registers.not_your_record", "只能就本单位或本人的记录提出")
    rule = _refuse(kind, entry, reason, commitment)
    if CreditMatter.objects.filter(kind=kind, file=file, entity=entity, state=MatterState.OPEN).exists():
        raise MatterRefused(text="这条记录的申请正在办理", hint="请等待答复，不必重复提交")
    resource = catalog.resource(entity.partition(":")[0])
    row = CreditMatter.objects.create(
        kind=kind, file=file, entity=entity, subject=subject, title=f"{entry.kind}·{entry.title}"[:200], body=resource.provider,
        body_name=entry.body_name or resource.provider_name, reason=reason.strip()[:2000], commitment=commitment.strip()[:2000],
        state=MatterState.OPEN, rule=rule[:200], raised_at=now(),
    )  # fmt: skip
    _open_item(actor, row)
    audit.record(
        actor,
        "registers.raise_credit_matter",
        target=MATTER_KIND,
        target_id=row.id,
        subject=subject,
        data={"kind": kind},
    )
    events.publish(actor, CreditMatterRaised(row.id, kind, file, entity, subject), key=str(row.id))
    return row


def _refuse(kind: MatterKind, entry: CreditEntry, reason: str, commitment: str) -> str:
    """Why it cannot be taken, as an error; else the rule it goes by."""
    if not reason.strip():
        raise MatterRefused(text="请写明理由和整改情况")
    if kind is MatterKind.OBJECTION:
        return str(limit_row("objection_answer")["source"])
    rule = next((one for one in credit_rules() if one.kind == "repair" and one.content.get("file") == entry.file), None)
    if rule is None or entry.repairable_from is None:
        raise MatterRefused(text="此类记录不适用申请修复", hint="失信名单等由认定机关按其程序移出")
    if not entry.published:
        raise MatterRefused(text="该记录已不在公示期，无须修复")
    if today() < entry.repairable_from:
        day = entry.repairable_from.isoformat()
        raise MatterRefused(text=f"未满最短公示期，{day} 起可以申请", hint=entry.rule)
    if not commitment.strip():
        raise MatterRefused(text="请作出公开信用承诺", hint=rule.source)
    return f"{rule.version} {rule.source}"


def require_body(actor: Actor, body: str) -> None:
    """Raise NotPermitted unless the actor answers for this body. Records lie in no area, so a post's area is not asked."""
    if not any(scope.organisation in ("", body) for scope in scopes(actor, Permission.ANSWER_CREDIT)):
        require(actor, Permission.ANSWER_CREDIT, organisation=body or "-", area="-")


def _open_item(actor: Actor, row: CreditMatter) -> None:
    kind = MatterKind(row.kind)
    limit = limit_row("repair_answer" if kind is MatterKind.REPAIR else "objection_answer")
    item = process.open_task(
        actor,
        matter=MatterRef(MATTER_KIND, row.id, "", f"{kind.label}：{row.title}", f"/desk/registers/credit/matters/{row.id}"),
        candidate=Candidate(Permission.ANSWER_CREDIT, row.body),
        limit=Limit(limit["amount"], TimeUnit(limit["unit"])), summary=f"{row.title}：申请{kind.label}", reason=row.reason,
        rule=limit["source"], node_name=kind.label, definition_name="信用修复与异议",
        idempotency_key=f"credit:{row.id}",
    )  # fmt: skip
    row.work_item, row.due_at = item.id, item.due_at
    row.save(update_fields=["work_item", "due_at"])


def matter_row(matter_id: UUID, *, lock: bool = False) -> CreditMatter:
    """The matter. Raises CreditMatterUnknown."""
    rows = CreditMatter.objects.select_for_update() if lock else CreditMatter.objects
    row = rows.filter(pk=matter_id).first()
    if row is None:
        raise CreditMatterUnknown(data={"matter": str(matter_id)})
    return row
