"""Which engine runs the rules. Owns the choice (`ENGINE`): DuckDB by default, Spark where a city has a cluster.

Both get the same plan and must name the same rows; the tests of scale compare them.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import pyarrow as pa
from django.conf import settings

from onecity.hubs.catalog.adapters.duck import DuckEngine
from onecity.hubs.catalog.rules.plan import Plan

__all__ = ["Engine", "engine"]


class Engine(Protocol):
    """Runs plans and rules over rows on Parquet files."""

    name: str

    def checked(self, raw: Path, plan: Plan) -> Iterator[pa.RecordBatch]:
        """Typed items and bits of every row of `raw`, in order."""
        ...

    def rows_breaking(self, statement: str, relations: dict[str, Path]) -> Sequence[int]:
        """Row numbers (`_row`) a rule over rows names, ascending; `relations`: name in the statement → file."""
        ...


def engine() -> Engine:
    """The engine of this instance. Raises ImportError with the way to install Spark when it is wanted and missing."""
    if getattr(settings, "ENGINE", "duckdb") == "spark":
        from onecity.hubs.catalog.adapters.spark import SparkEngine

        return SparkEngine()
    return DuckEngine()
