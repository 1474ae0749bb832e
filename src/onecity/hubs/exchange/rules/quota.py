"""How many calls a process may count by itself before it asks the database again. Pure.

A slice is taken from the day's quota before it is spent, so the sum of all slices never exceeds the quota: never one call
too many, at the price of a few unused ones when a process dies.
"""

__all__ = ["slice_size"]

_LARGEST = 5000


def slice_size(quota: int, leased: int, largest: int = _LARGEST) -> int:
    """Calls to lease next (0 = used up): a sixteenth of what is left, at least one, at most `largest`."""
    left = quota - leased
    if left <= 0:
        return 0
    return max(1, min(largest, left // 16))
