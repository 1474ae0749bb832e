"""What "in force on a day" means for every time-valid row of this hub. Refuses to know today."""

from datetime import date

__all__ = ["in_force", "overlaps", "period_faults"]


def in_force(valid_from: date, valid_to: date | None, day: date) -> bool:
    """Whether `day` lies in the period; the first day counts, the last day (`valid_to`) does not."""
    return valid_from <= day and (valid_to is None or day < valid_to)


def overlaps(first: tuple[date, date | None], second: tuple[date, date | None]) -> bool:
    """Whether two half-open periods share a day."""
    (from_a, to_a), (from_b, to_b) = first, second
    return (to_b is None or from_a < to_b) and (to_a is None or from_b < to_a)


def period_faults(valid_from: date | None, valid_to: date | None) -> tuple[str, ...]:
    """Sentences about an impossible period."""
    if valid_from is None:
        return ("缺少生效日期",)
    if valid_to is not None and valid_to <= valid_from:
        return ("失效日期应晚于生效日期",)
    return ()
