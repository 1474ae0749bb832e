"""The guide: at most three questions, then which fields and sources apply.

Owns the walk through the questions and the tags that answers set. Refuses to judge; a pack's decider does.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from onecity.hubs.service.errors import AnswersIncomplete

__all__ = ["MOST_QUESTIONS", "next_question", "relevant", "tags_of"]

MOST_QUESTIONS = 3


class _Option(Protocol):
    @property
    def key(self) -> str: ...
    @property
    def adds(self) -> tuple[str, ...]: ...


class Question(Protocol):
    """What the guide needs to know of a question."""

    @property
    def key(self) -> str: ...
    @property
    def when(self) -> tuple[str, ...]: ...
    @property
    def options(self) -> Sequence[_Option]: ...


def relevant(when: tuple[str, ...], tags: frozenset[str]) -> bool:
    """Whether something conditioned by `when` applies: always when empty, else when any tag is set."""
    return not when or any(tag in tags for tag in when)


def tags_of(questions: Sequence[Question], answers: Mapping[str, str]) -> frozenset[str]:
    """Tags set by the answers; answers to questions that do not apply, and unknown options, count for nothing."""
    tags: frozenset[str] = frozenset()
    for question in questions:
        if relevant(question.when, tags):
            for option in question.options:
                if answers.get(question.key) == option.key:
                    tags |= frozenset(option.adds)
    return tags


def next_question(questions: Sequence[Question], answers: Mapping[str, str]) -> tuple[Question, int] | None:
    """The first applicable question without a valid answer and its running number from 1; None when all are answered.

    Raises AnswersIncomplete when a way through the questions is longer than three (a fault of the declaration).
    """
    number = 0
    tags: frozenset[str] = frozenset()
    for question in questions:
        if not relevant(question.when, tags):
            continue
        number += 1
        if number > MOST_QUESTIONS:
            raise AnswersIncomplete(text="引导问题超过三个，请联系运维检查声明", data={"question": question.key})
        chosen = [option for option in question.options if option.key == answers.get(question.key)]
        if not chosen:
            return question, number
        tags |= frozenset(chosen[0].adds)
    return None
