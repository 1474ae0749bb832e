"""Names, mobile numbers and plates: what is accepted, what is refused, what a mask shows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecity.codes import CodeError, MobileNumber, PersonName, PlateNumber


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三", "张*"),
        ("张三丰", "张*"),
        ("欧阳修", "欧阳*"),
        ("司马相如", "司马*"),
        ("欧阳", "欧*"),
        ("张", "*"),
        ("阿依古丽·买买提", "阿*·*"),
        ("𠅤明", "𠅤*"),
        ("王㛃", "王*"),
        ("John Smith", "J*"),
    ],
)
def test_masked_name(name: str, masked: str) -> None:
    assert PersonName.parse(name).masked() == masked


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        (" 张 三 ", "张三"),
        ("张\u3000三", "张三"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("阿依古丽．买买提", "阿依古丽·买买提"),
        ("阿依古丽.买买提", "阿依古丽·买买提"),
        ("葛\U000e0100一", "葛一"),
        ("Ｊｏｈｎ  Smith", "John Smith"),
        ("〇一", "〇一"),
    ],
)
def test_name_is_normalised(typed: str, name: str) -> None:
    assert str(PersonName.parse(typed)) == name


@pytest.mark.parametrize("typed", ["张3", "张三(死亡)", "张三?", "·张三", "张三A", "12345"])
def test_name_with_foreign_signs_is_refused(typed: str) -> None:
    with pytest.raises(CodeError) as caught:
        PersonName.parse(typed)
    assert caught.value.code == "person_name.characters"


@pytest.mark.parametrize("typed", ["", "  ", "张" * 101])
def test_name_length_is_refused(typed: str) -> None:
    with pytest.raises(CodeError) as caught:
        PersonName.parse(typed)
    assert caught.value.code == "person_name.length"


@pytest.mark.parametrize(
    ("name", "surname", "given"),
    [
        ("张三丰", "张", "三丰"),
        ("诸葛亮", "诸葛", "亮"),
        ("欧阳", "欧", "阳"),
        ("阿依古丽·买买提", "阿依古丽", "买买提"),
        ("𠅤明", "𠅤", "明"),
    ],
)
def test_surname_and_given(name: str, surname: str, given: str) -> None:
    found = PersonName.parse(name)
    assert (found.surname, found.given) == (surname, given)


def test_a_private_character_is_noticed() -> None:
    assert PersonName.parse("王\ue123").has_private_character
    assert not PersonName.parse("王㛃").has_private_character


def test_repr_of_a_name_is_masked() -> None:
    assert "三丰" not in repr(PersonName.parse("张三丰"))


@pytest.mark.parametrize(
    "typed",
    ["13812341234", "138-1234-1234", "+86 138 1234 1234", "008613812341234", "１３８１２３４１２３４", "8613812341234"],
)
def test_mobile_number_is_normalised(typed: str) -> None:
    assert str(MobileNumber.parse(typed)) == "13812341234"


@pytest.mark.parametrize("typed", ["", "12812341234", "1381234123", "138123412345", "0532-88888888"])
def test_mobile_number_refusals(typed: str) -> None:
    with pytest.raises(CodeError) as caught:
        MobileNumber.parse(typed)
    assert caught.value.code == "mobile_number.format"


def test_mobile_number_mask() -> None:
    assert MobileNumber.parse("13812341234").masked() == "138****1234"
    assert "12341" not in repr(MobileNumber.parse("13812341234"))


@pytest.mark.parametrize(
    ("typed", "plate", "masked", "new_energy"),
    [
        ("鲁B12345", "鲁B12345", "鲁B****5", False),
        ("鲁b·12345", "鲁B12345", "鲁B****5", False),
        ("鲁U A123C", "鲁UA123C", "鲁U****C", False),
        ("鲁BD12345", "鲁BD12345", "鲁B*****5", True),
        ("鲁B12345F", "鲁B12345F", "鲁B*****F", True),
        ("鲁B1234学", "鲁B1234学", "鲁B****学", False),
    ],
)
def test_plate(typed: str, plate: str, masked: str, new_energy: bool) -> None:
    found = PlateNumber.parse(typed)
    assert (str(found), found.masked(), found.is_new_energy) == (plate, masked, new_energy)
    assert found.region == plate[:2]


@pytest.mark.parametrize(
    "typed", ["", "鲁B1234", "鲁B1234I", "鲁BO1234", "B12345", "中B12345", "鲁B123456", "鲁I12345"]
)
def test_plate_refusals(typed: str) -> None:
    with pytest.raises(CodeError) as caught:
        PlateNumber.parse(typed)
    assert caught.value.code == "plate_number.format"


@given(st.integers(min_value=13_000_000_000, max_value=19_999_999_999))
def test_mobile_number_is_parsed_to_itself(number: int) -> None:
    found = MobileNumber.parse(str(number))
    assert MobileNumber.parse(str(found)) == found


@given(st.text(alphabet="张欧阳司马𠅤㛃〇·一二", min_size=1, max_size=8))
def test_a_parsed_name_is_parsed_to_itself(text: str) -> None:
    try:
        name = PersonName.parse(text)
    except CodeError:
        return
    assert PersonName.parse(str(name)) == name
    assert name.value not in name.masked()
