"""Merging, splitting and undoing by persons. Each act keeps all it changed; undoing it brings back what was."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q

from onecity.hubs.registers.errors import ReviewUnknown, SplitRefused, UndoBlocked
from onecity.hubs.registers.models import (
    ResolutionAct,
    ResolutionLink,
    ResolutionRecord,
    ResolutionReview,
    ResolutionRuling,
)
from onecity.hubs.registers.rules.resolution.clustering import RULED
from onecity.hubs.registers.services.recluster import finish_act, lock, recluster
from onecity.hubs.registers.services.resolution_rows import current_model
from onecity.kernel.actor import Actor
from onecity.kernel.ids import new_id

__all__ = ["HUMAN", "keep_apart", "merge_records", "parted", "split_records", "undo_act"]

HUMAN = ("merge", "split", "apart")


def _rows(records: Sequence[int]) -> list[ResolutionRecord]:
    found = list(ResolutionRecord.objects.filter(id__in=records).order_by("id"))
    if len(found) != len(set(records)):
        raise ReviewUnknown()
    return found


def merge_records(actor: Actor, *, left: int, right: int, reason: str) -> ResolutionAct:
    """Two records are one person, whatever the model says. Raises UndoBlocked when they were ruled apart before."""
    lock()
    one, other = _rows([left, right])
    members = [
        list(ResolutionRecord.objects.filter(entity=row.entity).values_list("id", flat=True)) for row in (one, other)
    ]
    ruled = Q(left__in=members[0], right__in=members[1]) | Q(left__in=members[1], right__in=members[0])
    if one.entity != other.entity and ResolutionRuling.objects.filter(ruled).exists():
        raise UndoBlocked(text="曾有人认定这些记录不是同一人，不能直接合并", hint="请先撤销那一次认定")
    act = new_id()
    ResolutionLink.objects.create(left=one.id, right=other.id, weight=RULED, act=act)
    outcome = recluster({one.component, other.component}, act)
    return finish_act(
        actor,
        act=act,
        kind="merge",
        model=current_model().version,
        reason=reason,
        changes=outcome.changes,
        subject=one.subject,
    )


def keep_apart(actor: Actor, *, left: int, right: int, reason: str) -> ResolutionAct:
    """Two records are not one person; no later run joins them."""
    lock()
    one, other = _rows([left, right])
    act = new_id()
    ResolutionRuling.objects.create(left=one.id, right=other.id, act=act)
    outcome = recluster({one.component, other.component}, act)
    return finish_act(
        actor,
        act=act,
        kind="apart",
        model=current_model().version,
        reason=reason,
        changes=outcome.changes,
        subject=one.subject,
    )


def parted(records: Sequence[int]) -> tuple[list[ResolutionRecord], list[int]]:
    """The rows to part, and the records that stay. Raises ReviewUnknown, SplitRefused when nothing would be parted."""
    chosen = _rows(records)
    entities = {row.entity for row in chosen}
    found = ResolutionRecord.objects.filter(entity__in=entities).exclude(id__in=records).order_by("id")
    rest = list(found.values_list("id", flat=True))
    if len(entities) != 1 or not rest:
        raise SplitRefused()
    return chosen, rest


def split_records(actor: Actor, *, records: Sequence[int], reason: str) -> ResolutionAct:
    """Part some records from the person they count as. Raises SplitRefused when nothing would be parted."""
    lock()
    chosen, rest = parted(records)
    if not reason.strip():
        raise SplitRefused()
    act = new_id()
    ResolutionRuling.objects.bulk_create(
        ResolutionRuling(left=min(row.id, other), right=max(row.id, other), act=act) for row in chosen for other in rest
    )
    outcome = recluster({row.component for row in chosen}, act)
    return finish_act(
        actor, act=act, kind="split", model=current_model().version, reason=reason, changes=outcome.changes,
        subject=chosen[0].subject,
    )  # fmt: skip


def undo_act(actor: Actor, *, act_id: UUID, reason: str) -> ResolutionAct:
    """Take back a merge, a split or a ruling. Raises UndoBlocked when a later human act changed the same records."""
    lock()
    row = ResolutionAct.objects.select_for_update().filter(id=act_id, kind__in=HUMAN).first()
    if row is None:
        raise ReviewUnknown()
    touched = {change[0] for change in row.changes}
    later = ResolutionAct.objects.filter(id__gt=act_id, kind__in=HUMAN, undone_by=None).values_list(
        "changes", flat=True
    )
    if row.undone_by is not None or any(change[0] in touched for changes in later for change in changes):
        raise UndoBlocked()
    ends = [
        *ResolutionLink.objects.filter(act=act_id).values_list("left", "right"),
        *ResolutionRuling.objects.filter(act=act_id).values_list("left", "right"),
    ]
    records = touched | {record for pair in ends for record in pair}
    ResolutionLink.objects.filter(act=act_id).delete()
    ResolutionRuling.objects.filter(act=act_id).delete()
    components = set(ResolutionRecord.objects.filter(id__in=records).values_list("component", flat=True))
    act = new_id()
    outcome = recluster(components, act, restore={record: UUID(before) for record, before, _after in row.changes})
    ResolutionReview.objects.filter(act=act_id).update(
        state="open",
        act=None,
        first=None,
        first_account=None,
        first_at=None,
        second=None,
        second_account=None,
        decided_at=None,
    )
    row.undone_by = act
    row.save(update_fields=["undone_by"])
    return finish_act(actor, act=act, kind="undo", model=row.model, reason=reason, changes=outcome.changes)
