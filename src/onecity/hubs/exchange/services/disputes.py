"""The ladder over a refused request: the two sides talk → the data department of the same level → the superior one.

Every rung leaves its record. A rung that supports the consumer puts the request back on the owner's desk with a new clock;
nobody grants in the owner's place. Source: 国务院令第809号 政务数据共享条例（争议处理）.
"""

from uuid import UUID

from onecity.hubs.exchange.contracts import DisputeLevel, DisputeState, DisputeView, Permission, RequestState
from onecity.hubs.exchange.errors import RequestClosed, RequestRefused, RequestUnknown
from onecity.hubs.exchange.models import AccessRequest, Dispute
from onecity.hubs.exchange.services import ask_access
from onecity.hubs.exchange.services.desk_items import close_on_desk, due_or_note
from onecity.hubs.exchange.services.request_desk import note_step
from onecity.hubs.exchange.services.rows import bureau_code, limit_row, request_row, require_for
from onecity.hubs.process import api as process
from onecity.hubs.process.contracts import Candidate, MatterRef
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now
from onecity.kernel.ids import new_id

__all__ = ["DISPUTE_MATTER", "answer_dispute", "dispute_view", "disputes_of", "next_level", "raise_dispute"]

DISPUTE_MATTER = "exchange.dispute"
_LADDER = (DisputeLevel.CONSULT, DisputeLevel.SAME_LEVEL, DisputeLevel.SUPERIOR)


def next_level(row: AccessRequest) -> DisputeLevel | None:
    """The rung that may be climbed now: only after a refusal, one at a time, in order; None = the ladder ends or a rung is open."""
    climbed = list(Dispute.objects.filter(request=row).values_list("level", "state"))
    if row.state != RequestState.REFUSED or any(state == DisputeState.OPEN for _, state in climbed):
        return None
    done = {level for level, _ in climbed}
    return next((level for level in _LADDER if level not in done), None)


def raise_dispute(actor: Actor, *, request_id: UUID, reason: str) -> Dispute:
    """Climb the next rung. Raises RequestRefused when there is none."""
    row = request_row(request_id, lock=True)
    require_for(actor, Permission.REQUEST, row.consumer)
    level = next_level(row)
    if level is None:
        raise RequestRefused("exchange.no_dispute", "现在不能提出争议", hint="只有未同意的申请可以提出争议，逐级进行")
    if not reason.strip():
        raise RequestRefused(text="请写明争议理由")
    due, note, _ = due_or_note(now(), f"dispute_{level.value}")
    made = Dispute.objects.create(
        id=new_id(), request=row, level=level.value, state=DisputeState.OPEN.value, reason=reason.strip(),
        raised_by=actor.to_json(), raised_at=now(), due_at=due, due_note=note,
    )  # fmt: skip
    _open_item(actor, row, made, level)
    audit.record(
        actor, "exchange.raise_dispute", target="exchange.request", target_id=row.id, data={"level": level.value}
    )
    note_step(actor, row, f"提出争议：{level.label}", made.reason)
    return made


def _answerer(row: AccessRequest, level: str) -> tuple[Permission, str]:
    if level == DisputeLevel.CONSULT:
        return Permission.ANSWER, row.provider
    return Permission.SUPERVISE, bureau_code()


def _open_item(actor: Actor, row: AccessRequest, made: Dispute, level: DisputeLevel) -> None:
    permission, organisation = _answerer(row, level)
    item = process.open_task(
        actor, candidate=Candidate(permission, organisation), node_name=level.label, definition_name="数据共享争议",
        matter=MatterRef(DISPUTE_MATTER, made.id, "", f"数据共享争议：{row.interface_name}", f"/desk/exchange/requests/{row.id}"),
        summary=f"{row.consumer_name}对未同意的答复提出争议：{made.reason}"[:200], idempotency_key=f"dispute:{made.id}",
        rule=limit_row("limits", f"dispute_{level.value}")["source"],
    )  # fmt: skip
    made.work_item = item.id
    made.save(update_fields=["work_item"])


def answer_dispute(actor: Actor, *, dispute_id: UUID, supported: bool, opinion: str, finish: bool = True) -> Dispute:
    """Settle a rung. The superior's word is written down by the bureau, which names the document in `opinion`."""
    made = Dispute.objects.select_for_update().filter(pk=dispute_id).first()
    if made is None:
        raise RequestUnknown(text="没有找到这条争议", data={"dispute": str(dispute_id)})
    row = request_row(made.request_id, lock=True)
    require_for(actor, *_answerer(row, made.level))
    if made.state != DisputeState.OPEN:
        raise RequestClosed(text="这一级争议已经办结", data={"dispute": str(dispute_id)})
    if not opinion.strip():
        raise RequestRefused(text="请写明协商或裁定意见")
    made.state = (DisputeState.SUPPORTED if supported else DisputeState.UPHELD).value
    made.opinion, made.answered_at = opinion.strip(), now()
    made.save(update_fields=["state", "opinion", "answered_at"])
    if finish:
        close_on_desk(actor, made.work_item, agreed=supported, opinion=opinion, key=f"dispute:{made.id}")
    level = DisputeLevel(made.level)
    note_step(actor, row, f"{level.label}：{DisputeState(made.state).label}", made.opinion)
    audit.record(
        actor, "exchange.answer_dispute", target="exchange.request", target_id=row.id, data={"state": made.state}
    )
    if supported:
        _back_to_owner(actor, row)
    return made


def _back_to_owner(actor: Actor, row: AccessRequest) -> None:
    row.state, row.refusal, row.answered_at, row.overdue_at, row.work_item = (
        RequestState.SUBMITTED,
        "",
        None,
        None,
        None,
    )
    row.save(update_fields=["state", "refusal", "answered_at", "overdue_at", "work_item"])
    ask_access.open_item(actor, row, again=Dispute.objects.filter(request=row).count())


def dispute_view(made: Dispute) -> DisputeView:
    """One rung."""
    return DisputeView(
        made.id, made.request_id, DisputeLevel(made.level), DisputeState(made.state), made.reason, made.raised_at,
        made.due_at, made.due_note, made.opinion, made.answered_at,
    )  # fmt: skip


def disputes_of(request_id: UUID) -> list[DisputeView]:
    """The climbed rungs, first one first."""
    return [dispute_view(made) for made in Dispute.objects.filter(request=request_id).order_by("raised_at")]
