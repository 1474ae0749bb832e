"""Undoing a wrong merge: one person proposes which records to part, another confirms. Owns the proposal and its work item.

Refuses a split by one person, a second proposal for the same person while one waits, and one that would part nothing.
"""

from collections.abc import Sequence
from uuid import UUID

from onecity.hubs.process import api as process
from onecity.hubs.process.contracts import Candidate, Limit, MatterRef, TimeUnit, Verb
from onecity.hubs.process.errors import ItemClosed, ItemUnknown
from onecity.hubs.registers.contracts.resolution import ResolutionPermission
from onecity.hubs.registers.errors import ReviewClosed, ReviewUnknown, SecondPersonNeeded, SplitRefused
from onecity.hubs.registers.models import ResolutionSplit
from onecity.hubs.registers.services.limits import limit_row
from onecity.hubs.registers.services.recluster import lock
from onecity.hubs.registers.services.resolution_acts import parted, split_records
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now
from onecity.kernel.ids import new_id

__all__ = ["SPLIT_MATTER", "decide_split", "propose_split"]

SPLIT_MATTER = "registers.split"


def propose_split(actor: Actor, *, records: Sequence[int], reason: str) -> ResolutionSplit:
    """Propose to part records from the person they count as. Raises ReviewUnknown, SplitRefused."""
    lock()
    chosen, _rest = parted(records)
    words = reason.strip()[:400]
    if not words:
        raise SplitRefused(text="请写明拆分的理由", hint="例如：核对原件后确认是两人")
    if ResolutionSplit.objects.filter(entity=chosen[0].entity, state="proposed").exists():
        raise SplitRefused(text="此人已有一份待确认的拆分", hint="请先在撤销清单中处理那一份")
    row = ResolutionSplit(
        id=new_id(), entity=chosen[0].entity, records=[one.id for one in chosen], reason=words, state="proposed",
        first=actor.to_json(), first_account=actor.account_id, first_at=now(),
    )  # fmt: skip
    limit = limit_row("resolution_review")
    title = f"确认拆分：{len(chosen)} 条记录不属于此人"
    row.item = process.open_task(
        Actor.system("registers", actor),
        matter=MatterRef(SPLIT_MATTER, row.id, "", title, f"/desk/registers/review/splits/{row.id}"),
        candidate=Candidate(ResolutionPermission.REVIEW), limit=Limit(limit["amount"], TimeUnit(limit["unit"])),
        summary=f"{words}；须由提出人以外的人确认"[:300], rule=limit["source"], node_name="确认拆分", verbs=(),
        idempotency_key=f"split:{row.id}",
    ).id  # fmt: skip
    row.save(force_insert=True)
    _note(actor, row)
    return row


def decide_split(actor: Actor, *, split_id: UUID, agree: bool, opinion: str) -> ResolutionSplit:
    """Confirm (another than the proposer) or refuse (anybody). Raises ReviewUnknown, ReviewClosed, SecondPersonNeeded, SplitRefused."""
    lock()
    row = ResolutionSplit.objects.select_for_update().filter(id=split_id).first()
    if row is None:
        raise ReviewUnknown()
    if row.state != "proposed":
        raise ReviewClosed(text="这份拆分已有结论")
    if agree and row.first_account == actor.account_id:
        raise SecondPersonNeeded(text="拆分须由另一人确认，提出人不能自己确认")
    row.state = "done" if agree else "refused"
    if agree:
        row.act = split_records(actor, records=row.records, reason=row.reason).id
    row.second, row.second_account, row.decided_at = actor.to_json(), actor.account_id, now()
    row.save()
    _note(actor, row)
    _close_item(actor, row, agree, opinion.strip() or ("同意拆分" if agree else "不同意拆分"))
    return row


def _close_item(actor: Actor, row: ResolutionSplit, agree: bool, words: str) -> None:
    if row.item is None:
        return
    verb = Verb.AGREE if agree else Verb.DISAGREE
    try:
        process.complete(actor, item_id=row.item, verb=verb, opinion=words, owner="registers")
    except (ItemClosed, ItemUnknown):
        row.item = None
        row.save(update_fields=["item"])


def _note(actor: Actor, row: ResolutionSplit) -> None:
    audit.record(
        actor, f"registers.split_{row.state}", target="registers.split", target_id=row.id,
        data={"records": len(row.records), "entity": str(row.entity)},
    )  # fmt: skip
