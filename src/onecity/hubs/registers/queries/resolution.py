"""Reads of entity resolution: the queue, a pair side by side, identities and their history, acts, figures."""

from collections import Counter
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from onecity.codes import PersonName
from onecity.codes.error import CodeError
from onecity.hubs.registers.contracts.resolution import (
    ActView,
    IdentityView,
    PairSide,
    ResolutionFigures,
    ReviewState,
    ReviewView,
)
from onecity.hubs.registers.errors import ReviewUnknown
from onecity.hubs.registers.models import (
    ResolutionAct,
    ResolutionAlias,
    ResolutionMembership,
    ResolutionModel,
    ResolutionRecord,
    ResolutionReview,
)
from onecity.hubs.registers.rules.resolution.desk import agreement
from onecity.hubs.registers.rules.resolution.model import Model
from onecity.hubs.registers.services.explain import explanation
from onecity.hubs.registers.services.resolution_rows import Opened, opened
from onecity.kernel.actor import Actor
from onecity.kernel.paging import Page, PageRequest
from onecity.kernel.subject import SubjectRef

__all__ = [
    "acts",
    "count_open",
    "explain_pair",
    "figures",
    "first_open",
    "identity_of_entity",
    "identity_of_subject",
    "model_of",
    "neighbours",
    "review",
    "reviews",
    "side",
    "survivor",
]

_LONGEST_CHAIN = 1000


def survivor(entity: UUID) -> UUID:
    """The identity a former one leads to today; itself when it stands."""
    seen = {entity}
    for _step in range(_LONGEST_CHAIN):
        heir = (
            ResolutionAlias.objects.filter(entity=entity, known_to=None)
            .order_by("-id")
            .values_list("survivor", flat=True)
            .first()
        )
        if heir is None or heir in seen:
            return entity
        entity = heir
        seen.add(entity)
    return entity


def identity_of_entity(entity: UUID) -> IdentityView:
    """A person by any identity it ever had. Raises ReviewUnknown."""
    stands = survivor(entity)
    rows = list(ResolutionRecord.objects.filter(entity=stands).order_by("id"))
    if not rows:
        raise ReviewUnknown()
    former = tuple(
        ResolutionAlias.objects.filter(survivor=stands, known_to=None).order_by("id").values_list("entity", flat=True)
    )
    return IdentityView(stands, tuple(side(row, opened(row.sealed), whole=False) for row in rows), former)


def identity_of_subject(subject: SubjectRef) -> IdentityView | None:
    """The person whose number has this reference, None when no record carries it."""
    entity = (
        ResolutionRecord.objects.filter(subject=str(subject))
        .exclude(subject="")
        .order_by("id")
        .values_list("entity", flat=True)
        .first()
    )
    return identity_of_entity(entity) if entity else None


def model_of(version: str) -> Model:
    """A model by its version. Raises ReviewUnknown."""
    row = ResolutionModel.objects.filter(version=version).values_list("weights", flat=True).first()
    if row is None:
        raise ReviewUnknown()
    return Model.from_json(row)


def _masked_name(name: str) -> str:
    try:
        return PersonName.parse(name).masked()
    except CodeError:
        return f"{name[:1]}*" if name else ""


def _masked(text: str, first: int, last: int) -> str:
    if not text:
        return ""
    return f"{text[:first]}{'*' * 6}{text[-last:]}" if len(text) > first + last else "*" * len(text)


def side(row: ResolutionRecord, values: Opened, *, whole: bool) -> PairSide:
    """A record as it may be seen: masked unless `whole`."""
    one = values.features
    birth = f"{one.birth[:4]}-{one.birth[4:6]}-{one.birth[6:]}" if one.birth else ""
    home = values.address
    return PairSide(
        row.id, row.department, row.source_id, row.entity,
        values.name if whole else _masked_name(values.name), values.number if whole else _masked(values.number, 6, 4),
        birth if whole or not birth else f"{birth[:4]}-**-**", one.sex,
        one.phone if whole else _masked(one.phone, 3, 4),
        home if whole or not home else f"{one.gate.split('|')[0] or home[:4]}****",
    )  # fmt: skip


def explain_pair(left: ResolutionRecord, right: ResolutionRecord, version: str) -> Any:
    """The explanation of a pair by a model."""
    return explanation(model_of(version).score(opened(left.sealed).features, opened(right.sealed).features), version)


def review(actor: Actor, review_id: UUID, *, whole: bool = False) -> ReviewView:
    """One pair, masked unless `whole`. Raises ReviewUnknown, also when a record is no longer delivered."""
    row = ResolutionReview.objects.filter(id=review_id).first()
    if row is None:
        raise ReviewUnknown()
    return _views(actor, [row], whole=whole)[0]


