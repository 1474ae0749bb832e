"""Why two records were linked or not: every comparison in words with its weight, as steps of a waterfall."""

from onecity.hubs.registers.contracts.resolution import ComparisonView, Explanation
from onecity.hubs.registers.rules.resolution.model import Score

__all__ = ["explanation"]


def explanation(score: Score, model: str, other: str = "") -> Explanation:
    """The score as a contract: running sums from the beginning to the total."""
    steps, running = [], score.prior
    for part in score.parts:
        steps.append(
            ComparisonView(
                part.label, part.words, round(part.weight, 2), round(running, 2), round(running + part.weight, 2)
            )
        )
        running += part.weight
    return Explanation(model, round(score.prior, 2), tuple(steps), round(score.weight, 2), score.probability, other)
