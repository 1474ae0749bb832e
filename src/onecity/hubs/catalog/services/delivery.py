"""What came and how: the one description of a delivery that every way of arriving ends in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from onecity.hubs.catalog.adapters import lake
from onecity.hubs.catalog.adapters.readers import Raw, Wanted
from onecity.hubs.catalog.adapters.readers.parquet_files import delivered_as
from onecity.hubs.catalog.adapters.readers.raw import checked_header
from onecity.hubs.catalog.models import Arrival

__all__ = ["Delivery", "table_delivery"]

Read = Callable[[Path, Wanted], Raw]


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came and how. `merging`: key items of an increment; `waiting`: the arrival noted when it was handed in."""

    read: Read
    as_of: datetime
    way: str = "file"
    name: str = ""
    encoding: str = ""
    sheet: str = ""
    merging: Sequence[str] = ()
    sha256: str = ""
    delivered_by: Mapping[str, Any] = field(default_factory=dict)
    once_key: str | None = None
    waiting: Arrival | None = None


def table_delivery(table: pa.Table, as_of: datetime) -> Delivery:
    """A delivery that is in memory already."""
    return Delivery(lambda draft, wanted: _laid_down(table, draft, wanted), as_of, way="table")


def _laid_down(table: pa.Table, draft: Path, wanted: Wanted) -> Raw:
    header = checked_header(table.column_names, wanted)
    known = {one.name: one for one in wanted.fields}
    table = table.select(list(header.places.values())).rename_columns(list(header.places))
    with lake.writing(), lake.writer(draft, table.schema) as out:
        out.write_table(table, row_group_size=lake.ROW_GROUP)
    how = {name: delivered_as(table.schema.field(name).type, known[name]) for name in table.column_names}
    return Raw(draft, how, table.num_rows, (), header.undeclared)
