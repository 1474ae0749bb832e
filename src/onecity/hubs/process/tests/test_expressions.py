"""The closed language of conditions: what it says, and what it refuses to say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecity.hubs.process.rules.expressions import ExpressionFault, holds, names, parse

VALUES = {"verb": "agree", "score": 61, "flag": True, "tags": ["a", "b"], "person": {"age": 6}, "none": None}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('verb == "agree"', True),
        ("verb != 'agree'", False),
        ("score >= 60 and flag", True),
        ("score < 60 or not flag", False),
        ('verb in ["agree", "disagree"]', True),
        ('"c" not in tags', True),
        ("person.age == 6", True),
        ("person.size == null", True),
        ("missing > 3", False),
        ("flag == 1", False),
        ("not not flag", True),
        ("not (score > 60 and score < 70)", False),
        ("score > -1.5", True),
        ('verb > "aa"', True),
        ("score > 'a'", False),
        ("true", True),
    ],
)
def test_truth(text: str, expected: bool) -> None:
    assert holds(parse(text), VALUES) is expected


@pytest.mark.parametrize(
    "text",
    [
        "", "verb ==", "(verb", "__import__('os').getpid() > 0", "a + b", "verb = 'x'", "[1, 2", "not", "a b",
        "x.y()", "lambda: 1", "verb not 'x'", "1 < 2 < 3", "(" * 60 + "a" + ")" * 60,
    ],
)  # fmt: skip
def test_refused(text: str) -> None:
    with pytest.raises(ExpressionFault):
        parse(text)


def test_fault_names_the_position() -> None:
    with pytest.raises(ExpressionFault, match="第 8 个字符"):
        parse("score > ;")


def test_names_are_the_first_parts() -> None:
    assert names(parse("person.age > 5 and (flag or x in tags)")) == {"person", "flag", "x", "tags"}


@given(st.text(max_size=40))
def test_any_text_is_an_expression_or_a_fault(text: str) -> None:
    try:
        found = parse(text)
    except ExpressionFault:
        return
    assert holds(found, VALUES) in (True, False)
