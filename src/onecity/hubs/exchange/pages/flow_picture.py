"""The flows between departments as a drawing: providers on the left, users on the right, width by calls. Numbers stand in the table."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from onecity.hubs.exchange.api import Flow

__all__ = ["Band", "Picture", "Place", "picture"]

_WIDTH, _LEFT, _RIGHT, _STEP, _TOP, _MOST = 960, 250, 710, 44, 34, 9


@dataclass(frozen=True, slots=True)
class Place:
    """A department: where its name stands."""

    name: str
    x: int
    y: int
    anchor: str


@dataclass(frozen=True, slots=True)
class Band:
    """A flow: the path, its width, what it says when pointed at."""

    path: str
    width: str
    title: str
    tone: int


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole drawing."""

    width: int
    height: int
    places: tuple[Place, ...]
    bands: tuple[Band, ...]


def picture(flows: Sequence[Flow]) -> Picture:
    """The strongest flows; names beyond nine a side stay in the table."""
    left = _strongest([(one.provider_name, one.calls) for one in flows])
    right = _strongest([(one.consumer_name, one.calls) for one in flows])
    rows = max(len(left), len(right), 1)
    tall = {name: _TOP + n * _STEP for n, name in enumerate(left)}
    far = {name: _TOP + n * _STEP for n, name in enumerate(right)}
    most = max((one.calls for one in flows), default=1) or 1
    bands = tuple(
        _band(one, tall[one.provider_name], far[one.consumer_name], most, list(tall).index(one.provider_name) % 6)
        for one in flows
        if one.provider_name in tall and one.consumer_name in far and one.calls
    )
    places = (
        *(Place(name, _LEFT - 10, y + 5, "end") for name, y in tall.items()),
        *(Place(name, _RIGHT + 10, y + 5, "start") for name, y in far.items()),
    )
    return Picture(_WIDTH, _TOP * 2 + (rows - 1) * _STEP, places, bands)


def _strongest(named: Sequence[tuple[str, int]]) -> list[str]:
    total: dict[str, int] = {}
    for name, calls in named:
        total[name] = total.get(name, 0) + calls
    return sorted(total, key=lambda name: (-total[name], name))[:_MOST]


def _band(one: Flow, y: int, other: int, most: int, tone: int) -> Band:
    middle = (_LEFT + _RIGHT) // 2
    width = 2 + 22 * math.log1p(one.calls) / math.log1p(most)
    path = f"M{_LEFT},{y} C{middle},{y} {middle},{other} {_RIGHT},{other}"
    return Band(
        path, f"{width:.1f}", f"{one.provider_name} → {one.consumer_name}：{one.calls:,} 次，{one.rows:,} 条", tone
    )
