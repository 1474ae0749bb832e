"""Arrow columns made from numpy arrays without a Python loop over rows: fixed-width strings, looked-up words, dates."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Ints = npt.NDArray[np.int32]
Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]
AnyArray = npt.NDArray[Any]

EPOCH = np.datetime64("1970-01-01", "D")


def digits(values: AnyArray, width: int) -> Bytes:
    """Decimal digits of non-negative integers as an (n, width) matrix of ASCII bytes, zero-padded."""
    powers = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    out = (values.astype(np.int64)[:, None] // powers) % 10
    return (out + ord("0")).astype(np.uint8)


def text_bytes(text: str, rows: int) -> Bytes:
    """One ASCII text repeated as an (rows, len) matrix, to be stacked beside digits."""
    return np.broadcast_to(np.frombuffer(text.encode("ascii"), dtype=np.uint8), (rows, len(text)))


def fixed_strings(matrix: Bytes, missing: Flags | None = None) -> pa.Array:
    """Rows of an ASCII byte matrix as an Arrow string column; rows flagged missing become null."""
    rows, width = matrix.shape
    offsets = np.arange(rows + 1, dtype=np.int32) * np.int32(width)
    column = pa.StringArray.from_buffers(
        rows,
        pa.py_buffer(offsets),
        pa.py_buffer(np.ascontiguousarray(matrix)),
    )
    return blanked(column, missing)


def blanked(column: pa.Array, missing: Flags | None) -> pa.Array:
    """The column with flagged rows turned to null."""
    if missing is None or not missing.any():
        return column
    return pc.if_else(pa.array(~missing), column, pa.scalar(None, column.type))


def looked_up(words: list[str] | pa.Array, index: AnyArray, missing: Flags | None = None) -> pa.Array:
    """Words picked by position; negative positions become null."""
    dictionary = words if isinstance(words, pa.Array) else pa.array(words, type=pa.string())
    absent = index < 0
    if missing is not None:
        absent = absent | missing
    mask = absent if absent.any() else None
    return pc.take(dictionary, pa.array(index, mask=mask))


def joined(*parts: Any) -> pa.Array:
    """String columns and constants glued row by row; null if any part is null."""
    return pc.binary_join_element_wise(*parts, "")


def dates(days: AnyArray, missing: Flags | None = None) -> pa.Array:
    """Days since 1970-01-01 as a date column."""
    return pa.array(days.astype(np.int32), mask=missing).cast(pa.date32())


def calendar(days: AnyArray) -> tuple[AnyArray, AnyArray, AnyArray]:
    """Year, month and day of month of days since 1970-01-01."""
    moment = EPOCH + days.astype("timedelta64[D]")
    months = moment.astype("datetime64[M]")
    month_number = months.astype(np.int64)
    return month_number // 12 + 1970, month_number % 12 + 1, (moment - months.astype("datetime64[D]")).astype(int) + 1


def rank_within(keys: AnyArray) -> npt.NDArray[np.int64]:
    """Position (0, 1, …) of every row among the rows with the same key, in row order."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    fresh = np.ones(len(keys), dtype=bool)
    fresh[1:] = ordered[1:] != ordered[:-1]
    starts = np.flatnonzero(fresh)
    group = np.cumsum(fresh) - 1
    out = np.empty(len(keys), dtype=np.int64)
    out[order] = np.arange(len(keys)) - starts[group]
    return out
