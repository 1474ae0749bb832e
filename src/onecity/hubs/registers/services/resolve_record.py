"""One record online: find whom it may be, weigh, cluster its component again. The rules and weights are the bulk run's.

Owns the verb. Refuses to decide what is uncertain: such pairs go to the review desk.
"""

from dataclasses import dataclass
from typing import Any

from onecity.hubs.registers.contracts.resolution import (
    DepartmentRecord,
    Explanation,
    Resolution,
    ResolutionState,
)
from onecity.hubs.registers.models import (
    ResolutionKey,
    ResolutionLink,
    ResolutionRecord,
    ResolutionReview,
)
from onecity.hubs.registers.rules.resolution.clustering import RULED
from onecity.hubs.registers.rules.resolution.features import Features
from onecity.hubs.registers.rules.resolution.model import Model, Score
from onecity.hubs.registers.services import online_rows
from onecity.hubs.registers.services.explain import explanation
from onecity.hubs.registers.services.online_rows import Found
from onecity.hubs.registers.services.raise_review import Doubt, raise_reviews
from onecity.hubs.registers.services.recluster import Outcome, finish_act, lock, recluster
from onecity.hubs.registers.services.resolution_rows import (
    as_record,
    hashed,
    key_hashes,
    model_named,
    opened,
    sealed,
)
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now
from onecity.kernel.ids import new_id
from onecity.kernel.keys import subject_ref

__all__ = ["resolve_record"]


@dataclass(frozen=True, slots=True)
class _Weighed:
    record: int
    component: int
    entity: Any
    score: Score


def resolve_record(actor: Actor, record: DepartmentRecord) -> Resolution:
    """Take in one record inside the caller's transaction. The same record again changes nothing. Raises NoResolutionModel."""
    one = as_record(record)
    hashes = key_hashes(one)
    lock()
    found = online_rows.found(record.department[:60], record.source_id[:120], hashes)
    model = model_named(found.model)
    old = None if found.known is None else ResolutionRecord.objects.get(id=found.known)
    if old is not None and opened(old.sealed).features == one:
        return _standing(old, model)
    act = new_id()
    touched = _withdraw(old) if old is not None else set()
    weighed = _weigh(one, found, model)
    links = {it.record: it.score.weight for it in weighed if it.score.weight >= model.link}
    row = _store(record, one, hashes, old, links)
    touched |= {it.component for it in weighed if it.record in links}
    outcome = Outcome(identities={row.id: row.entity})
    if touched:
        # A component is named by its smallest record; one that is changed may name it, so it must take part again.
        outcome = recluster(touched | {row.component}, act, () if old else (row.id,))
        row.entity = outcome.identities[row.id]
    finish_act(
        actor, act=act, kind="record", model=model.version, reason="", changes=outcome.changes, subject=row.subject,
        opened=() if old else ((row.id, row.entity, row.as_of),),
    )  # fmt: skip
    doubts = [
        Doubt(row.id, found.record, found.score.weight, "band")
        for found in weighed
        if model.review <= found.score.weight < model.link
    ]
    doubts += [
        Doubt(one_.left, one_.right, one_.weight, one_.reason.value)
        for one_ in outcome.refused
        if row.id in (one_.left, one_.right)
    ]
    raised = raise_reviews(actor, doubts, model.version)
    return _answer(row, model, weighed, raised, outcome)


def _withdraw(old: ResolutionRecord) -> set[int]:
    """Take a changed record out of its links; returns the components to recompute. Human links stay."""
    ResolutionKey.objects.filter(record=old.id).delete()
    ResolutionLink.objects.filter(left=old.id, weight__lt=RULED).delete()
    ResolutionLink.objects.filter(right=old.id, weight__lt=RULED).delete()
    ResolutionReview.objects.filter(left=old.id, state="open").delete()
    ResolutionReview.objects.filter(right=old.id, state="open").delete()
    return {old.component}


def _weigh(one: Features, found: Found, model: Model) -> list[_Weighed]:
    weighed = [
        _Weighed(it.record, it.component, it.entity, model.score(opened(it.sealed).features, one))
        for it in found.candidates
        if it.record != found.known
    ]
    return sorted(weighed, key=lambda it: (-it.score.weight, it.record))


def _store(
    record: DepartmentRecord, one: Features, hashes: list[int], old: ResolutionRecord | None, links: dict[int, float]
) -> ResolutionRecord:
    row = old or ResolutionRecord(department=record.department[:60], source_id=record.source_id[:120], entity=new_id())
    row.sealed, row.as_of = sealed(one, record), record.as_of or now()
    row.subject = str(subject_ref(one.number)) if one.sure else ""
    row.number_key = hashed([one.number])[0] if one.sure else None
    if old is None:
        values = (row.department, row.source_id, row.subject, row.sealed, row.number_key, row.entity, row.as_of)
        row.id = row.component = online_rows.insert_record(values, hashes, links)
        return row
    row.save()
    ResolutionKey.objects.bulk_create(ResolutionKey(key=key, record=row.id) for key in hashes)
    ResolutionLink.objects.bulk_create(
        ResolutionLink(left=min(row.id, other), right=max(row.id, other), weight=weight)
        for other, weight in links.items()
    )
    return row


def _answer(row: ResolutionRecord, model: Model, weighed: list[_Weighed], raised: int, outcome: Outcome) -> Resolution:
    same = [found for found in weighed if outcome.identities.get(found.record) == row.entity]
    best = same[0] if same else (weighed[0] if weighed else None)
    state = ResolutionState.LINKED if same else ResolutionState.REVIEW if raised else ResolutionState.NEW
    why: Explanation | None = explanation(best.score, model.version, str(best.record)) if best else None
    return Resolution(row.id, row.entity, state, best.score.weight if best else 0.0, model.version, why)


def _standing(row: ResolutionRecord, model: Model) -> Resolution:
    alone = not ResolutionRecord.objects.filter(entity=row.entity).exclude(id=row.id).exists()
    waiting = alone and (
        ResolutionReview.objects.filter(left=row.id, state__in=("open", "proposed")).exists()
        or ResolutionReview.objects.filter(right=row.id, state__in=("open", "proposed")).exists()
    )
    state = ResolutionState.REVIEW if waiting else ResolutionState.NEW if alone else ResolutionState.LINKED
    return Resolution(row.id, row.entity, state, 0.0, model.version)
