"""Rules of the service hub, without a database."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from onecity.hubs.service.contracts import ApplicationState as S
from onecity.hubs.service.contracts import Basis, FieldState, SourceState
from onecity.hubs.service.errors import AnswersIncomplete, StateForbids
from onecity.hubs.service.ports import FieldDeclaration, Labels, StepDeclaration
from onecity.hubs.service.rules.form import DisputeState, SourceAnswer, check_values, filled_fields
from onecity.hubs.service.rules.guide import next_question, tags_of
from onecity.hubs.service.rules.lifecycle import ACTS, FINISHED, after
from onecity.hubs.service.rules.masking import masked
from onecity.hubs.service.rules.saving import savings_of
from onecity.hubs.service.rules.tracker import track


@dataclass(frozen=True)
class Option:
    key: str
    adds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    key: str
    options: tuple[Option, ...]
    when: tuple[str, ...] = ()


QUESTIONS = (
    Question("household", (Option("here", ("local",)), Option("outside", ("migrant",)))),
    Question("home", (Option("own", ("own",)), Option("rent", ("rent",)))),
    Question("proof", (Option("contract", ("work",)), Option("licence", ("licence",))), when=("migrant",)),
)


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ({}, ("household", 1)),
        ({"household": "here"}, ("home", 2)),
        ({"household": "nonsense"}, ("household", 1)),
        ({"household": "here", "home": "own"}, None),
        ({"household": "outside", "home": "rent"}, ("proof", 3)),
    ],
)
def test_the_next_question(answers: dict[str, str], asked: tuple[str, int] | None) -> None:
    found = next_question(QUESTIONS, answers)
    assert (found and (found[0].key, found[1])) == asked


def test_a_question_that_does_not_apply_sets_no_tag() -> None:
    assert tags_of(QUESTIONS, {"household": "here", "home": "own", "proof": "licence"}) == {"local", "own"}


def test_a_fourth_question_is_refused() -> None:
    four = tuple(Question(f"q{n}", (Option("yes"), Option("no"))) for n in range(4))
    with pytest.raises(AnswersIncomplete, match="超过三个"):
        next_question(four, {f"q{n}": "yes" for n in range(3)})


@pytest.mark.parametrize("state", sorted(FINISHED))
@pytest.mark.parametrize("act", sorted({act for act, _state in ACTS}))
def test_nothing_moves_a_finished_application(act: str, state: S) -> None:
    with pytest.raises(StateForbids):
        after(act, state)


@pytest.mark.parametrize(
    ("act", "state", "then"),
    [
        ("submit_waiting", S.DRAFT, S.WAITING_DATA),
        ("data_complete", S.WAITING_DATA, S.IN_REVIEW),
        ("to_paper", S.IN_REVIEW, S.SUPPLEMENT),
        ("grant", S.QUALIFIED, S.GRANTED),
    ],
)
def test_the_table_of_states(act: str, state: S, then: S) -> None:
    assert after(act, state) is then


@dataclass(frozen=True)
class Material:
    replaced_by: str
    copies: int = 1


@dataclass(frozen=True)
class Item:
    materials: tuple[Material, ...] = field(default=(Material("register"), Material("register", 2), Material("")))
    visits_before: int = 2
    visits_after: int = 0
    legal_days: int = 45
    promised_days: int = 30


def test_savings_come_from_the_definitions() -> None:
    saved = savings_of([Item(), Item(materials=(), visits_before=1, legal_days=10, promised_days=0)])
    assert (saved.papers_before, saved.papers_after) == (4, 1)
    assert (saved.visits_before, saved.visits_after) == (3, 0)
    assert (saved.days_before, saved.days_after) == (45, 30)


def test_the_paper_route_saves_no_paper() -> None:
    saved = savings_of([Item()], paper_route=True)
    assert (saved.papers_after, saved.visits_after) == (4, 2)


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        ("欧阳建国", "name", "欧阳*"),
        ("370299199003070010", "number", "370299********0010"),
        ("370299********0010", "number", "370299********0010"),
        ("13800001234", "mobile", "138****1234"),
        ("青岛市市南区香港中路88号3-502", "address", "青岛市市南区香港中路****"),
        ("鲁2026001234", "certificate", "****1234"),
        ("", "name", ""),
        ("原样", "none", "原样"),
    ],
)
def test_masks(value: str, kind: str, shown: str) -> None:
    assert masked(value, kind) == shown


def _declared(**more: object) -> FieldDeclaration:
    content = {"key": "address", "labels": {"zh": "户籍地址", "en": "Address"}, "group": "home"} | more
    return FieldDeclaration.model_validate(content)


SOURCED = _declared(source={"interface": "household_register", "field": "address"}, mask="address")
MOBILE = _declared(key="second_mobile", labels={"zh": "第二联系人手机号", "en": "Mobile"}, kind="mobile")


def _answer(state: SourceState, **row: str) -> dict[str, SourceAnswer]:
    made = SourceAnswer(
        "household_register", "户籍", state, Basis.STATUTORY, "义务教育法", "市公安局", (row,) if row else (),
        datetime(2026, 6, 1, tzinfo=UTC), "p1", None,
    )  # fmt: skip
    return {"household_register": made}


def _chinese(labels: Labels) -> str:
    return labels.zh


@pytest.mark.parametrize(
    ("answers", "disputes", "state", "value"),
    [
        (_answer(SourceState.ANSWERED, address="香港中路88号"), (), FieldState.FILLED, "香港中路****"),
        (_answer(SourceState.EMPTY), (), FieldState.MISSING, ""),
        (_answer(SourceState.WAITING), (), FieldState.WAITING, ""),
        (_answer(SourceState.PENDING), (), FieldState.WAITING, ""),
        (_answer(SourceState.PAPER), (), FieldState.PAPER, ""),
        (
            _answer(SourceState.ANSWERED, address="香港中路88号"),
            (DisputeState("address", "open"),),
            FieldState.DISPUTED,
            "香港中路****",
        ),
        (
            _answer(SourceState.ANSWERED, address="香港中路88号"),
            (DisputeState("address", "fixed", "闽江路1号"),),
            FieldState.CORRECTED,
            "闽江路****",
        ),
    ],
)
def test_what_stands_in_a_field(
    answers: dict[str, SourceAnswer], disputes: tuple[DisputeState, ...], state: FieldState, value: str
) -> None:
    (shown,) = filled_fields([SOURCED], tags=frozenset(), answers=answers, values={}, disputes=disputes, pick=_chinese)
    assert (shown.state, shown.value) == (state, value)


def test_a_fetched_value_cannot_be_edited() -> None:
    (shown,) = filled_fields(
        [SOURCED],
        tags=frozenset(),
        answers=_answer(SourceState.ANSWERED, address="香港中路88号"),
        values={},
        pick=_chinese,
    )
    assert not shown.editable


@pytest.mark.parametrize(
    ("typed", "refused"), [("", True), ("12345", True), ("13800001234", False), ("１３８００００１２３４", False)]
)
def test_a_typed_mobile_is_checked(typed: str, refused: bool) -> None:
    values = {"second_mobile": typed}
    fields = filled_fields([MOBILE], tags=frozenset(), answers={}, values=values, pick=_chinese)
    assert bool(check_values([MOBILE], fields, values)) is refused


def test_waiting_for_a_department_is_never_held_against_the_person() -> None:
    fields = filled_fields([SOURCED], tags=frozenset(), answers=_answer(SourceState.WAITING), values={}, pick=_chinese)
    assert check_values([SOURCED], fields, {}) == {}


STEPS = [
    StepDeclaration(key=key, labels=Labels(zh=key, en=key), text=Labels(zh=key, en=key))
    for key in ("submitted", "checked", "school", "publicity", "admission")
]


@pytest.mark.parametrize(
    ("state", "step", "states"),
    [
        (S.DRAFT, "", ["later"] * 5),
        (S.WAITING_DATA, "", ["done", "current", "later", "later", "later"]),
        (S.QUALIFIED, "", ["done", "done", "current", "later", "later"]),
        (S.QUALIFIED, "publicity", ["done", "done", "done", "current", "later"]),
        (S.GRANTED, "", ["done"] * 5),
    ],
)
def test_the_tracker_lights_one_dot(state: S, step: str, states: list[str]) -> None:
    assert [dot.state for dot in track(STEPS, state, step, _chinese)] == states
