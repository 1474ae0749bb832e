"""Which identity a cluster keeps: identities outlive merges and splits.

Owns the rule: an identity stays where most of its records are; the others of a merged cluster become former names of it.
Refuses to invent an identity for records that have one.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import TypeVar

__all__ = ["keep_identities"]

E = TypeVar("E", bound=Hashable)


def keep_identities(
    clusters: Mapping[int, Sequence[int]], held: Mapping[int, E], fresh: Callable[[], E]
) -> dict[int, E]:
    """The identity of every record.

    `clusters` maps a label to its records, `held` a record to its identity so far (none for a new record). The cluster with
    most records of an identity keeps it, ties to the smallest label; a cluster keeps the identity most of its records held,
    ties to the one of its smallest record.
    """
    votes = [
        (-count, label, min(r for r in records if held.get(r) == identity), identity)
        for label, records in clusters.items()
        for identity, count in Counter(held[r] for r in records if r in held).items()
    ]
    kept: dict[int, E] = {}
    taken: set[E] = set()
    for _count, label, _record, identity in sorted(votes, key=lambda vote: vote[:3]):
        if label not in kept and identity not in taken:
            kept[label] = identity
            taken.add(identity)
    for label in sorted(clusters):
        if label not in kept:
            kept[label] = fresh()
    return {record: kept[label] for label, records in clusters.items() for record in records}
