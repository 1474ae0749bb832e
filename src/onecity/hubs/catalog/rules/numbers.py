"""Check characters of whole columns of citizen numbers and credit codes. Owns the vector form of the two algorithms in `codes`.

Refuses normalisation beyond upper case: deliveries of departments are machine-made.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from onecity.codes.checks import CREDIT_ALPHABET

__all__ = ["citizen_numbers_hold", "credit_codes_hold"]

Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]
Letters = np.ndarray[tuple[int, int], np.dtype[np.uint8]]

_CITIZEN_SHAPE = r"^[1-9]\d{16}[\dX]$"
_CREDIT_SHAPE = r"^[0-9A-HJ-NPQRTUWXY]{18}$"
_CITIZEN_WEIGHTS = np.array([2 ** (17 - i) % 11 for i in range(17)], dtype=np.int32)
_CREDIT_WEIGHTS = np.array([3**i % 31 for i in range(17)], dtype=np.int32)
_CITIZEN_CHECKS = np.frombuffer(b"10X98765432", dtype=np.uint8)
_CREDIT_LETTERS = np.frombuffer(CREDIT_ALPHABET.encode(), dtype=np.uint8)
_DAYS = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], dtype=np.int32)
_FILLER = "0" * 18


def _letters(text: pa.ChunkedArray, shape: str) -> tuple[Flags, Letters]:
    """Which values have the shape, and their characters as a matrix (others are zeros)."""
    shaped = pc.fill_null(pc.match_substring_regex(text, shape), False)
    kept = pc.if_else(shaped, text, _FILLER).combine_chunks()
    if isinstance(kept, pa.ChunkedArray):
        kept = pa.concat_arrays(kept.chunks)
    flags = np.asarray(shaped.combine_chunks().to_numpy(zero_copy_only=False), dtype=np.bool_)
    raw = np.frombuffer(kept.buffers()[2], dtype=np.uint8) if len(kept) else np.zeros(0, dtype=np.uint8)
    start = kept.offset * 18
    return flags, raw[start : start + 18 * len(kept)].reshape(-1, 18)


def citizen_numbers_hold(text: pa.ChunkedArray) -> Flags:
    """GB 11643-1999: shape, a birth date that exists, the check character."""
    if len(text) == 0:
        return np.zeros(0, dtype=np.bool_)
    shaped, letters = _letters(text, _CITIZEN_SHAPE)
    digits = letters[:, :17].astype(np.int32) - 48
    check = _CITIZEN_CHECKS[digits @ _CITIZEN_WEIGHTS % 11] == letters[:, 17]
    year = digits[:, 6:10] @ np.array([1000, 100, 10, 1], dtype=np.int32)
    month = digits[:, 10] * 10 + digits[:, 11]
    day = digits[:, 12] * 10 + digits[:, 13]
    last = _DAYS[np.clip(month, 0, 12)] - ((month == 2) & ~_leap(year))
    exists = (year >= 1800) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= last)
    return np.asarray(shaped & check & exists)


def _leap(year: np.ndarray[tuple[int], np.dtype[np.int32]]) -> Flags:
    return np.asarray((year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0)))


def credit_codes_hold(text: pa.ChunkedArray) -> Flags:
    """GB 32100-2015: alphabet of 31 and the check character."""
    if len(text) == 0:
        return np.zeros(0, dtype=np.bool_)
    shaped, letters = _letters(text, _CREDIT_SHAPE)
    values = np.zeros(256, dtype=np.int32)
    values[_CREDIT_LETTERS] = np.arange(31, dtype=np.int32)
    total = values[letters[:, :17]] @ _CREDIT_WEIGHTS
    return np.asarray(shaped & (_CREDIT_LETTERS[-total % 31] == letters[:, 17]))
