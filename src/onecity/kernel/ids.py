"""Identifiers of rows and facts.

Owns: UUIDv7 (RFC 9562 §5.7), made in Python so that an id exists before the row is written and sorts by time.
Refuses: to know any national code; those live in `onecity.codes` and stand beside the id.
"""

import os
import time
from uuid import UUID

__all__ = ["new_id"]


_last = 0


def new_id() -> UUID:
    """A fresh UUIDv7: 48 bits of milliseconds since 1970, 12 bits of their fraction (RFC 9562 §6.2, method 3), 62 random bits.

    Ids made one after another in a process sort in that order.
    """
    global _last
    nanoseconds = time.time_ns()
    ticks = nanoseconds // 1_000_000 << 12 | (nanoseconds % 1_000_000 << 12) // 1_000_000
    _last = ticks = max(ticks, _last + 1)
    random = int.from_bytes(os.urandom(8), "big") & (2**62 - 1)
    return UUID(int=(ticks >> 12) << 80 | 0x7 << 76 | (ticks & 0xFFF) << 64 | 0b10 << 62 | random)
