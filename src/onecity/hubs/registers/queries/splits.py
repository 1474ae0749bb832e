"""Reads of proposed splits: one with all records of the person, masked, and those that wait."""

from collections.abc import Iterable
from uuid import UUID

from onecity.hubs.registers.contracts.resolution import PairSide, SplitState, SplitView
from onecity.hubs.registers.errors import ReviewUnknown
from onecity.hubs.registers.models import ResolutionRecord, ResolutionSplit
from onecity.hubs.registers.queries.resolution import side
from onecity.hubs.registers.services.resolution_rows import opened
from onecity.kernel.actor import Actor

__all__ = ["split", "waiting"]


def split(actor: Actor, split_id: UUID) -> SplitView:
    """One proposal. Raises ReviewUnknown."""
    row = ResolutionSplit.objects.filter(id=split_id).first()
    if row is None:
        raise ReviewUnknown()
    return _view(actor, row)


def waiting(actor: Actor) -> tuple[SplitView, ...]:
    """Proposals nobody confirmed yet, oldest first."""
    return tuple(_view(actor, row) for row in ResolutionSplit.objects.filter(state="proposed").order_by("id")[:50])


def _view(actor: Actor, row: ResolutionSplit) -> SplitView:
    chosen = ResolutionRecord.objects.filter(id__in=row.records).order_by("id")
    rest = ResolutionRecord.objects.filter(entity=row.entity).exclude(id__in=row.records).order_by("id")
    return SplitView(
        row.id, SplitState(row.state), _sides(chosen), _sides(rest), row.reason, row.first.get("name", ""), row.first_at,
        (row.second or {}).get("name", ""), row.decided_at, row.act,
        row.first_account is not None and row.first_account == actor.account_id,
    )  # fmt: skip


def _sides(rows: Iterable[ResolutionRecord]) -> tuple[PairSide, ...]:
    return tuple(side(row, opened(row.sealed), whole=False) for row in rows)
