"""The words of a watermark.

Owns: name + last four of the staff number + time. Refuses to draw.
"""

from datetime import datetime

__all__ = ["watermark"]


def watermark(name: str, number: str, at: datetime) -> str:
    """李明 0731 2026-11-22 16:05; `at` already in the city's zone. Without a staff number only name and time."""
    tail = number[-4:] if number else ""
    return " ".join(part for part in (name, tail, at.strftime("%Y-%m-%d %H:%M")) if part)
