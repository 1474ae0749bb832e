"""A verdict on the review desk: the table of `rules.resolution.desk`, the act it leads to, and the work items."""

from uuid import UUID

from onecity.hubs.process import api as process
from onecity.hubs.process.contracts import Verb
from onecity.hubs.process.errors import ItemClosed, ItemUnknown
from onecity.hubs.registers.contracts.resolution import Verdict
from onecity.hubs.registers.errors import ReviewClosed, ReviewUnknown, SecondPersonNeeded
from onecity.hubs.registers.models import ResolutionReview
from onecity.hubs.registers.rules.resolution.desk import VerdictRefused, after
from onecity.hubs.registers.services.raise_review import open_review_item
from onecity.hubs.registers.services.resolution_acts import keep_apart, merge_records
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now

__all__ = ["decide_review"]


def decide_review(actor: Actor, *, review_id: UUID, verdict: Verdict, opinion: str) -> ResolutionReview:
    """Raises ReviewUnknown, ReviewClosed, SecondPersonNeeded."""
    row = ResolutionReview.objects.select_for_update().filter(id=review_id).first()
    if row is None:
        raise ReviewUnknown()
    proposer = row.state == "proposed" and row.first_account == actor.account_id
    state = after(row.state, verdict, proposer=proposer)
    if state is VerdictRefused.SECOND_PERSON:
        raise SecondPersonNeeded()
    if isinstance(state, VerdictRefused):
        raise ReviewClosed()
    first = row.state == "open"
    row.state = state
    if first:
        row.first, row.first_account, row.first_at = actor.to_json(), actor.account_id, now()
    else:
        row.second, row.second_account = actor.to_json(), actor.account_id
    if state != "proposed":
        row.decided_at = now()
        rule = merge_records if state == "merged" else keep_apart
        row.act = rule(actor, left=row.left, right=row.right, reason=opinion).id
    row.save()
    audit.record(
        actor, "registers.review_verdict", target="registers.review", target_id=row.id,
        data={"verdict": verdict.value, "state": state, "model": row.model},
    )  # fmt: skip
    _close_item(actor, row, verdict, opinion)
    if state == "proposed":
        open_review_item(actor, row, second=True)
    return row


def _close_item(actor: Actor, row: ResolutionReview, verdict: Verdict, opinion: str) -> None:
    if row.item is None:
        return
    verb = Verb.AGREE if verdict is Verdict.SAME else Verb.DISAGREE
    words = opinion or ("是同一人" if verdict is Verdict.SAME else "不是同一人")
    try:
        process.complete(actor, item_id=row.item, verb=verb, opinion=words, owner="registers")
    except (ItemClosed, ItemUnknown):
        row.item = None
        row.save(update_fields=["item"])
