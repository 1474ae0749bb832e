"""Who is freed of the fee: pure, over answers of yes or no. Nobody is refused by software; whoever is not confirmed goes to a person.

Owns the decision and the sums; amounts come in as rows (fen).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["VERSION", "Answer", "Outcome", "Sums", "decide", "sums"]

VERSION = "SF-2026-01 第1版"


class Outcome(StrEnum):
    """What becomes of an application."""

    FREED = "freed"
    PERSON = "person"

    @property
    def label(self) -> str:
        """In words."""
        return {"freed": "减免", "person": "转人工"}[self.value]


@dataclass(frozen=True, slots=True)
class Answer:
    """What civil affairs said about one application: on the list, allowance running. None = no answer."""

    account: str
    subject: str
    found: bool | None
    running: bool | None


@dataclass(frozen=True, slots=True)
class Sums:
    """Households and fen."""

    applications: int
    freed: int
    fen: int


def decide(answer: Answer) -> tuple[Outcome, str]:
    """The outcome and its reason."""
    if answer.found is None:
        return Outcome.PERSON, "民政系统没有答复，请稍后再核"
    if not answer.found:
        return Outcome.PERSON, "名单中没有核到，请持低保证到营业厅，由人工核对"
    if not answer.running:
        return Outcome.PERSON, "保障状态不是在保，请向民政部门核实"
    return Outcome.FREED, "民政部门答复：在保"


def sums(answers: Iterable[Answer], fen_a_household: int) -> Sums:
    """One household is freed once, however often it applied."""
    held = list(answers)
    freed = {one.account for one in held if decide(one)[0] is Outcome.FREED}
    return Sums(len(held), len(freed), len(freed) * fen_a_household)
