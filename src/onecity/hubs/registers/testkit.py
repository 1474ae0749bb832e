"""What other rooms' tests may import of the registers: fuse plain rows into a file without the exchange."""

import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from onecity.hubs.registers.adapters.fusion_engine import fuse
from onecity.hubs.registers.contracts import BuildView
from onecity.hubs.registers.rules.files import file_spec
from onecity.hubs.registers.rules.fusion_sql import FeedPlan, SourcePlan
from onecity.hubs.registers.services.rebuild import apply_fused
from onecity.kernel.actor import Actor

__all__ = ["LEGAL_FEEDS", "LEGAL_SOURCES", "put"]

LEGAL_FEEDS = (FeedPlan("market_entity", "key", "when", establishes=True), FeedPlan("tax_payer", "key", "when"))
LEGAL_SOURCES = (
    SourcePlan("name", "market_entity", "name", 1), SourcePlan("name", "tax_payer", "name", 2),
    SourcePlan("status", "market_entity", "status", 1), SourcePlan("established", "market_entity", "established", 1),
    SourcePlan("capital", "market_entity", "capital", 1),
)  # fmt: skip
_SCHEMA = pa.schema(
    [("key", pa.string()), ("name", pa.string()), ("status", pa.string()), ("established", pa.date32()),
     ("capital", pa.string()), ("when", pa.date32())]
)  # fmt: skip


def put(
    day: date, market: Iterable[Mapping[str, Any]], tax: Iterable[Mapping[str, Any]] = (), *, file: str = "legal",
    feeds: Sequence[FeedPlan] = LEGAL_FEEDS, sources: Sequence[SourcePlan] = LEGAL_SOURCES, force: bool = False,
) -> BuildView:  # fmt: skip
    """One rebuild of a file from rows as two departments would deliver them on `day`."""
    with TemporaryDirectory() as folder:
        paths = {}
        for name, rows in (("market_entity", market), ("tax_payer", tax)):
            paths[name] = str(Path(folder) / f"{name}.parquet")
            pq.write_table(pa.Table.from_pylist([dict(row) for row in rows], schema=_SCHEMA), paths[name])
        with fuse(file_spec(file), feeds, sources, paths) as fused:
            facts = [{"resource": one.resource, "version": 1} for one in fused.feeds]
            return apply_fused(
                Actor.system("registers"), fused, day=day, facts=facts, began=time.perf_counter(), force=force
            )
