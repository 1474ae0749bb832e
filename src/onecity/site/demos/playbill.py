"""How a demonstration is told: steps in order, what was seen in each, seconds; a failed step does not hide the later ones."""

import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TextIO, TypeVar

__all__ = ["Seen", "Step", "perform"]

Scene = TypeVar("Scene")


@dataclass(frozen=True)
class Step(Generic[Scene]):
    """One step as the show's text has it. `act` plays it and returns what was seen, in one sentence."""

    title: str
    act: Callable[[Scene], str]


@dataclass(frozen=True)
class Seen:
    """What came of a step."""

    number: int
    title: str
    well: bool
    seconds: float
    text: str

    def line(self) -> str:
        """For the person at the terminal."""
        word = "ok    " if self.well else "FAILED"
        return f"  {self.number}  {word} {self.seconds:6.1f} s  {self.title}\n                     {self.text}"


def perform(name: str, scene: Scene, steps: Sequence[Step[Scene]], out: TextIO = sys.stdout) -> list[Seen]:
    """Play all steps, reporting each as it ends."""
    out.write(f"\n{name}\n")
    report = []
    for number, step in enumerate(steps, start=1):
        began = time.monotonic()
        try:
            well, text = True, step.act(scene)
        except Exception as failure:  # noqa: BLE001 - the report must go on
            well, text = False, f"{failure}"[:1200] or "".join(traceback.format_exception(failure))[-1200:]
        seen = Seen(number, step.title, well, time.monotonic() - began, text)
        out.write(seen.line() + "\n")
        out.flush()
        report.append(seen)
    return report
