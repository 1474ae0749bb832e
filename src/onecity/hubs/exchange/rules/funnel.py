"""Rates of the request desk with their own denominators. Pure; a zero denominator has no rate."""

from decimal import ROUND_HALF_UP, Decimal

__all__ = ["rate"]


def rate(part: int, whole: int) -> str:
    """Per cent with two decimals; "—" of nothing, never 100 %."""
    if whole <= 0:
        return "—"
    share = Decimal(part) * 100 / Decimal(whole)
    return f"{share.quantize(Decimal('0.01'), ROUND_HALF_UP)}%"
