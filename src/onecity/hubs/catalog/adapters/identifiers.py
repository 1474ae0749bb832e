"""Identifier columns become a reference and a mask before anything is stored. Refuses to let a bare number through."""

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from onecity.hubs.catalog.contracts import FieldSpec
from onecity.kernel.keys import bulk_subject_refs

__all__ = ["masked_numbers", "with_references"]


def masked_numbers(text: pa.ChunkedArray) -> pa.ChunkedArray:
    """First six and last four characters, eight stars between; anything shorter than 15 characters is stars alone."""
    shown = pc.binary_join_element_wise(
        pc.utf8_slice_codeunits(text, 0, 6), pc.utf8_slice_codeunits(text, -4), "********"
    )
    hidden = pc.if_else(pc.is_valid(text), "********", pa.scalar(None, pa.string()))
    return pc.if_else(pc.greater_equal(pc.utf8_length(text), 15), shown, hidden)


def with_references(table: pa.Table, fields: Sequence[FieldSpec]) -> pa.Table:
    """The table as it is stored: identifier items replaced by <field>_ref and <field>_mask."""
    columns: dict[str, pa.ChunkedArray] = {}
    for field in fields:
        column = table.column(field.name)
        if field.type.is_identifier:
            columns[f"{field.name}_ref"] = _references(column)
            columns[f"{field.name}_mask"] = masked_numbers(column)
        else:
            columns[field.name] = column
    return pa.table(columns)


def _references(column: pa.ChunkedArray) -> pa.ChunkedArray:
    # Equal numbers are referenced once: parents and owners repeat within a delivery.
    encoded = column.combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    references = pa.array(bulk_subject_refs(encoded.dictionary.to_pylist()), type=pa.string())
    return pa.chunked_array([references.take(encoded.indices)], type=pa.string())
