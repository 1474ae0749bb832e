"""What every code must keep: the family list, immutability, refusals that are sentences, and no foreign imports."""

import ast
import sys
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

import onecity.codes
from onecity.codes import CODES_BY_NAME, CodeError

EXAMPLES = {
    "citizen_number": "11010519491231002X",
    "credit_code": "11370299MB0000019N",
    "organisation_code": "MB0000019",
    "division_code": "370202001001",
    "item_code": "11370800MB285591843370117002011",
    "case_number": "11370800MB285591843370117002011202611220007",
    "certificate_identifier": "1.2.156.3005.2.11370299MB0000019N001.11370299MB0000019N.2026000001.001.8",
    "document_number": "青政办发〔2024〕5号",
    "catalogue_code": "3080200105/000123",
    "mobile_number": "13812341234",
    "plate_number": "鲁B12345",
    "person_name": "欧阳修",
    "device_code": "37020200001320000042",
    "project_code": "2601-370202-04-01-000001",
    "cell_code": "370202001001007",
    "component_code": "37020201001000042",
    "matter_code": "37020206010",
}
PERSONAL = {"citizen_number", "certificate_identifier", "mobile_number", "plate_number", "person_name"}


def test_every_code_has_an_example() -> None:
    assert EXAMPLES.keys() == CODES_BY_NAME.keys()


@pytest.mark.parametrize("name", EXAMPLES)
def test_canonical_text_survives(name: str) -> None:
    assert str(CODES_BY_NAME[name].parse(EXAMPLES[name])) == EXAMPLES[name]


@pytest.mark.parametrize("name", EXAMPLES)
def test_equal_texts_are_equal_keys(name: str) -> None:
    parse = CODES_BY_NAME[name].parse
    assert len({parse(EXAMPLES[name]), parse(f" {EXAMPLES[name]} ")}) == 1


@pytest.mark.parametrize("name", EXAMPLES)
def test_only_personal_codes_are_masked(name: str) -> None:
    code = CODES_BY_NAME[name].parse(EXAMPLES[name])
    assert (code.masked() != str(code)) is (name in PERSONAL)
    assert not (name in PERSONAL and str(code) in repr(code))


@pytest.mark.parametrize("name", EXAMPLES)
def test_values_cannot_be_changed(name: str) -> None:
    code = CODES_BY_NAME[name].parse(EXAMPLES[name])
    field = next(iter(type(code).__dataclass_fields__))  # type: ignore[attr-defined]
    with pytest.raises(FrozenInstanceError):
        setattr(code, field, "")


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("text", ["", "?", "ﬀ", "\x00", "1" * 200])
def test_nonsense_is_a_code_error_with_a_chinese_sentence(name: str, text: str) -> None:
    with pytest.raises(CodeError) as caught:
        CODES_BY_NAME[name].parse(text)
    assert "." in caught.value.code
    assert any("\u4e00" <= char <= "\u9fff" for char in caught.value.text)
    assert caught.value.hint in str(caught.value)


def test_all_names_are_there() -> None:
    assert [name for name in onecity.codes.__all__ if not hasattr(onecity.codes, name)] == []


def test_the_floor_stands_on_the_standard_library_alone() -> None:
    foreign: set[str] = set()
    for file in Path(onecity.codes.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            foreign |= {name for name in names if not name.startswith("onecity.codes")}
    assert {name for name in foreign if name.split(".")[0] not in sys.stdlib_module_names} == set()
