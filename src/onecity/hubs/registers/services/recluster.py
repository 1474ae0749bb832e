"""Recompute the persons of the components an act touched, and write what changed, with history.

Owns the one place where `entity` and `component` of records change. The caller holds the resolution lock and a transaction.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from onecity.hubs.registers.events import IdentitiesChanged
from onecity.hubs.registers.models import (
    ResolutionAct,
    ResolutionAlias,
    ResolutionMembership,
    ResolutionRecord,
)
from onecity.hubs.registers.rules.resolution.clustering import Refused, cluster
from onecity.hubs.registers.rules.resolution.identity import keep_identities
from onecity.hubs.registers.services.online_rows import read_components, write_act, write_persons
from onecity.kernel import audit, events
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now
from onecity.kernel.database import advisory_lock
from onecity.kernel.ids import new_id

__all__ = ["Change", "Outcome", "finish_act", "lock", "recluster"]

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
    read = read_components(list(components))
    rows = read.rows
    place = {row[0]: n for n, row in enumerate(rows)}
    left, right, weight = _links(place, read.links)
    rulings = [(a, b) for a, b in read.rulings if b in place]
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
    homes = _components(len(rows), left, right)
    write_persons(
        [
            (row[0], identities[row[0]], rows[home][0])
            for row, home in zip(rows, homes, strict=True)
            if identities[row[0]] != row[3] or rows[home][0] != row[4]
        ]
    )
    _history(changes, former, act, fresh)
    left_out = [Refused(rows[r.left][0], rows[r.right][0], r.weight, r.reason) for r in refused]
    return Outcome(changes, former, left_out, identities)


def _links(
    place: Mapping[int, int], found: Iterable[tuple[int, int, float]]
) -> tuple[list[int], list[int], list[float]]:
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


def _history(changes: Iterable[Change], former: Mapping[UUID, UUID], act: UUID, fresh: Iterable[int] = ()) -> None:
    """Write the closed and the opened line of history of records that moved, and the former names."""
    moment, new = now(), set(fresh)
    moved = {record: after for record, _before, after in changes if record not in new}
    if moved:
        ResolutionMembership.objects.filter(record__in=list(moved), known_to=None).update(known_to=moment)
        dates = dict(ResolutionRecord.objects.filter(id__in=list(moved)).values_list("id", "as_of"))
        ResolutionMembership.objects.bulk_create(
            ResolutionMembership(record=record, entity=after, valid_from=dates[record], known_from=moment, act=act)
            for record, after in moved.items()
        )
        # An identity that has records again is nobody's former name.
        taken = {after for _record, _before, after in changes}
        ResolutionAlias.objects.filter(entity__in=list(taken), known_to=None).update(known_to=moment)
    if former:
        ResolutionAlias.objects.bulk_create(
            ResolutionAlias(entity=gone, survivor=stays, known_from=moment, act=act) for gone, stays in former.items()
        )


def finish_act(
    actor: Actor, *, act: UUID, kind: str, model: str, reason: str, changes: list[Change], subject: str = "",
    opened: Sequence[tuple[int, UUID, datetime]] = (),
) -> ResolutionAct:  # fmt: skip
    """Keep the act with all it changed and the first lines of history it opens; audit and announce it."""
    moment = now()
    write_act(act, kind, moment, actor.to_json(), model, reason, changes, opened)
    audit.record(
        actor, f"registers.resolution_{kind}", target="registers.resolution", target_id=act, subject=subject,
        data={"records": len(changes), "model": model},
    )  # fmt: skip
    if changes:
        events.publish(actor, IdentitiesChanged(act, kind, len(changes)), key=str(act))
    return ResolutionAct(
        id=act, kind=kind, at=moment, actor=actor.to_json(), model=model, reason=reason[:400],
        changes=[[record, str(before), str(after)] for record, before, after in changes],
    )  # fmt: skip
