"""A whole population at once: features, Splink's training and scores, clusters, and the rows of it.

Owns the steps and their seconds. Refuses to lose what persons ruled: their links and rulings take part, identities stay.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from onecity.hubs.registers.adapters.feature_columns import feature_table
from onecity.hubs.registers.adapters.splink_engine import SplinkEngine
from onecity.hubs.registers.rules.resolution.clustering import Refused, cluster
from onecity.hubs.registers.rules.resolution.model import Model

__all__ = ["BulkResult", "resolve_table"]


@dataclass
class BulkResult:
    """The model, the features by row, links from `link` bits on, uncertain pairs below, and the label of every row."""

    model: Model
    features: pa.Table
    left: list[int]
    right: list[int]
    weight: list[float]
    band: list[tuple[int, int, float]]
    labels: list[int]
    refused: list[Refused]
    seconds: dict[str, float] = field(default_factory=dict)


@contextmanager
def _timed(seconds: dict[str, float], name: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    seconds[name] = round(time.perf_counter() - began, 2)


def resolve_table(
    records: pa.Table, *, version: str, model: Model | None = None, threads: int = 2,
    ruled: Any = (), apart: Any = (),
) -> BulkResult:  # fmt: skip
    """Resolve records (department, number, name, birth_date, sex, phone, address); train unless a model is given.

    `ruled` are (left, right) rows persons joined, `apart` rows they parted. Memory: `splink_engine.MEMORY` plus the features.
    """
    seconds: dict[str, float] = {}
    with _timed(seconds, "features"):
        features = feature_table(records)
    with TemporaryDirectory(prefix="onecity-resolve-") as scratch:
        with _timed(seconds, "load"):
            engine = SplinkEngine(features, Path(scratch), threads)
        try:
            with _timed(seconds, "train"):
                trained = engine.train(version) if model is None else model
            with _timed(seconds, "score"):
                pairs = engine.score(trained)
        finally:
            engine.close()
    with _timed(seconds, "cluster"):
        strong = pairs.weight >= trained.link
        a, b, w = pairs.left[strong], pairs.right[strong], pairs.weight[strong]
        low, high = np.minimum(a, b), np.maximum(a, b)
        order = np.lexsort((high, low, -w))
        left, right, weight = low[order].tolist(), high[order].tolist(), w[order].tolist()
        mine = sorted((min(pair), max(pair)) for pair in ruled)
        labels, refused = cluster(
            _numbers(features), _departments(records), [*(x for x, _y in mine), *left], [*(y for _x, y in mine), *right],
            [*([1000.0] * len(mine)), *weight], apart,
        )  # fmt: skip
    band = [
        tuple(one)
        for one in zip(*(side[~strong].tolist() for side in (pairs.left, pairs.right, pairs.weight)), strict=True)
    ]
    return BulkResult(trained, features, left, right, weight, band, labels, refused, seconds)


def _numbers(features: pa.Table) -> list[int]:
    sure = pc.if_else(features["sure"], features["number"], pa.scalar(None, pa.string()))
    whole = sure.combine_chunks() if isinstance(sure, pa.ChunkedArray) else sure
    codes: list[int] = pc.fill_null(whole.dictionary_encode().indices, -1).to_pylist()
    return codes


def _departments(records: pa.Table) -> list[int]:
    column = records["department"]
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    coded = whole.dictionary_encode()
    bits = pa.array([1 << n for n in range(len(coded.dictionary))], pa.int64())
    found: list[int] = bits.take(coded.indices).to_pylist()
    return found
