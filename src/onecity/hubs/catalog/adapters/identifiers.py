"""Identifier columns become a reference and a mask before anything is stored. Refuses to let a bare number through.

Numbers that repeat within a batch are worked on once. A large delivery shares the work among processes, for the keyed
digest is the dearest step of an arrival.
"""

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.compute as pc

from onecity.hubs.catalog.contracts import FieldSpec
from onecity.kernel.crypto import ReferenceWorkers
from onecity.kernel.keys import bulk_seal_numbers, bulk_subject_refs, reference_workers

__all__ = ["Referencer", "masked_numbers"]

_WORTH_PROCESSES = 400_000
"""Rows of a delivery from which starting processes pays."""

_AHEAD = 3


def masked_numbers(text: pa.ChunkedArray) -> pa.ChunkedArray:
    """First six and last four characters, eight stars between; anything shorter than 15 characters is stars alone."""
    shown = pc.binary_join_element_wise(
        pc.utf8_slice_codeunits(text, 0, 6), pc.utf8_slice_codeunits(text, -4), "********"
    )
    hidden = pc.if_else(pc.is_valid(text), "********", pa.scalar(None, pa.string()))
    return pc.if_else(pc.greater_equal(pc.utf8_length(text), 15), shown, hidden)


@dataclass(frozen=True, slots=True)
class _Pending:
    items: pa.Table
    parts: dict[str, tuple[pa.Array, list["Future[list[str]]"]]]


class Referencer:
    """Turns checked items into stored columns, in the order given, with some batches in work at a time."""

    def __init__(self, fields: Sequence[FieldSpec], *, sealed: bool, rows: int) -> None:
        self._fields, self._sealed = tuple(fields), sealed
        self._identifiers = [field for field in fields if field.type.is_identifier]
        self._workers: ReferenceWorkers | None = None
        if self._identifiers and rows >= _WORTH_PROCESSES:
            self._workers = reference_workers(max(1, min(8, os.cpu_count() or 1)))
        self._pending: deque[_Pending] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._workers is not None:
            self._workers.close()

    def stored(self, items: pa.Table) -> Iterator[pa.Table]:
        """Take a batch in; tables that are ready come out, oldest first."""
        self._pending.append(_Pending(items, {f.name: self._begun(items.column(f.name)) for f in self._identifiers}))
        while len(self._pending) > (_AHEAD if self._workers else 0):
            yield self._finished(self._pending.popleft())

    def rest(self) -> Iterator[pa.Table]:
        """The tables still in work."""
        while self._pending:
            yield self._finished(self._pending.popleft())

    def _begun(self, column: pa.ChunkedArray) -> tuple[pa.Array, list["Future[list[str]]"]]:
        encoded = column.combine_chunks().dictionary_encode()
        if isinstance(encoded, pa.ChunkedArray):
            encoded = encoded.combine_chunks()
        futures = [self._workers.submit(encoded.dictionary.to_pylist())] if self._workers else []
        return encoded, futures

    def _finished(self, one: _Pending) -> pa.Table:
        columns: dict[str, pa.ChunkedArray] = {}
        for field in self._fields:
            column = one.items.column(field.name)
            if not field.type.is_identifier:
                columns[field.name] = _zoned(column)
                continue
            encoded, futures = one.parts[field.name]
            made = futures[0].result() if futures else bulk_subject_refs(encoded.dictionary.to_pylist())
            columns[f"{field.name}_ref"] = _spread(made, encoded)
            columns[f"{field.name}_mask"] = masked_numbers(column)
            if self._sealed:
                columns[f"{field.name}_sealed"] = _by_distinct(encoded, bulk_seal_numbers)
        return pa.table(columns)


def _zoned(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(pa.timestamp("us", tz="UTC")) if pa.types.is_timestamp(column.type) else column


def _by_distinct(encoded: pa.DictionaryArray, make: Callable[[list[str]], list[str]]) -> pa.ChunkedArray:
    return _spread(make(encoded.dictionary.to_pylist()), encoded)


def _spread(made: list[str], encoded: pa.DictionaryArray) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(made, type=pa.string()).take(encoded.indices)], type=pa.string())
