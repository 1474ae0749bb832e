"""Which records are one person: the strongest links first, and never two persons in one.

Owns the rule, the same for a million records and for the few a new one touches: a cluster depends only on the component of
links it lies in, so recomputing that component gives what a full run would give. Refuses chains: a link is left out
when it would join two different valid numbers, or two records of one department on weak evidence.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["RULED", "SAME_DEPARTMENT", "Refusal", "Refused", "cluster"]

SAME_DEPARTMENT = 12.0
"""Bits a link needs before it may bring two records of one department together (a duplicate, not a relative)."""

RULED = 1000.0
"""The weight of a link two persons ruled: before all others, and stronger than differing numbers."""


class Refusal(StrEnum):
    """Why a link that was heavy enough was left out."""

    NUMBERS = "numbers"
    DEPARTMENT = "department"
    RULED = "ruled"


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


class _Apart:
    """Which groups persons ruled to be different; empty in almost every run, so that it must cost nothing then."""

    def __init__(self, pairs: Iterable[tuple[int, int]]) -> None:
        self.foes: dict[int, set[int]] = {}
        for a, b in pairs:
            self.foes.setdefault(a, set()).add(b)
            self.foes.setdefault(b, set()).add(a)

    def forbids(self, x: int, y: int) -> bool:
        return bool(self.foes) and y in self.foes.get(x, ())

    def join(self, low: int, high: int) -> None:
        if self.foes and high in self.foes:
            for foe in self.foes.pop(high):
                self.foes[foe].discard(high)
                self.foes[foe].add(low)
                self.foes.setdefault(low, set()).add(foe)


def cluster(
    numbers: Sequence[int],
    departments: Sequence[int],
    left: Sequence[int],
    right: Sequence[int],
    weight: Sequence[float],
    apart: Iterable[tuple[int, int]] = (),
) -> tuple[list[int], list[Refused]]:
    """The smallest member of every record's cluster, and the links left out.

    `numbers` says which valid number a record carries (-1 none), `departments` is one bit for each department. Links must
    come heaviest first, ties by left then right. A link of `RULED` bits was ruled by persons; `apart` are pairs they ruled different.
    """
    parent, number, mask = list(range(len(numbers))), list(numbers), list(departments)
    foes, refused = _Apart(apart), []
    for a, b, w in zip(left, right, weight, strict=True):
        x, y = _root(parent, a), _root(parent, b)
        if x == y:
            continue
        if foes.forbids(x, y):
            refused.append(Refused(a, b, w, Refusal.RULED))
            continue
        if w < RULED and number[x] >= 0 and number[y] >= 0 and number[x] != number[y]:
            refused.append(Refused(a, b, w, Refusal.NUMBERS))
            continue
        if mask[x] & mask[y] and w < SAME_DEPARTMENT:
            refused.append(Refused(a, b, w, Refusal.DEPARTMENT))
            continue
        low, high = (x, y) if x < y else (y, x)
        parent[high] = low
        mask[low] |= mask[high]
        number[low] = number[low] if number[low] >= 0 else number[high]
        foes.join(low, high)
    return [_root(parent, node) for node in range(len(numbers))], refused
