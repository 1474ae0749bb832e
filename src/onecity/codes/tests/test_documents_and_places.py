"""Document numbers, catalogue, device, project and city-management codes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecity.codes import (
    CatalogueClass,
    CatalogueCode,
    CellCode,
    CodeError,
    ComponentCode,
    DeviceCode,
    DivisionCode,
    DocumentNumber,
    MatterCode,
    ProjectCode,
)


def test_document_number_vector() -> None:
    number = DocumentNumber.parse("青政办发〔2024〕5号")
    assert (number.prefix, number.year, number.serial) == ("青政办发", 2024, 5)
    assert str(number) == "青政办发〔2024〕5号"


@pytest.mark.parametrize("typed", [" 青政办发 〔2024〕 5号", "青政办发〔２０２４〕５号"])
def test_document_number_is_normalised(typed: str) -> None:
    assert DocumentNumber.parse(typed) == DocumentNumber.make("青政办发", 2024, 5)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("青政办发[2024]5号", "document_number.brackets"),
        ("青政办发（2024）5号", "document_number.brackets"),
        ("青政办发【2024】5号", "document_number.brackets"),
        ("青政办发〔2024〕005号", "document_number.serial"),
        ("青政办发〔2024〕0号", "document_number.serial"),
        ("青政办发〔2024〕第5号", "document_number.serial"),
        ("青政办发〔24〕5号", "document_number.format"),
        ("青政办发〔2024〕5", "document_number.format"),
        ("〔2024〕5号", "document_number.format"),
    ],
)
def test_document_number_refusals(text: str, code: str) -> None:
    with pytest.raises(CodeError) as caught:
        DocumentNumber.parse(text)
    assert caught.value.code == code


def test_document_number_next_serial() -> None:
    assert str(DocumentNumber.parse("青政办发〔2024〕9号").next_serial()) == "青政办发〔2024〕10号"


@given(st.integers(min_value=1949, max_value=2999), st.integers(min_value=1))
def test_document_number_is_parsed_to_itself(year: int, serial: int) -> None:
    number = DocumentNumber.make("青教发", year, serial)
    assert DocumentNumber.parse(str(number)) == number


def test_catalogue_code_segments() -> None:
    code = CatalogueCode.parse("3080200105/000123")
    assert (code.kind, code.item, code.entry, code.detail, code.sequence) == (
        CatalogueClass.DEPARTMENT, "08", "020", "0105", "000123",
    )  # fmt: skip
    assert code.category == "3080200105"
    assert str(code) == "3080200105/000123"


def test_catalogue_code_is_made() -> None:
    assert str(CatalogueCode.make(CatalogueClass.BASIC, 1, 2, "", 7)) == "101002/7"


@pytest.mark.parametrize("text", ["", "4080200105/1", "30802/1", "3080200105", "3080200105/", "3080200105/A"])
def test_catalogue_code_refusals(text: str) -> None:
    with pytest.raises(CodeError) as caught:
        CatalogueCode.parse(text)
    assert caught.value.code == "catalogue_code.format"


def test_device_code_segments() -> None:
    code = DeviceCode.make("37020200", 0, 132, 0, 42)
    assert str(code) == "37020200001320000042"
    assert DeviceCode.parse(str(code)) == code
    assert (code.centre, code.division, code.industry, code.kind, code.network, code.serial) == (
        "37020200", "370202", "00", "132", "0", "000042",
    )  # fmt: skip


@pytest.mark.parametrize(("kind", "camera"), [(131, True), (132, True), (118, False), (200, False)])
def test_device_code_knows_cameras(kind: int, camera: bool) -> None:
    assert DeviceCode.make("37020200", 0, kind, 0, 1).is_camera is camera


@pytest.mark.parametrize("text", ["", "3702020000132000004", "3702020000132000004A", "370202000013200000421"])
def test_device_code_refusals(text: str) -> None:
    with pytest.raises(CodeError) as caught:
        DeviceCode.parse(text)
    assert caught.value.code == "device_code.format"


@pytest.mark.parametrize(
    "typed",
    ["2601-370202-04-01-000001", "2601–370202–04–01–000001", "26013702020401000001", "２６０１-370202-04-01-000001"],
)
def test_project_code_is_normalised(typed: str) -> None:
    code = ProjectCode.parse(typed)
    assert str(code) == "2601-370202-04-01-000001"
    assert len(str(code)) == 24
    assert (code.year, code.month, code.division, code.industry, code.kind, code.serial) == (
        2026, 1, "370202", "04", "01", "000001",
    )  # fmt: skip


@pytest.mark.parametrize(
    "text", ["", "2613-370202-04-01-000001", "2600-370202-04-01-000001", "2601-370202-04-01-00001"]
)
def test_project_code_refusals(text: str) -> None:
    with pytest.raises(CodeError) as caught:
        ProjectCode.parse(text)
    assert caught.value.code == "project_code.format"


def test_project_code_is_made() -> None:
    made = ProjectCode.make(2026, 1, "370202", 4, 1, 1)
    assert ProjectCode.parse(str(made)) == made


def test_cell_code_lies_in_its_community() -> None:
    code = CellCode.make(DivisionCode.parse("370202001001"), 7)
    assert str(code) == "370202001001007"
    assert CellCode.parse(str(code)) == code
    assert (str(code.community), code.number) == ("370202001001", "007")


@pytest.mark.parametrize("text", ["", "37020200100100", "370202001001000", "370202000001001"])
def test_cell_code_refusals(text: str) -> None:
    with pytest.raises(CodeError):
        CellCode.parse(text)


def test_cell_code_wants_a_community() -> None:
    with pytest.raises(CodeError) as caught:
        CellCode.make(DivisionCode.parse("370202001"), 7)
    assert caught.value.code == "cell_code.community"


def test_component_code_segments() -> None:
    code = ComponentCode.make("370202", "01001", 42)
    assert str(code) == "37020201001000042"
    assert ComponentCode.parse(str(code)) == code
    assert (str(code.division), code.class_code, code.sequence) == ("370202", "01001", "000042")


def test_an_old_component_code_says_how_to_convert() -> None:
    with pytest.raises(CodeError) as caught:
        ComponentCode.parse("3702020101000042")
    assert "对照表" in caught.value.hint


def test_component_code_wants_a_class_of_five() -> None:
    with pytest.raises(CodeError) as caught:
        ComponentCode.make("370202", "0101", 42)
    assert caught.value.code == "component_code.class"


def test_matter_code_names_a_class() -> None:
    code = MatterCode.make("370202", "06010")
    assert str(code) == "37020206010"
    assert MatterCode.parse(str(code)) == code
    assert (str(code.division), code.class_code) == ("370202", "06010")


@pytest.mark.parametrize("text", ["", "3702020601", "370202060100"])
def test_matter_code_refusals(text: str) -> None:
    with pytest.raises(CodeError) as caught:
        MatterCode.parse(text)
    assert caught.value.code == "matter_code.format"
