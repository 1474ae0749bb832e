"""Loading the population: number → reference and sealed number, then COPY. About 100,000 persons a second per core.

Owns the transformation. Refuses to keep a bare number.
"""

import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa

from onecity.hubs.registers.contracts import LoadReport
from onecity.kernel.clock import now
from onecity.kernel.database import copy_rows
from onecity.kernel.keys import bulk_seal_numbers, bulk_subject_refs

__all__ = ["load_population"]

COLUMNS = (
    "subject", "sealed_number", "number_mask", "name", "sex", "birth_date", "nation", "household_no", "relation_to_head",
    "address", "division_code", "source", "as_of",
)  # fmt: skip
CHUNK = 50_000


def _mask(number: str) -> str:
    return f"{number[:6]}********{number[-4:]}"


def _persons(
    table: pa.Table, addresses: dict[str, str], source: str, stamp: datetime
) -> Iterator[Sequence[Any]]:
    for batch in table.to_batches(max_chunksize=CHUNK):
        column = {name: batch.column(name).to_pylist() for name in batch.schema.names}
        numbers = column["citizen_number"]
        refs, sealed = bulk_subject_refs(numbers), bulk_seal_numbers(numbers)
        homes = column.get("address") or [addresses.get(code, "") for code in column["address_code"]]
        nations = column.get("nation") or [""] * len(numbers)
        for i, number in enumerate(numbers):
            yield (
                refs[i], sealed[i], _mask(number), column["name"][i], column["sex"][i], column["birth_date"][i],
                nations[i] or "", column["household_no"][i] or "", column["relation_to_head"][i] or "", homes[i] or "",
                column["division_code"][i] or "", source, stamp,
            )  # fmt: skip


def _guardianships(table: pa.Table) -> Iterator[Sequence[Any]]:
    children = bulk_subject_refs(table.column("child_number").to_pylist())
    guardians = bulk_subject_refs(table.column("guardian_number").to_pylist())
    relations, sources = table.column("relation").to_pylist(), table.column("source").to_pylist()
    seen: set[tuple[str, str]] = set()
    for child, guardian, relation, source in zip(children, guardians, relations, sources, strict=True):
        if (guardian, child) not in seen:
            seen.add((guardian, child))
            yield guardian, child, relation or "", source or ""


def load_population(persons: pa.Table, guardianships: pa.Table, addresses: pa.Table | None, source: str) -> LoadReport:
    """COPY both tables inside the caller's transaction. `addresses` maps address_code to full text."""
    began = time.perf_counter()
    texts: dict[str, str] = {}
    if addresses is not None:
        codes, full = addresses.column("address_code").to_pylist(), addresses.column("full").to_pylist()
        texts = dict(zip(codes, full, strict=True))
    stamp = now()  # before COPY begins: the demonstration clock may have to ask the same connection
    people = copy_rows("registers_person", COLUMNS, _persons(persons, texts, source, stamp))
    pairs = copy_rows(
        "registers_guardianship", ("guardian", "child", "relation", "source"), _guardianships(guardianships)
    )
    return LoadReport(people, pairs, time.perf_counter() - began)
