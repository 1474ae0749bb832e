"""The first day of a real city, from real XLSX bytes."""

import io
from typing import Any

import pytest
from openpyxl import Workbook

from onecity.hubs.identity import api
from onecity.hubs.identity.contracts import LoginStage
from onecity.hubs.identity.models import Account, Organisation
from onecity.hubs.identity.testkit import citizen_number, resident
from onecity.hubs.identity.tests.conftest import BUREAU, DISTRICT
from onecity.kernel.actor import Actor
from onecity.kernel.errors import Conflict, Invalid, NotPermitted

ORGANISATIONS = ["机构代码", "机构名称", "层级", "类型", "上级机构代码", "所辖区划", "设立日期"]
STAFF = ["账号", "姓名", "身份证号码", "机构代码", "岗位", "角色"]
CITY_ROW = [BUREAU, "青岛市教育局", "市", "部门", "", 370200.0, "2020-01-01"]
DISTRICT_ROW = [DISTRICT, "市南区教体局", "区县", "部门", BUREAU, "370202", ""]
PERSON_ROW = ["zhangsan", "张三", citizen_number(31), BUREAU, "科员", ""]


def _book(organisations: list[list[Any]], staff: list[list[Any]]) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, header, rows in (("组织机构", ORGANISATIONS, organisations), ("人员", STAFF, staff)):
        sheet = book.create_sheet(name)
        for row in (header, *rows):
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_good_book_makes_a_city_with_three_administrators(db: None, system: Actor) -> None:
    assert api.city_is_empty()
    book = api.read_city_book(_book([CITY_ROW, DISTRICT_ROW], [PERSON_ROW]))
    assert book.errors == ()
    made = api.import_city(system, book=book)
    assert (made.organisations, made.staff) == (2, 1)
    assert [login for login, _title, _password in made.administrators] == ["sysadmin", "secadmin", "auditadmin"]
    for login, _title, password in made.administrators:
        assert api.log_in(login=login, password=password, origin="127.0.0.1").stage is LoginStage.SECOND_FACTOR
    organisation = api.organisation(BUREAU)
    assert organisation is not None
    assert organisation.area == "3702"


def test_nothing_is_written_while_a_row_is_wrong(db: None, system: Actor) -> None:
    wrong = ["zhangsan", "张三", "370299199003070011", "NOWHERE", "科员", ""]
    book = api.read_city_book(_book([CITY_ROW], [wrong]))
    assert [(error.sheet, error.row, error.column) for error in book.errors] == [
        ("人员", 2, "身份证号码"),
        ("人员", 2, "机构代码"),
    ]
    with pytest.raises(Invalid):
        api.import_city(system, book=book)
    assert not Organisation.objects.exists()
    assert api.import_city(system, book=book, skip_bad=True).staff == 0


def test_a_missing_column_is_named(db: None) -> None:
    book = Workbook()
    book.worksheets[0].title = "组织机构"
    book.worksheets[0].append(["机构代码", "机构名称"])
    stream = io.BytesIO()
    book.save(stream)
    found = api.read_city_book(stream.getvalue())
    assert {error.column for error in found.errors} == {"层级", "所辖区划"}


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04broken", b"%PDF-1.7"])
def test_what_is_no_workbook_is_refused_with_a_sentence(db: None, content: bytes) -> None:
    with pytest.raises(Invalid, match="XLSX"):
        api.read_city_book(content)


def test_a_city_is_founded_once(db: None, system: Actor) -> None:
    book = api.read_city_book(_book([CITY_ROW], []))
    api.import_city(system, book=book)
    with pytest.raises(Conflict):
        api.import_city(system, book=book)
    assert Account.objects.count() == 3


def test_a_resident_founds_no_city(db: None) -> None:
    with pytest.raises(NotPermitted):
        api.import_city(resident(), book=api.read_city_book(_book([CITY_ROW], [])))
