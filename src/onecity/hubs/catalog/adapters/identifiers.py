"""Identifier columns become a reference and a mask before anything is stored. Refuses to let a bare number through."""

from collections.abc import Callable, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from onecity.hubs.catalog.contracts import FieldSpec
from onecity.kernel.keys import bulk_seal_numbers, bulk_subject_refs

__all__ = ["masked_numbers", "with_references"]


def masked_numbers(text: pa.ChunkedArray) -> pa.ChunkedArray:
    """First six and last four characters, eight stars between; anything shorter than 15 characters is stars alone."""
    shown = pc.binary_join_element_wise(
        pc.utf8_slice_codeunits(text, 0, 6), pc.utf8_slice_codeunits(text, -4), "********"
    )
    hidden = pc.if_else(pc.is_valid(text), "********", pa.scalar(None, pa.string()))
    return pc.if_else(pc.greater_equal(pc.utf8_length(text), 15), shown, hidden)


def with_references(table: pa.Table, fields: Sequence[FieldSpec], *, sealed: bool = False) -> pa.Table:
    """The table as it is stored: identifier items replaced by <field>_ref and <field>_mask, and <field>_sealed if wanted."""
    columns: dict[str, pa.ChunkedArray] = {}
    for field in fields:
        column = table.column(field.name)
        if field.type.is_identifier:
            columns[f"{field.name}_ref"] = _by_distinct(column, bulk_subject_refs)
            columns[f"{field.name}_mask"] = masked_numbers(column)
            if sealed:
                columns[f"{field.name}_sealed"] = _by_distinct(column, bulk_seal_numbers)
        else:
            columns[field.name] = column
    return pa.table(columns)


def _by_distinct(column: pa.ChunkedArray, make: Callable[[list[str]], list[str]]) -> pa.ChunkedArray:
    # Equal numbers are worked on once: parents and owners repeat within a delivery.
    encoded = column.combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    made = pa.array(make(encoded.dictionary.to_pylist()), type=pa.string())
    return pa.chunked_array([made.take(encoded.indices)], type=pa.string())
