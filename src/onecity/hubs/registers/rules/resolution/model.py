"""The trained weights as plain data, and the weight of one pair by them, explained comparison by comparison.

Owns what a decision must name: the version, every level's weight, the rarity of frequent names, the thresholds. Refuses training.
"""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from onecity.hubs.registers.rules.resolution.features import Features
from onecity.hubs.registers.rules.resolution.levels import COMPARISONS, MISSING, levels_of

__all__ = ["Model", "Part", "Score", "model_from_splink"]

LINK, REVIEW = 4.0, -2.0
"""Bits from which a pair is linked, and from which it is shown to a person. Chosen on another seed than the one measured."""

_USUAL = {
    "number": ((-7.4, -7.7), (-7.5, -9.9), (13.7, -4.6), (14.0, -6.9), (20.8, -0.1)),
    "name": ((-9.2, -9.3), (-1.5, -6.7), (5.2, -6.6), (11.4, -6.7), (12.0, -6.8), (13.7, -4.2), (16.9, -0.1)),
    "birth": ((-14.0, -14.0), (1.9, -5.8), (14.8, -0.1)),
    "sex": ((-6.0, -7.0), (1.0, -0.1)),
    "contact": ((-4.5, -4.5), (16.6, -3.8), (11.0, -7.3), (18.1, -2.3), (15.7, -1.7), (17.4, -1.5)),
}
# Weight and log2 of agreement by level, as the hard set trained them: for levels the data at hand say nothing about.
_CAUTION = {"birth": (0, -14.0)}
# By policy, not by training: name and household alone never outweigh another birth date. Father and son may share both.


@dataclass(frozen=True, slots=True)
class Part:
    """What one comparison said: its level in words and its weight in bits (0 when a side is missing)."""

    comparison: str
    label: str
    level: int
    words: str
    weight: float


@dataclass(frozen=True, slots=True)
class Score:
    """The weight of a pair in bits, rounded to a ten-thousandth; beginning from `prior`."""

    weight: float
    prior: float
    parts: tuple[Part, ...]

    @property
    def probability(self) -> float:
        """Between 0 and 1."""
        return float(1 / (1 + 2.0 ** -max(-60.0, min(60.0, self.weight))))


@dataclass(frozen=True)
class Model:
    """Weights by comparison and level; `rarity` holds shares of frequent values, all others share `floor`."""

    version: str
    prior: float
    weights: Mapping[str, tuple[float, ...]]
    agreement: Mapping[str, tuple[float, ...]]
    floor: float
    rarity: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    link: float = LINK
    review: float = REVIEW

    def to_json(self) -> dict[str, Any]:
        """As a JSON row."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """The inverse of `to_json`."""
        lists = {key: {name: tuple(row) for name, row in kept[key].items()} for key in ("weights", "agreement")}
        return cls(**{**kept, **lists})

    def score(self, left: Features, right: Features) -> Score:
        """Compare two records; symmetric."""
        parts = []
        for comparison, level in zip(COMPARISONS, levels_of(left, right), strict=True):
            said = comparison.level(level)
            weight = 0.0 if level == MISSING else self.weights[comparison.name][level]
            if said is not None and said.rarity:
                share = self.rarity[said.rarity].get(getattr(left, said.rarity), self.floor)
                weight = self.agreement[comparison.name][level] - math.log2(max(share, self.floor))
            words = "一方缺失，不计" if said is None else said.words
            parts.append(Part(comparison.name, comparison.words, level, words, weight))
        return Score(round(self.prior + sum(part.weight for part in parts), 4), self.prior, tuple(parts))


def _trained(level: Mapping[str, Any], usual: tuple[float, float]) -> tuple[float, float]:
    """(log2(m/u), log2(m)) of a level; the usual ones where training met no such pair."""
    m, u = level.get("m_probability"), level.get("u_probability")
    return (math.log2(m / u), math.log2(m)) if m and u else usual


def model_from_splink(settings: Mapping[str, Any], version: str, rarity: Mapping[str, Mapping[str, float]]) -> Model:
    """Our model from Splink's saved settings; the floor of rarity is the one its levels name."""
    weights = {name: tuple(weight for weight, _m in levels) for name, levels in _USUAL.items()}
    agreement = {name: tuple(m for _weight, m in levels) for name, levels in _USUAL.items()}
    floors = {1e-9}
    for comparison in settings["comparisons"]:
        levels = [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]
        name = comparison["output_column_name"]
        found = [_trained(level, usual) for level, usual in zip(reversed(levels), _USUAL[name], strict=True)]
        weights[name], agreement[name] = tuple(weight for weight, _m in found), tuple(m for _weight, m in found)
        floors |= {level["tf_minimum_u_value"] for level in levels if level.get("tf_minimum_u_value")}
    for name, (level, weight) in _CAUTION.items():
        if weights[name][level] > weight:
            weights[name] = (*weights[name][:level], weight, *weights[name][level + 1 :])
            agreement[name] = (*agreement[name][:level], weight, *agreement[name][level + 1 :])
    prior = settings["probability_two_random_records_match"]
    return Model(version, math.log2(prior / (1 - prior)), weights, agreement, max(floors), rarity)
