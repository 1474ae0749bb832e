"""Rows that were held back: all of them as a file of the lake, the first ten thousand as rows for the page. Numbers masked."""

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from onecity.hubs.catalog.adapters import lake
from onecity.hubs.catalog.adapters.duck import connected, relation, rows_of
from onecity.hubs.catalog.adapters.identifiers import masked_numbers
from onecity.hubs.catalog.adapters.readers import Raw
from onecity.hubs.catalog.contracts import FieldSpec
from onecity.hubs.catalog.models import Arrival, Quarantine
from onecity.hubs.catalog.rules.storage import quoted
from onecity.hubs.catalog.services.staging import Staged

__all__ = ["FIXED", "hold_back"]

FIXED = ("position", "field", "rule", "reason")
_SHOWN = 10_000
_NUMBER = r"([0-9]{6})[0-9]{7,}([0-9Xx]{4})"
_MOBILE = r"(1[3-9][0-9])[0-9]{4}([0-9]{4})"
LOST_TEXT = "_text"


def hold_back(arrival: Arrival, raw: Raw, outcome: Staged | None, fields: Sequence[FieldSpec]) -> None:
    """Write what was held back; `arrival` is saved by the caller. `outcome` None = only rows that could not be read."""
    items = [field for field in fields if field.name in raw.how]
    schema = pa.schema(
        [("position", pa.int64()), *((name, pa.string()) for name in (*FIXED[1:], *(f.name for f in items), LOST_TEXT))]
    )
    shown = 0
    with lake.drafted() as draft:
        with lake.writing(), lake.writer(draft, schema) as out:
            for table in _tables(raw, outcome, items, schema):
                out.write_table(table)
                if shown < _SHOWN:
                    _show(arrival, table.slice(0, _SHOWN - shown))
                    shown += table.num_rows
        if shown:
            kept = lake.keep(draft, resource=f"{arrival.resource.key}/held", number=arrival.version, version=arrival.id)
            arrival.held_file = kept.file


def _tables(raw: Raw, outcome: Staged | None, items: Sequence[FieldSpec], schema: pa.Schema) -> Iterator[pa.Table]:
    for start in range(0, len(raw.lost), 10_000):
        yield _lost(raw, start, schema)
    if outcome is None or not outcome.held or pq.read_metadata(outcome.bad).num_rows == 0:
        return
    picked = "".join(f", CAST(r.{quoted(field.name)} AS VARCHAR) AS {quoted(field.name)}" for field in items)
    gone = np.array([one.position for one in raw.lost], dtype=np.int64)
    before = gone - np.arange(len(gone))
    with connected(raw.path, outcome.bad) as session:
        found = rows_of(
            session,
            f'SELECT b.position AS _row, b."check" AS _check{picked} FROM {relation(outcome.bad)} AS b '
            f"JOIN {relation(raw.path, numbered=True)} AS r ON r.file_row_number = b.position ORDER BY b.position",
        )
        for batch in found:
            yield _held(batch, outcome, items, before, schema)


def _lost(raw: Raw, start: int, schema: pa.Schema) -> pa.Table:
    part = raw.lost[start : start + 10_000]
    count = len(part)
    columns = {
        "position": [one.position + 1 for one in part], "field": [""] * count, "rule": ["readable"] * count,
        "reason": [one.reason for one in part],
    }  # fmt: skip
    text = _hidden(pa.chunked_array([pa.array([one.text for one in part], pa.string())]))
    arrays = [columns.get(name, [None] * count) for name in schema.names[:-1]]
    return pa.table(
        [*(pa.array(a, schema.field(n).type) for a, n in zip(arrays, schema.names[:-1], strict=True)), text],
        schema=schema,
    )


def _held(
    batch: pa.RecordBatch, outcome: Staged, items: Sequence[FieldSpec], before: np.ndarray, schema: pa.Schema
) -> pa.Table:  # fmt: skip
    rows, numbers = np.asarray(batch.column("_row")), batch.column("_check").to_pylist()
    checks = [outcome.checks[number] for number in numbers]
    columns: list[pa.Array | pa.ChunkedArray] = [
        pa.array(rows + np.searchsorted(before, rows, side="right") + 1), pa.array([one.field for one in checks], pa.string()),
        pa.array([one.kind for one in checks], pa.string()), pa.array([one.reason for one in checks], pa.string()),
    ]  # fmt: skip
    for field in items:
        text = pa.chunked_array([batch.column(field.name)])
        columns.append(masked_numbers(text) if field.type.is_identifier else _hidden(text))
    columns.append(pa.nulls(batch.num_rows, pa.string()))
    return pa.table(columns, schema=schema)


def _hidden(text: pa.ChunkedArray) -> pa.ChunkedArray:
    """Numbers of persons and phones that stand where they do not belong (shifted columns) are masked as well."""
    text = pc.replace_substring_regex(text, _NUMBER, r"\1********\2")
    return pc.replace_substring(pc.replace_substring_regex(text, _MOBILE, r"\1****\2"), "\x00", "�")


def _show(arrival: Arrival, table: pa.Table) -> None:
    Quarantine.objects.bulk_create(
        (
            Quarantine(
                arrival_id=arrival.id, position=row["position"], field=row["field"], rule=row["rule"][:40],
                reason=row["reason"][:200],
                content={name: value or "" for name, value in row.items() if name not in FIXED and (name != LOST_TEXT or value)},
            )
            for row in table.to_pylist()
        ),
        batch_size=2000,
    )  # fmt: skip
