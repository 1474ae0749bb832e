"""Parquet: taken as it lies, never rewritten. Refuses nested columns, damaged files and figures that cannot be true."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from onecity.hubs.catalog.adapters import lake
from onecity.hubs.catalog.adapters.readers.raw import Raw, Unreadable, Wanted, checked_header
from onecity.hubs.catalog.contracts import FieldSpec, FieldType

__all__ = ["delivered_as", "read_parquet"]

_MOST_BYTES_A_ROW_GROUP = 4 * 1024**3
_NATIVE = {
    FieldType.INTEGER: pa.types.is_integer, FieldType.MONEY: pa.types.is_integer, FieldType.DATE: pa.types.is_date,
    FieldType.DATETIME: pa.types.is_timestamp, FieldType.LOGICAL: pa.types.is_boolean,
}  # fmt: skip


def delivered_as(kind: pa.DataType, field: FieldSpec) -> str:
    """Whether a column of this type is taken as the item's own type ("native") or read as text."""
    if field.type is FieldType.NUMBER:
        plain = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
        return "native" if plain else "text"
    fits = _NATIVE.get(field.type)
    return "native" if fits is not None and fits(kind) else "text"


def read_parquet(path: Path, draft: Path, wanted: Wanted) -> Raw:
    """Look at the file; its rows are read by the engine. Raises Unreadable."""
    try:
        with pq.ParquetFile(path) as file:
            schema, metadata = file.schema_arrow, file.metadata
            groups = [metadata.row_group(index).total_byte_size for index in range(metadata.num_row_groups)]
    except (pa.ArrowException, OSError) as error:
        raise Unreadable("Parquet 文件已损坏或不完整") from error
    if any(pa.types.is_nested(one.type) for one in schema):
        raise Unreadable("Parquet 含有嵌套的列，请展开成普通的列再报送")
    if any(size > _MOST_BYTES_A_ROW_GROUP for size in groups):
        raise Unreadable("Parquet 的一个行组展开后超过 4 GB，请减小行组再报送")
    header = checked_header(schema.names, wanted)
    fields = {field.name: field for field in wanted.fields}
    how = {item: delivered_as(schema.field(place).type, fields[item]) for item, place in header.places.items()}
    if any(schema.names[place] != item for item, place in header.places.items()):
        _renamed(path, draft, {schema.names[place]: item for item, place in header.places.items()})
        path = draft
    return Raw(path, how, metadata.num_rows, (), header.undeclared, (), "parquet")


def _renamed(path: Path, draft: Path, names: dict[str, str]) -> None:
    """A copy with the items' names; group by group."""
    with lake.writing(), pq.ParquetFile(path) as file:
        columns = list(names)
        schema = pa.schema([file.schema_arrow.field(name).with_name(names[name]) for name in columns])
        with lake.writer(draft, schema) as out:
            for batch in file.iter_batches(lake.ROW_GROUP, columns=columns):
                out.write_batch(batch.select(columns).rename_columns([names[name] for name in columns]))
