"""The tracker: where the application stands, as a row of dots.

Owns which dot is lit. Refuses dates of the future that no rule gives.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from onecity.hubs.service.contracts import ApplicationState, TrackStep
from onecity.hubs.service.ports import Labels, StepDeclaration

__all__ = ["STATE_TEXT", "current_step", "track"]

STATE_TEXT: Mapping[ApplicationState, tuple[str, str]] = {
    ApplicationState.DRAFT: ("填写中", "Being filled in"),
    ApplicationState.WAITING_DATA: ("等待部门数据", "Waiting for data"),
    ApplicationState.IN_REVIEW: ("审核中", "Under review"),
    ApplicationState.SUPPLEMENT: ("待补正", "To be supplemented"),
    ApplicationState.QUALIFIED: ("已通过资格核验", "Qualified"),
    ApplicationState.GRANTED: ("已办结", "Granted"),
    ApplicationState.REFUSED: ("未通过", "Refused"),
    ApplicationState.WITHDRAWN: ("已撤回", "Withdrawn"),
}


def current_step(steps: Sequence[StepDeclaration], state: ApplicationState, step: str) -> int:
    """Index of the lit dot: the pack's `step` when it names one, otherwise by state: first while filling, second while checked."""
    for index, declared in enumerate(steps):
        if declared.key == step:
            return index
    if state is ApplicationState.DRAFT:
        return 0
    if state is ApplicationState.WAITING_DATA:
        return min(1, len(steps) - 1)
    if state in (ApplicationState.GRANTED,):
        return len(steps) - 1
    return min(2, len(steps) - 1)


def track(
    steps: Sequence[StepDeclaration], state: ApplicationState, step: str, pick: Callable[[Labels], str],
    submitted_at: datetime | None = None,
) -> tuple[TrackStep, ...]:  # fmt: skip
    """One TrackStep per declared step; the last is done when granted."""
    lit = current_step(steps, state, step)
    finished = state is ApplicationState.GRANTED
    made = []
    for index, declared in enumerate(steps):
        where = "done" if index < lit or finished else "current" if index == lit else "later"
        if state is ApplicationState.DRAFT:
            where = "later"
        made.append(TrackStep(declared.key, pick(declared.labels), where, submitted_at if index == 0 else None))
    return tuple(made)
