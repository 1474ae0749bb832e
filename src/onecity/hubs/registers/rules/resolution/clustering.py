"""Which records are one person: the strongest links first, and never two persons in one.

Owns the rule, the same for a million records and for the few a new one touches: a cluster depends only on the component of
links it lies in, so recomputing that component gives what a full run would give. Refuses chains: a link is left out
when it would join two different valid numbers, or two records of one department on weak evidence.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["SAME_DEPARTMENT", "Refusal", "Refused", "cluster"]

SAME_DEPARTMENT = 12.0
"""Bits a link needs before it may bring two records of one department together (a duplicate, not a relative)."""


class Refusal(StrEnum):
    """Why a link that was heavy enough was left out."""

    NUMBERS = "numbers"
    DEPARTMENT = "department"


@dataclass(frozen=True, slots=True)
class Refused:
    """A link left out: its two records and why. Shown on the review desk."""

    left: int
    right: int
    weight: float
    reason: Refusal


def _root(parent: list[int], node: int) -> int:
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = parent[node]
    return node


def cluster(
    numbers: Sequence[int],
    departments: Sequence[int],
    left: Sequence[int],
    right: Sequence[int],
    weight: Sequence[float],
) -> tuple[list[int], list[Refused]]:
    """The smallest member of every record's cluster, and the links left out.

    `numbers` says which valid number a record carries (-1 none), `departments` is one bit for each department. Links must
    come heaviest first, ties by left then right.
    """
    parent, number, mask = list(range(len(numbers))), list(numbers), list(departments)
    refused = []
    for a, b, w in zip(left, right, weight, strict=True):
        x, y = _root(parent, a), _root(parent, b)
        if x == y:
            continue
        if number[x] >= 0 and number[y] >= 0 and number[x] != number[y]:
            refused.append(Refused(a, b, w, Refusal.NUMBERS))
            continue
        if mask[x] & mask[y] and w < SAME_DEPARTMENT:
            refused.append(Refused(a, b, w, Refusal.DEPARTMENT))
            continue
        low, high = (x, y) if x < y else (y, x)
        parent[high] = low
        mask[low] |= mask[high]
        number[low] = max(number[low], number[high])
    return [_root(parent, node) for node in range(len(numbers))], refused
