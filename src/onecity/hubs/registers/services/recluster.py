"""Recompute the persons of the components an act touched, and write what changed, with history.

Owns the one place where `entity` and `component` of records change. The caller holds the resolution lock and a transaction.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from onecity.hubs.registers.events import IdentitiesChanged
from onecity.hubs.registers.models import (
    ResolutionAct,
    ResolutionAlias,
    ResolutionLink,
    ResolutionMembership,
    ResolutionRecord,
    ResolutionRuling,
)
from onecity.hubs.registers.rules.resolution.clustering import Refused, cluster
from onecity.hubs.registers.rules.resolution.identity import keep_identities
from onecity.kernel import audit, events
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now
from onecity.kernel.database import advisory_lock
from onecity.kernel.ids import new_id

__all__ = ["Change", "Outcome", "finish_act", "lock", "recluster", "rewrite_identities"]

Change = tuple[int, UUID, UUID]


@dataclass
class Outcome:
    """What a recomputation changed: (record, before, after), former identities, links left out."""

    changes: list[Change] = field(default_factory=list)
    former: dict[UUID, UUID] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)
    identities: dict[int, UUID] = field(default_factory=dict)


def lock() -> None:
    """One writer at a time: a component must not change while it is being recomputed."""
    advisory_lock("registers.resolution")


def recluster(
    components: Iterable[int], act: UUID, newcomers: Iterable[int] = (), restore: Mapping[int, UUID] | None = None
) -> Outcome:
    """Cluster all records of `components`. `newcomers` hold no identity yet; their rows carry the one to use when they stay alone.

    `restore` says whom records counted as before an act that is being undone.
    """
    rows = list(
        ResolutionRecord.objects.filter(component__in=list(components)).order_by("id").values_list(
            "id", "number_key", "department", "entity", "component"
        )
    )  # fmt: skip
    place = {row[0]: n for n, row in enumerate(rows)}
    left, right, weight = _links(place)
    rulings = ResolutionRuling.objects.filter(left__in=list(place), right__in=list(place)).values_list("left", "right")
    departments = {name: 1 << n for n, name in enumerate(sorted({row[2] for row in rows}))}
    known = {key: n for n, key in enumerate(sorted({row[1] for row in rows if row[1] is not None}))}
    labels, refused = cluster(
        [-1 if row[1] is None else known[row[1]] for row in rows], [departments[row[2]] for row in rows],
        left, right, weight, [(place[a], place[b]) for a, b in rulings],
    )  # fmt: skip
    clusters: dict[int, list[int]] = {}
    for n, label in enumerate(labels):
        clusters.setdefault(label, []).append(rows[n][0])
    fresh = set(newcomers)
    own = {row[0]: row[3] for row in rows}
    held = {record: entity for record, entity in own.items() if record not in fresh}
    kept = held | {record: entity for record, entity in (restore or {}).items() if record in held}
    spare = iter([own[record] for record in sorted(fresh)])
    identities = keep_identities(clusters, kept, lambda: next(spare, None) or new_id())
    alive = set(identities.values())
    former = {entity: identities[record] for record, entity in reversed(held.items()) if entity not in alive}
    changes = [(record, own[record], entity) for record, entity in identities.items() if own[record] != entity]
    rewrite_identities(changes, former, act, fresh)
    _move(rows, _components(len(rows), left, right))
    left_out = [Refused(rows[r.left][0], rows[r.right][0], r.weight, r.reason) for r in refused]
    return Outcome(changes, former, left_out, identities)


def _links(place: Mapping[int, int]) -> tuple[list[int], list[int], list[float]]:
    found = ResolutionLink.objects.filter(left__in=list(place)).values_list("left", "right", "weight")
    ordered = sorted((-weight, place[a], place[b]) for a, b, weight in found)
    return [a for _w, a, _b in ordered], [b for _w, _a, b in ordered], [-w for w, _a, _b in ordered]


def _components(count: int, left: list[int], right: list[int]) -> list[int]:
    parent = list(range(count))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for a, b in zip(left, right, strict=True):
        x, y = sorted((root(a), root(b)))
        parent[y] = x
    return [root(node) for node in range(count)]


def _move(rows: list[tuple[int, int | None, str, UUID, int]], components: list[int]) -> None:
    moved: dict[int, list[int]] = {}
    for row, component in zip(rows, components, strict=True):
        if row[4] != rows[component][0]:
            moved.setdefault(rows[component][0], []).append(row[0])
    for target, records in moved.items():
        ResolutionRecord.objects.filter(id__in=records).update(component=target)


def rewrite_identities(
    changes: Iterable[Change], former: Mapping[UUID, UUID], act: UUID, fresh: Iterable[int] = ()
) -> None:
    """Write new identities: the row, the closed and the opened line of history, and the former names."""
    moment, new = now(), set(fresh)
    by_target: dict[UUID, list[int]] = {}
    for record, _before, after in changes:
        by_target.setdefault(after, []).append(record)
    for entity, records in by_target.items():
        ResolutionRecord.objects.filter(id__in=records).update(entity=entity)
    moved = [record for record, _before, _after in changes if record not in new]
    if moved:
        ResolutionMembership.objects.filter(record__in=moved, known_to=None).update(known_to=moment)
    dates = dict(ResolutionRecord.objects.filter(id__in=moved).values_list("id", "as_of")) if moved else {}
    ResolutionMembership.objects.bulk_create(
        ResolutionMembership(record=record, entity=after, valid_from=dates[record], known_from=moment, act=act)
        for record, _before, after in changes
        if record in dates
    )
    if moved:
        # An identity that has records again is nobody's former name.
        ResolutionAlias.objects.filter(entity__in=list(by_target), known_to=None).update(known_to=moment)
    if former:
        ResolutionAlias.objects.bulk_create(
            ResolutionAlias(entity=gone, survivor=stays, known_from=moment, act=act) for gone, stays in former.items()
        )


def finish_act(
    actor: Actor, *, act: UUID, kind: str, model: str, reason: str, changes: list[Change], subject: str = ""
) -> ResolutionAct:
    """Keep the act with all it changed; audit and announce it."""
    row = ResolutionAct.objects.create(
        id=act, kind=kind, at=now(), actor=actor.to_json(), model=model, reason=reason[:400],
        changes=[[record, str(before), str(after)] for record, before, after in changes],
    )  # fmt: skip
    audit.record(
        actor, f"registers.resolution_{kind}", target="registers.resolution", target_id=act, subject=subject,
        data={"records": len(changes), "model": model},
    )  # fmt: skip
    if changes:
        events.publish(actor, IdentitiesChanged(act, kind, len(changes)), key=str(act))
    return row
