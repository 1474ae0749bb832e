"""Which firm is a clue: it works, it owes returns, and none came. Pure; a clue is a question to a person, never an assessment.

The weights and the border are the pack's own working rule, version below; they are shown with every list.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

__all__ = ["BORDER", "VERSION", "Clue", "Firm", "clue_of", "clues", "signals"]

VERSION = "涉税线索规则 2026-1"
BORDER = 2
NEW_DAYS = 120
BUSY_KWH, BIG_KWH, MANY_INSURED = 60, 300, 5
FIXED_LEVY, STANDING = "定期定额", "存续"


@dataclass(frozen=True, slots=True)
class Firm:
    """What departments say of one firm. `kwh` = mean of the last months; `returns` = filed in the last two periods."""

    ref: str
    name: str
    status: str
    established: date | None
    levy: str
    returns: int
    insured: int
    kwh: float
    permits: int


@dataclass(frozen=True, slots=True)
class Clue:
    """One clue with the signals that make it and their weight together."""

    firm: Firm
    signals: tuple[str, ...]
    weight: int


def signals(firm: Firm) -> tuple[tuple[str, int], ...]:
    """Signs of work, each with its weight."""
    found: list[tuple[str, int]] = []
    if firm.insured > 0:
        found.append((f"参保 {firm.insured} 人", 2 if firm.insured >= MANY_INSURED else 1))
    if firm.kwh >= BUSY_KWH:
        found.append((f"月均用电 {firm.kwh:.0f} 千瓦时", 2 if firm.kwh >= BIG_KWH else 1))
    if firm.permits > 0:
        found.append((f"有效许可 {firm.permits} 件", 1))
    return tuple(found)


def clue_of(firm: Firm, day: date) -> Clue | None:
    """The clue a firm is on `day`, or None: gone, new, taxed by fixed amount, filing, or too few signs."""
    if firm.status != STANDING or firm.levy == FIXED_LEVY or firm.returns:
        return None
    if firm.established is not None and (day - firm.established).days < NEW_DAYS:
        return None
    found = signals(firm)
    weight = sum(points for _, points in found)
    return Clue(firm, tuple(words for words, _ in found), weight) if weight >= BORDER else None


def clues(firms: Iterable[Firm], day: date) -> list[Clue]:
    """All clues, the strongest first."""
    found = [clue for clue in (clue_of(firm, day) for firm in firms) if clue]
    return sorted(found, key=lambda one: (-one.weight, -one.firm.kwh, one.firm.ref))
