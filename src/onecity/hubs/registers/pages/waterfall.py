"""The weights of a pair as a waterfall: bars in bits from the beginning to the sum. SVG numbers only; words stand beside."""

from dataclasses import dataclass

from onecity.hubs.registers.contracts.resolution import Explanation

__all__ = ["Bar", "Waterfall", "waterfall"]

_WIDTH, _ROW, _PAD = 600, 26, 8


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: place, length, kind (start, for, against, none, sum) and what is said beside it."""

    y: int
    x: float
    width: float
    kind: str
    label: str
    words: str
    weight: str


@dataclass(frozen=True, slots=True)
class Waterfall:
    """The whole picture in its own units."""

    width: int
    height: int
    zero: float
    bars: tuple[Bar, ...]


def waterfall(why: Explanation) -> Waterfall:
    """Bars of an explanation."""
    points = [
        0.0,
        why.prior,
        why.weight,
        *(step.before for step in why.comparisons),
        *(step.after for step in why.comparisons),
    ]
    low, high = min(points), max(points)
    scale = (_WIDTH - 2 * _PAD) / max(1e-6, high - low)

    def place(value: float) -> float:
        return round(_PAD + (value - low) * scale, 1)

    def bar(n: int, start: float, end: float, kind: str, label: str, words: str) -> Bar:
        left, right = sorted((place(start), place(end)))
        return Bar(n * _ROW + 4, left, max(1.5, right - left), kind, label, words, f"{end - start:+.1f}")

    bars = [bar(0, 0, why.prior, "start", "起点", "任取两条记录是同一人的可能")]
    for n, step in enumerate(why.comparisons, start=1):
        kind = "none" if step.weight == 0 else "for" if step.weight > 0 else "against"
        bars.append(bar(n, step.before, step.after, kind, step.label, step.words))
    bars.append(bar(len(bars), 0, why.weight, "sum", "合计", f"同一人的可能 {why.probability:.1%}"))
    return Waterfall(_WIDTH, len(bars) * _ROW + 4, place(0), tuple(bars))
