"""What a verdict on the review desk does. A merge takes two persons; "not the same" takes one. Read it aloud:

open      + same  → proposed        proposed + same, another person  → merged
open      + apart → apart           proposed + same, the proposer    → refused
                                    proposed + apart, anybody        → apart
merged, apart     → closed
"""

from enum import StrEnum

from onecity.hubs.registers.contracts.resolution import Verdict

__all__ = ["Verdict", "VerdictRefused", "after", "agreement"]


class VerdictRefused(StrEnum):
    """Why a verdict has no effect."""

    CLOSED = "closed"
    SECOND_PERSON = "second_person"


_TABLE: dict[tuple[str, Verdict, bool], str | VerdictRefused] = {
    ("open", Verdict.SAME, False): "proposed",
    ("open", Verdict.APART, False): "apart",
    ("proposed", Verdict.SAME, False): "merged",
    ("proposed", Verdict.SAME, True): VerdictRefused.SECOND_PERSON,
    ("proposed", Verdict.APART, False): "apart",
    ("proposed", Verdict.APART, True): "apart",
}


def after(state: str, verdict: Verdict, *, proposer: bool) -> str | VerdictRefused:
    """The state after a verdict; `proposer` = the one who speaks proposed the merge."""
    return _TABLE.get((state, verdict, proposer), VerdictRefused.CLOSED)


def agreement(confirmed: int, rejected: int) -> float | None:
    """Share of proposed merges a second person confirmed; None before the first."""
    return confirmed / (confirmed + rejected) if confirmed + rejected else None
