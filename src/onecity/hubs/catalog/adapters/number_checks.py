"""Check characters of a whole column at once, byte by byte over the column's buffer. Says what `rules.number_sql` says in SQL.

Taking a number apart in SQL costs ten times as much a row; the tests hold both ways to the same answer on hostile values.
"""

from collections.abc import Callable, Mapping

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from onecity.codes.checks import CREDIT_ALPHABET
from onecity.hubs.catalog.contracts import FieldType

__all__ = ["BREAKS", "breaks_citizen_number", "breaks_credit_code", "text_parts"]

Flags = NDArray[np.bool_]
Bytes = NDArray[np.uint8]

_LENGTH = 18
_AT_ONCE = 4096
"""Rows that stay in the processor's cache from one step to the next."""

_CITIZEN_CHECKS = np.frombuffer(b"10X98765432", np.uint8)
_CITIZEN_SUMS = np.zeros((17, 4), np.float32)
"""What each digit adds to the check sum, the year, the month and the day."""
_CITIZEN_SUMS[:, 0] = [2 ** (17 - place) % 11 for place in range(17)]
_CITIZEN_SUMS[6:10, 1] = (1000, 100, 10, 1)
_CITIZEN_SUMS[10:12, 2] = _CITIZEN_SUMS[12:14, 3] = (10, 1)
_LAST_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, *[0] * 87], np.uint8)
_EARLIEST_YEAR = 1800
_CREDIT_CHARACTERS = np.frombuffer(CREDIT_ALPHABET.encode(), np.uint8)
_NO_CREDIT = 99
_CREDIT_VALUES = np.full(256, _NO_CREDIT, np.uint8)
_CREDIT_VALUES[_CREDIT_CHARACTERS] = np.arange(len(_CREDIT_CHARACTERS), dtype=np.uint8)
_CREDIT_WEIGHTS = np.array([3**place % 31 for place in range(17)], np.float32)


def text_parts(column: pa.Array) -> tuple[Bytes, NDArray[np.int64], NDArray[np.int64]]:
    """UTF-8 of a string column, and where each value starts and how long it is; nulls are of length 0."""
    column = column.cast(pa.large_string())
    places = np.frombuffer(column.buffers()[1], np.int64)[column.offset : column.offset + len(column) + 1]
    content = column.buffers()[2]
    text = np.frombuffer(content, np.uint8) if content is not None and content.size else np.zeros(0, np.uint8)
    return text, places[:-1], np.diff(places)


def breaks_citizen_number(column: pa.Array) -> Flags:
    """True for a value that is no citizen number (GB 11643-1999); null breaks nothing."""
    return _breaks(column, _citizen_holds)


def breaks_credit_code(column: pa.Array) -> Flags:
    """True for a value that is no unified social credit code (GB 32100-2015); null breaks nothing."""
    return _breaks(column, _credit_holds)


BREAKS: Mapping[str, Callable[[pa.Array], Flags]] = {
    FieldType.CITIZEN_NUMBER.value: breaks_citizen_number,
    FieldType.CREDIT_CODE.value: breaks_credit_code,
}


def _breaks(column: pa.Array, holds: Callable[[Bytes], Flags]) -> Flags:
    text, starts, lengths = text_parts(column)
    broken = np.ones(len(column), np.bool_)
    if column.null_count:
        broken[:] = np.asarray(column.is_valid())
    rows = np.flatnonzero(lengths == _LENGTH)
    whole = len(rows) == len(column)
    for begin in range(0, len(rows), _AT_ONCE):
        part = rows[begin : begin + _AT_ONCE]
        if whole:
            start = starts[begin]
            broken[begin : begin + len(part)] = ~holds(text[start : start + _LENGTH * len(part)].reshape(-1, _LENGTH))
        else:
            broken[part] = ~holds(text[starts[part, None] + np.arange(_LENGTH)])
    return broken


def _citizen_holds(characters: Bytes) -> Flags:
    digits = characters[:, :17] - np.uint8(ord("0"))
    sums = (digits.astype(np.float32) @ _CITIZEN_SUMS).astype(np.int32)
    total, year, month, day = sums[:, 0] % 11, sums[:, 1], sums[:, 2], sums[:, 3]
    last = _LAST_DAYS[np.minimum(month, 99)]
    last += (month == 2) & (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    right = (digits.max(axis=1, initial=0) <= 9) & (digits[:, 0] > 0) & (_CITIZEN_CHECKS[total] == characters[:, 17])
    holds: Flags = right & (year >= _EARLIEST_YEAR) & (day >= 1) & (day <= last)
    return holds


def _credit_holds(characters: Bytes) -> Flags:
    values = _CREDIT_VALUES[characters]
    total = (values[:, :17].astype(np.float32) @ _CREDIT_WEIGHTS).astype(np.int32)
    check = _CREDIT_CHARACTERS[(31 - total % 31) % 31]
    holds: Flags = (values.max(axis=1, initial=0) != _NO_CREDIT) & (check == characters[:, 17])
    return holds
