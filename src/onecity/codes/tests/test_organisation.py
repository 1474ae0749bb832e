"""Organisation and credit codes: vectors, refusals, flags, and the strength of the check characters."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from onecity.codes import CodeError, CreditCode, OrganisationCode
from onecity.codes.checks import ALPHANUMERIC, CREDIT_ALPHABET

VALID = [
    "11370299MB0000019N",
    "11370299000000019H",
    "123702990000000279",
    "91370299MA00000150",
    "92370299MA00000A9J",
    "11370800MB28559184",
]

bodies = st.text(alphabet=CREDIT_ALPHABET, min_size=8, max_size=8)
codes = st.builds(
    CreditCode.make,
    st.sampled_from(["11", "12", "51", "91", "92", "93", "Y1"]),
    st.sampled_from(["370200", "370202", "370299"]),
    bodies.map(OrganisationCode.make),
)


@pytest.mark.parametrize("text", VALID)
def test_accepts_the_vectors(text: str) -> None:
    code = CreditCode.parse(text)
    assert str(code) == text
    assert not code.flagged


@pytest.mark.parametrize(
    "typed", ["11370299mb0000019n", "１１３７０２９９ＭＢ０００００１９Ｎ", "11370299 MB000001 9N"]
)
def test_normalises_what_people_type(typed: str) -> None:
    assert str(CreditCode.parse(typed)) == VALID[0]


@pytest.mark.parametrize("letter", "IOSVZ")
def test_refuses_the_five_unused_letters(letter: str) -> None:
    with pytest.raises(CodeError) as caught:
        CreditCode.parse(f"11370299M{letter}0000019N")
    assert caught.value.code == "credit_code.alphabet"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("11370299MB000001", "credit_code.format"),
        ("1137029AMB0000019N", "credit_code.format"),
        ("11370299MB0000019M", "credit_code.check"),
    ],
)
def test_refuses_with_a_stable_code(text: str, code: str) -> None:
    with pytest.raises(CodeError) as caught:
        CreditCode.parse(text)
    assert caught.value.code == code


def test_a_wrong_organisation_code_inside_is_refused() -> None:
    body = "11370299MB0000018"
    wrong = next(body + char for char in CREDIT_ALPHABET if CreditCode.accept_flagged(body + char).organisation is None
                 and _outer_is_right(body + char))  # fmt: skip
    with pytest.raises(CodeError) as caught:
        CreditCode.parse(wrong)
    assert caught.value.code == "credit_code.organisation"


def _outer_is_right(text: str) -> bool:
    try:
        CreditCode.parse(text)
    except CodeError as error:
        return error.code != "credit_code.check"
    return True


def test_an_authoritative_source_may_pass_a_wrong_check_character() -> None:
    code = CreditCode.accept_flagged("11370299mb0000019M")
    assert code.flagged
    assert str(code) == "11370299MB0000019M"


def test_a_right_code_is_never_flagged() -> None:
    assert CreditCode.accept_flagged(VALID[0]) == CreditCode.parse(VALID[0])


def test_even_an_authoritative_source_cannot_pass_a_wrong_shape() -> None:
    with pytest.raises(CodeError):
        CreditCode.accept_flagged("11370299MB00000")


def test_the_parts_are_read() -> None:
    code = CreditCode.parse(VALID[0])
    assert (code.registrar, code.category, code.division) == ("1", "11", "370299")
    assert code.organisation == OrganisationCode.parse("MB000001-9")
    assert code.is_synthetic


def test_make_rebuilds_a_vector() -> None:
    assert str(CreditCode.make("11", "370299", OrganisationCode.make("MB000001"))) == VALID[0]


def test_make_refuses_a_wrong_division() -> None:
    with pytest.raises(CodeError):
        CreditCode.make("11", "37029", OrganisationCode.make("MB000001"))


@pytest.mark.parametrize(("typed", "dashed"), [("MB0000019", "MB000001-9"), ("mb000001－9", "MB000001-9")])
def test_organisation_code_with_and_without_hyphen(typed: str, dashed: str) -> None:
    assert OrganisationCode.parse(typed).dashed == dashed


@pytest.mark.parametrize(
    ("text", "code"), [("MB00000", "organisation_code.format"), ("MB0000018", "organisation_code.check")]
)
def test_organisation_code_refusals(text: str, code: str) -> None:
    with pytest.raises(CodeError) as caught:
        OrganisationCode.parse(text)
    assert caught.value.code == code


@given(codes)
def test_what_is_made_is_parsed_to_itself(code: CreditCode) -> None:
    assert CreditCode.parse(str(code)) == code


@given(codes, st.integers(min_value=0, max_value=17), st.sampled_from(CREDIT_ALPHABET))
def test_any_single_wrong_character_is_refused(code: CreditCode, place: int, wrong: str) -> None:
    text = str(code)
    changed = text[:place] + wrong + text[place + 1 :]
    assume(changed != text)
    with pytest.raises(CodeError):
        CreditCode.parse(changed)


@given(codes, st.integers(min_value=0, max_value=16), st.integers(min_value=0, max_value=16))
def test_two_swapped_characters_are_refused(code: CreditCode, left: int, right: int) -> None:
    text = list(str(code))
    assume(text[left] != text[right])
    text[left], text[right] = text[right], text[left]
    with pytest.raises(CodeError):
        CreditCode.parse("".join(text))


@given(st.text(alphabet=ALPHANUMERIC, min_size=8, max_size=8))
def test_organisation_code_is_parsed_to_itself(body: str) -> None:
    code = OrganisationCode.make(body)
    assert OrganisationCode.parse(code.dashed) == code
