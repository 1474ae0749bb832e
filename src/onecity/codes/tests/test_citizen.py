"""Citizen numbers: the standard's vectors, normalisation, refusals, and that no single wrong character passes."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecity.codes import CitizenNumber, CodeError, DivisionCode, HolderKind, Sex

VALID = [
    "11010519491231002X",
    "440524188001010014",
    "370299199003070010",
    "370299199003070029",
    "370299195508150130",
    "370299201506010247",
]

numbers = st.builds(
    CitizenNumber.make,
    st.sampled_from(["370202", "370205", "370284", "370299", "110105", "810000"]),
    st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31)),
    st.integers(min_value=1, max_value=999),
)


@pytest.mark.parametrize("text", VALID)
def test_accepts_the_vectors(text: str) -> None:
    assert str(CitizenNumber.parse(text)) == text


@pytest.mark.parametrize(
    "typed",
    [
        "11010519491231002x",
        "１１０１０５１９４９１２３１００２ｘ",
        " 110105 19491231 002X ",
        "110105\u300019491231\u200b002X",
    ],
)
def test_normalises_what_people_type(typed: str) -> None:
    assert str(CitizenNumber.parse(typed)) == "11010519491231002X"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "citizen_number.format"),
        ("1101051949123100", "citizen_number.format"),
        ("11010519491231002Y", "citizen_number.format"),
        ("01010519491231002X", "citizen_number.format"),
        ("١١٠١٠٥١٩٤٩١٢٣١٠٠٢X", "citizen_number.format"),
        ("110105194902300021", "citizen_number.birthday"),
        ("110105000001010021", "citizen_number.birthday"),
        ("110105194912310021", "citizen_number.check"),
    ],
)
def test_refuses_with_a_stable_code(text: str, code: str) -> None:
    with pytest.raises(CodeError) as caught:
        CitizenNumber.parse(text)
    assert caught.value.code == code
    assert caught.value.text
    assert caught.value.hint


def test_the_refusal_never_quotes_the_number() -> None:
    with pytest.raises(CodeError) as caught:
        CitizenNumber.parse("110105194912310021")
    assert "1949" not in f"{caught.value} {caught.value!r}"


def test_upgrades_fifteen_digits() -> None:
    assert str(CitizenNumber.parse("110105491231002")) == "11010519491231002X"
    assert str(CitizenNumber.upgrade("110105491231002")) == "11010519491231002X"


def test_refuses_to_upgrade_anything_but_fifteen_digits() -> None:
    with pytest.raises(CodeError, match="15位"):
        CitizenNumber.upgrade("11010549123100X")


@pytest.mark.parametrize(("text", "sex"), [(VALID[2], Sex.MALE), (VALID[3], Sex.FEMALE), (VALID[0], Sex.FEMALE)])
def test_sex_follows_the_sequence(text: str, sex: Sex) -> None:
    assert CitizenNumber.parse(text).sex is sex


def test_sex_has_its_chinese_label() -> None:
    assert (Sex.MALE.label, Sex.FEMALE.label) == ("男", "女")


def test_birthday_is_read() -> None:
    assert CitizenNumber.parse(VALID[0]).birthday == date(1949, 12, 31)


@pytest.mark.parametrize(
    ("day", "age"),
    [(date(2015, 6, 1), 0), (date(2026, 5, 31), 10), (date(2026, 6, 1), 11), (date(2026, 12, 31), 11)],
)
def test_age_changes_on_the_birthday(day: date, age: int) -> None:
    assert CitizenNumber.parse("370299201506010247").age_on(day) == age


@pytest.mark.parametrize(("day", "age"), [(date(2026, 2, 28), 5), (date(2026, 3, 1), 6), (date(2028, 2, 29), 8)])
def test_age_of_a_leap_day_child(day: date, age: int) -> None:
    assert CitizenNumber.make("370299", date(2020, 2, 29), 1).age_on(day) == age


def test_age_before_birth_is_refused() -> None:
    with pytest.raises(CodeError) as caught:
        CitizenNumber.parse("370299201506010247").age_on(date(2015, 5, 31))
    assert caught.value.code == "citizen_number.unborn"


def test_an_abolished_division_is_accepted_with_a_warning() -> None:
    number = CitizenNumber.make("370205", date(1970, 1, 1), 1)
    assert CitizenNumber.parse(str(number)) == number
    assert "已撤并" in (number.warning({"370202", "370203"}) or "")
    assert number.warning({"370205"}) is None


def test_only_the_unassigned_division_is_synthetic() -> None:
    assert CitizenNumber.parse(VALID[2]).is_synthetic
    assert not CitizenNumber.parse(VALID[0]).is_synthetic


@pytest.mark.parametrize(
    ("division", "holder"),
    [
        ("370202", HolderKind.CITIZEN),
        ("810000", HolderKind.HONG_KONG),
        ("820000", HolderKind.MACAO),
        ("830000", HolderKind.TAIWAN),
        ("937840", HolderKind.FOREIGNER),
    ],
)
def test_the_first_digits_tell_the_holder(division: str, holder: HolderKind) -> None:
    assert CitizenNumber.make(division, date(1990, 1, 1), 1).holder is holder


def test_masked_shows_six_and_four() -> None:
    number = CitizenNumber.parse(VALID[2])
    assert number.masked() == "370299********0010"
    assert "19900307" not in repr(number)


@pytest.mark.parametrize(
    ("division", "sequence", "code"),
    [("37029", 1, "citizen_number.division"), ("370299", 0, "citizen_number.sequence"),
     ("370299", 1000, "citizen_number.sequence")],
)  # fmt: skip
def test_make_refuses_wrong_parts(division: str, sequence: int, code: str) -> None:
    with pytest.raises(CodeError) as caught:
        CitizenNumber.make(division, date(1990, 1, 1), sequence)
    assert caught.value.code == code


def test_make_takes_a_division_code() -> None:
    assert CitizenNumber.make(DivisionCode.parse("370299"), date(1990, 3, 7), 1) == CitizenNumber.parse(VALID[2])


@given(numbers)
def test_what_is_made_is_parsed_to_itself(number: CitizenNumber) -> None:
    assert CitizenNumber.parse(str(number)) == number


@given(numbers, st.integers(min_value=0, max_value=17), st.sampled_from("0123456789X"))
def test_any_single_wrong_character_is_refused(number: CitizenNumber, place: int, wrong: str) -> None:
    text = str(number)
    changed = text[:place] + wrong + text[place + 1 :]
    if changed == text:
        return
    with pytest.raises(CodeError):
        CitizenNumber.parse(changed)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31)), st.integers(min_value=1, max_value=999))
def test_the_parts_come_back(birthday: date, sequence: int) -> None:
    number = CitizenNumber.make("370299", birthday, sequence)
    assert number.birthday == birthday
    assert number.division == "370299"
    assert number.sex is (Sex.MALE if sequence % 2 else Sex.FEMALE)
