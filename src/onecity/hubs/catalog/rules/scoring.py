"""Quality of a delivery as figures. Pure; says what it counts.

A rule is checked on every received row; a dimension's score is 1 − broken / checked over its rules, the whole is the mean of
the dimensions that have rules. A dimension nobody set a rule for has no score, not a full one.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from onecity.hubs.catalog.contracts import Dimension
from onecity.hubs.catalog.rules.plan import Check

__all__ = ["quality_report", "timely"]


def quality_report(
    checks: Sequence[Check], failed: Sequence[int], *, received: int, lost: int, timeliness: float | None
) -> dict[str, Any]:
    """What is kept of a delivery's quality: rules with their counts, scores by dimension, the whole score (0..1)."""
    rules = [
        {
            "field": check.field, "kind": check.kind, "reason": check.reason, "dimension": check.dimension.value,
            "severity": check.severity.value, "checked": received - lost, "failed": broken,
        }
        for check, broken in zip(checks, failed, strict=True)
    ]  # fmt: skip
    scores: dict[str, float] = {}
    for dimension in Dimension:
        own = [rule for rule in rules if rule["dimension"] == dimension.value]
        total = sum(int(rule["checked"]) for rule in own)
        if total:
            scores[dimension.value] = round(1 - sum(int(rule["failed"]) for rule in own) / total, 6)
    if received:
        scores[Dimension.ACCESSIBILITY.value] = round(1 - lost / received, 6)
    if timeliness is not None:
        scores[Dimension.TIMELINESS.value] = round(timeliness, 6)
    whole = round(sum(scores.values()) / len(scores), 6) if scores else 0.0
    return {"rules": rules, "scores": scores, "score": whole, "lost": lost}


def timely(as_of: datetime, arrived: datetime, cycle_days: int | None, limits: Mapping[str, int]) -> float | None:
    """1 when the data are no older than the cycle (or the freshness rule, `limits["days"]`) when they arrive, falling to 0 at
    twice that age; None where nothing was promised."""
    days = limits.get("days") or cycle_days
    if not days:
        return None
    age = (arrived - as_of).total_seconds() / 86_400
    return max(0.0, min(1.0, 2 - age / days))
