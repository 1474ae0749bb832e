"""Put uncertain pairs on the review desk and into the one to-do list."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from onecity.hubs.process import api as process
from onecity.hubs.process.contracts import Candidate, Limit, MatterRef, TimeUnit
from onecity.hubs.registers.contracts.resolution import ResolutionPermission
from onecity.hubs.registers.models import ResolutionRecord, ResolutionReview, ResolutionRuling
from onecity.hubs.registers.services.limits import limit_row
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now
from onecity.kernel.ids import new_id

__all__ = ["MATTER_KIND", "REASONS", "Doubt", "open_review_item", "raise_reviews"]

MATTER_KIND = "registers.review"
REASONS = {
    "band": "证据不足以自动合并，也不足以排除",
    "numbers": "证据很强，但两个有效证件号码不同",
    "department": "同一部门已有此人的记录，证据不足以认定重复",
    "ruled": "人工曾认定不是同一人",
}


@dataclass(frozen=True, slots=True)
class Doubt:
    """A pair a person should look at, and why."""

    left: int
    right: int
    weight: float
    reason: str


def raise_reviews(actor: Actor, doubts: Sequence[Doubt], model: str) -> int:
    """One open review for each pair of persons, the weightiest pair; pairs already decided or of one person are left out."""
    raised, seen = 0, set()
    for doubt in sorted(doubts, key=lambda one: -one.weight):
        left, right = sorted((doubt.left, doubt.right))
        entities = dict(ResolutionRecord.objects.filter(id__in=[left, right]).values_list("id", "entity"))
        pair = frozenset(entities.values())
        if doubt.reason == "ruled" or len(pair) < 2 or pair in seen or _known(left, right):
            continue
        seen.add(pair)
        row = ResolutionReview.objects.create(
            id=new_id(),
            left=left,
            right=right,
            weight=doubt.weight,
            reason=doubt.reason,
            model=model,
            state="open",
            raised_at=now(),
        )
        open_review_item(actor, row)
        raised += 1
    return raised


def _known(left: int, right: int) -> bool:
    return (
        ResolutionReview.objects.filter(left=left, right=right).filter(~Q(state="merged") | Q(act=None)).exists()
        or ResolutionRuling.objects.filter(left=left, right=right).exists()
    )


def open_review_item(actor: Actor, row: ResolutionReview, *, second: bool = False) -> None:
    """A work item for the desk; the second one says that a colleague proposed the merge."""
    limit = limit_row("resolution_review")
    stage = "确认合并" if second else "身份复核"
    item = process.open_task(
        Actor.system("registers", actor),
        matter=MatterRef(MATTER_KIND, row.id, "", f"{stage}：两条记录是否同一人", f"/desk/registers/review/{row.id}"),
        candidate=Candidate(ResolutionPermission.REVIEW),
        limit=Limit(limit["amount"], TimeUnit(limit["unit"])),
        summary=REASONS[row.reason] + ("；已有一人提出合并，须由另一人确认" if second else ""),
        rule=limit["source"], node_name=stage, definition_name="身份复核", verbs=(),
        idempotency_key=f"review:{row.id}:{'second' if second else 'first'}",
    )  # fmt: skip
    row.item = item.id
    row.save(update_fields=["item"])