def _views(actor: Actor, rows: list[ResolutionReview], *, whole: bool = False) -> list[ReviewView]:
    records = ResolutionRecord.objects.in_bulk({record for row in rows for record in (row.left, row.right)})
    models: dict[str, Model] = {version: model_of(version) for version in {row.model for row in rows}}
    return [
        _view(actor, row, records, models[row.model], whole) for row in rows if {row.left, row.right} <= set(records)
    ]


def _view(
    actor: Actor, row: ResolutionReview, records: Mapping[int, ResolutionRecord], model: Model, whole: bool
) -> ReviewView:
    sides = [(records[record], opened(records[record].sealed)) for record in (row.left, row.right)]
    left, right = (side(record, values, whole=whole) for record, values in sides)
    score = model.score(sides[0][1].features, sides[1][1].features)
    return ReviewView(
        row.id, ReviewState(row.state), row.reason, row.weight, left, right, explanation(score, row.model), row.raised_at,
        (row.first or {}).get("name", ""), row.first_at, (row.second or {}).get("name", ""), row.decided_at, row.act,
        row.first_account is not None and row.first_account == actor.account_id, whole,
    )  # fmt: skip


def reviews(actor: Actor, *, state: str, page: PageRequest) -> Page[ReviewView]:
    """The queue: proposed merges others must confirm first, then by weight."""
    found = (
        ResolutionReview.objects.filter(state=state)
        if state
        else ResolutionReview.objects.exclude(state__in=("merged", "apart"))
    )
    total = found.count()
    rows = list(found.order_by("-state", "-weight", "id")[page.offset : page.offset + page.size])
    return Page(tuple(_views(actor, rows)), total, page.number, page.size)


def acts(*, page: PageRequest) -> Page[ActView]:
    """Acts of persons, newest first, undone ones included."""
    found = ResolutionAct.objects.filter(kind__in=("merge", "split", "apart", "undo"))
    rows = found.order_by("-id")[page.offset : page.offset + page.size]
    views = tuple(
        ActView(
            row.id, row.kind, row.at, row.actor.get("name", ""), row.reason, len(row.changes), row.undone_by is not None
        )
        for row in rows
    )
    return Page(views, found.count(), page.number, page.size)


def figures() -> ResolutionFigures:
    """Counts of records, persons and the desk. No truth is known here: nothing is scored."""
    states = dict(ResolutionReview.objects.values_list("state").annotate(n=Count("id")))
    second = ResolutionReview.objects.exclude(second=None)
    confirmed, rejected = second.filter(state="merged").count(), second.filter(state="apart").count()
    by_department = ResolutionRecord.objects.values_list("department").annotate(n=Count("id")).order_by("department")
    sizes = Counter(
        min(n, 5) for (n,) in ResolutionRecord.objects.values("entity").annotate(n=Count("id")).values_list("n")
    )
    model = ResolutionModel.objects.filter(current=True).values_list("version", flat=True).first() or ""
    return ResolutionFigures(
        ResolutionRecord.objects.count(), sum(sizes.values()), states.get("open", 0), states.get("proposed", 0),
        states.get("merged", 0), states.get("apart", 0), agreement(confirmed, rejected), model, tuple(by_department),
        tuple((f"{size}+" if size == 5 else str(size), sizes[size]) for size in sorted(sizes)),
    )  # fmt: skip


def history(record: int) -> list[tuple[UUID, Any, Any, Any]]:
    """Whom a record counted as: (identity, valid from, known from, known to), oldest first."""
    rows = ResolutionMembership.objects.filter(record=record).order_by("known_from", "id")
    return [(row.entity, row.valid_from, row.known_from, row.known_to) for row in rows]


_WAITING = ("open", "proposed")


def count_open() -> int:
    """Pairs waiting for a person."""
    return ResolutionReview.objects.filter(state__in=_WAITING).count()


def _decidable(actor: Actor) -> Any:
    rows = ResolutionReview.objects.filter(state__in=_WAITING)
    return rows.exclude(state="proposed", first_account=actor.account_id)


def first_open(actor: Actor, but: UUID) -> UUID | None:
    """The heaviest pair the actor may decide, another than `but`."""
    found: UUID | None = (
        _decidable(actor).exclude(id=but).order_by("-weight", "id").values_list("id", flat=True).first()
    )
    return found


def neighbours(actor: Actor, review_id: UUID) -> tuple[UUID | None, UUID | None]:
    """The pairs before and after this one, by weight. Raises ReviewUnknown."""
    here = ResolutionReview.objects.filter(id=review_id).first()
    if here is None:
        raise ReviewUnknown()
    rows = _decidable(actor).exclude(id=review_id).values_list("id", flat=True)
    heavier = Q(weight__gt=here.weight) | Q(weight=here.weight, id__lt=here.id)
    return rows.filter(heavier).order_by("weight", "-id").first(), rows.exclude(heavier).order_by(
        "-weight", "id"
    ).first()
