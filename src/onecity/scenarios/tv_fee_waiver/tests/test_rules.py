"""Who is freed, as a table."""

import pytest

from onecity.scenarios.tv_fee_waiver.rules import Answer, Outcome, decide, sums


@pytest.mark.parametrize(
    ("found", "running", "outcome"),
    [
        (True, True, Outcome.FREED),
        (True, False, Outcome.PERSON),
        (False, None, Outcome.PERSON),
        (None, None, Outcome.PERSON),
    ],
)
def test_only_a_confirmed_household_is_freed_and_nobody_is_refused(
    found: bool | None, running: bool | None, outcome: Outcome
) -> None:
    got, reason = decide(Answer("TV1", "r", found, running))
    assert got is outcome
    assert reason


def test_a_household_is_freed_once() -> None:
    twice = [Answer("TV1", "r", True, True), Answer("TV1", "r", True, True), Answer("TV2", "s", False, None)]
    assert (sums(twice, 12000).freed, sums(twice, 12000).fen) == (1, 12000)


def test_the_quoted_sum_multiplies_out() -> None:
    from onecity.scenarios.tv_fee_waiver.extensions import fee

    quoted = fee()["quoted"]
    assert quoted["households"] * quoted["yuan_each"] == quoted["yuan"] == 979_200
