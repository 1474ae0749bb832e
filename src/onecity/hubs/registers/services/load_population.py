"""Loading the population: number → reference and sealed number, then COPY. About 100,000 persons a second per core.

Owns the transformation. Refuses to keep a bare number.
"""

import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from onecity.hubs.registers.contracts import LoadReport
from onecity.kernel.clock import now
from onecity.kernel.database import copy_arrow, copy_rows
from onecity.kernel.keys import bulk_seal_numbers, bulk_subject_refs

__all__ = ["load_population"]

_CHUNK = 50_000
_OPTIONAL = ("nation", "household_no", "relation_to_head", "division_code")


def _mask(numbers: pa.Array) -> pa.Array:
    first, last = pc.utf8_slice_codeunits(numbers, 0, 6), pc.utf8_slice_codeunits(numbers, -4)
    return pc.binary_join_element_wise(first, last, "********")


def _homes(part: pa.Table, addresses: pa.Table | None) -> pa.ChunkedArray:
    """Address texts: as delivered, else looked up by code, "" where unknown."""
    if "address" in part.column_names:
        return pc.fill_null(part["address"], "")
    if addresses is None:
        return pa.chunked_array([pa.repeat("", part.num_rows)])
    found = pc.index_in(part["address_code"], value_set=addresses["address_code"].combine_chunks())
    return pc.fill_null(addresses["full"].take(found), "")


def _persons(part: pa.Table, addresses: pa.Table | None, source: str, stamp: datetime) -> pa.Table:
    numbers = part["citizen_number"].to_pylist()
    columns = {
        "subject": pa.array(bulk_subject_refs(numbers)),
        "sealed_number": pa.array(bulk_seal_numbers(numbers)),
        "number_mask": _mask(part["citizen_number"].combine_chunks()),
        "address": _homes(part, addresses),
        "source": pa.repeat(source, part.num_rows),
        "as_of": pa.repeat(stamp.isoformat(), part.num_rows),
    }
    columns |= {name: part[name] for name in ("name", "sex", "birth_date")}
    for name in _OPTIONAL:
        known = name in part.column_names
        columns[name] = pc.fill_null(part[name], "") if known else pa.repeat("", part.num_rows)
    return pa.table(columns)


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
    stamp = now()  # before COPY begins: the demonstration clock may have to ask the same connection
    people = 0
    for start in range(0, persons.num_rows, _CHUNK):
        part = persons.slice(start, _CHUNK)
        people += copy_arrow("registers_person", _persons(part, addresses, source, stamp))
    pairs = copy_rows(
        "registers_guardianship", ("guardian", "child", "relation", "source"), _guardianships(guardianships)
    )
    return LoadReport(people, pairs, time.perf_counter() - began)
