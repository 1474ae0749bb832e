"""Identifier columns become a reference and a mask before anything is stored. Refuses to let a bare number through.

Numbers that repeat within a batch are worked on once, and batches beside each other: the keyed digest is the dearest step
of an arrival and leaves other threads free.
"""

import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from onecity.hubs.catalog.adapters.number_checks import text_parts
from onecity.hubs.catalog.contracts import FieldSpec
from onecity.kernel.keys import bulk_seal_numbers, bulk_subject_refs, remembers, subject_ref_digits

__all__ = ["Referencer", "masked_numbers"]

_AHEAD = 3


def masked_numbers(text: pa.ChunkedArray) -> pa.ChunkedArray:
    """First six and last four characters, eight stars between; anything shorter than 15 characters is stars alone."""
    shown = pc.binary_join_element_wise(
        pc.utf8_slice_codeunits(text, 0, 6), pc.utf8_slice_codeunits(text, -4), "********"
    )
    hidden = pc.if_else(pc.is_valid(text), "********", pa.scalar(None, pa.string()))
    return pc.if_else(pc.greater_equal(pc.utf8_length(text), 15), shown, hidden)


class Referencer:
    """Turns checked items into stored columns, in the order given, with some batches in work beside the caller."""

    def __init__(self, fields: Sequence[FieldSpec], *, sealed: bool) -> None:
        self._fields, self._sealed = tuple(fields), sealed
        self._threads = ThreadPoolExecutor(max(1, min(8, os.cpu_count() or 1)), thread_name_prefix="references")
        self._pending: deque[Future[pa.Table]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)

    def stored(self, items: pa.Table) -> Iterator[pa.Table]:
        """Take a batch in; tables that are ready come out, oldest first."""
        self._pending.append(self._threads.submit(self._made, items))
        while len(self._pending) > _AHEAD:
            yield self._pending.popleft().result()

    def rest(self) -> Iterator[pa.Table]:
        """The tables still in work."""
        while self._pending:
            yield self._pending.popleft().result()

    def _made(self, items: pa.Table) -> pa.Table:
        columns: dict[str, pa.Array | pa.ChunkedArray] = {}
        for field in self._fields:
            column = items.column(field.name)
            if not field.type.is_identifier:
                columns[field.name] = _zoned(column)
                continue
            encoded = column.combine_chunks().dictionary_encode()
            if isinstance(encoded, pa.ChunkedArray):
                encoded = encoded.combine_chunks()
            columns[f"{field.name}_ref"] = _references(encoded)
            columns[f"{field.name}_mask"] = masked_numbers(encoded.dictionary).take(encoded.indices)
            if self._sealed:
                sealed = bulk_seal_numbers(encoded.dictionary.to_pylist())
                columns[f"{field.name}_sealed"] = pa.array(sealed, pa.string()).take(encoded.indices)
        return pa.table(columns)


def _references(encoded: pa.DictionaryArray) -> pa.Array:
    count, indices = len(encoded), encoded.indices
    if not len(encoded.dictionary):
        return pa.nulls(count, pa.string())
    if remembers():
        return pa.array(bulk_subject_refs(encoded.dictionary.to_pylist()), pa.string()).take(indices)
    digits = subject_ref_digits(*text_parts(encoded.dictionary))[np.asarray(indices.fill_null(0))]
    places = np.arange(count + 1, dtype=np.int32) * np.int32(digits.shape[1])
    present = indices.is_valid().buffers()[1] if indices.null_count else None
    return pa.Array.from_buffers(pa.string(), count, [present, pa.py_buffer(places), pa.py_buffer(digits)])


def _zoned(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(pa.timestamp("us", tz="UTC")) if pa.types.is_timestamp(column.type) else column
