"""Arrow into PostgreSQL by COPY. Owns the encoding: CSV in which every value is quoted and nothing means NULL."""

import io

import pyarrow as pa
import pyarrow.csv as pa_csv
from django.db import connection

__all__ = ["copy_table"]

_BATCH = 50_000
_OPTIONS = pa_csv.WriteOptions(include_header=False, quoting_style="all_valid")


def copy_table(relation: str, table: pa.Table) -> int:
    """Write all rows into `relation` (already quoted) in the current transaction; returns how many."""
    columns = ", ".join(f'"{name}"' for name in table.column_names)
    with connection.cursor() as cursor, cursor.copy(f"COPY {relation} ({columns}) FROM STDIN (FORMAT csv)") as copy:
        for batch in table.to_batches(max_chunksize=_BATCH):
            buffer = io.BytesIO()
            pa_csv.write_csv(pa.Table.from_batches([batch]), buffer, _OPTIONS)
            copy.write(buffer.getbuffer())
    return table.num_rows
