"""The wizard in the browser: only for whoever holds the code, nothing written while a row is wrong, gone at the end."""

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from onecity.hubs.basemap import api as basemap
from onecity.hubs.identity import api as identity
from onecity.hubs.identity.contracts import LoginStage
from onecity.hubs.support import api as support
from onecity.kernel import keys
from onecity.web.init_city import draft, gate
from onecity.web.init_city.workbook import SHEETS

PASSWORDS = {"sysadmin": "Xinghe-8801!", "secadmin": "Yuanshan-7702!", "auditadmin": "Lanhai-6603!"}
DIVISIONS = [["370202", "市南区", "区"], ["370202001", "八大峡街道", "街道"]]
BUREAU = ["11370299000000019H", "青岛市示例局", "市示例局", "市", "部门", "", "370200", "", "", "", "", "data_bureau"]
PERSON = ["zhangsan", "张三", "370299199003070010", "", BUREAU[0], "受理岗", "", "370202"]
NATION = ["nation", "01", "汉族", "Han", "", "", "GB/T 3304"]


@pytest.fixture
def code(db: None, settings: Any, tmp_path: Path) -> str:
    """An empty real city waiting for its first day."""
    keys.ring()  # bound to the home of the tests before another home is named
    settings.DEMO_MODE = False
    settings.ONECITY_HOME = tmp_path
    return gate.issue()


@pytest.fixture
def operator(code: str) -> Client:
    """A browser that has shown the code."""
    client = Client()
    assert client.get(f"/init?code={code}").status_code == 302
    return client


def book(sheet: str, rows: Sequence[Sequence[Any]], name: str = "") -> SimpleUploadedFile:
    """A filled-in template."""
    made = Workbook()
    page = made.worksheets[0]
    page.title = name or sheet
    page.append([title for title, _example in SHEETS[sheet]])
    for row in rows:
        page.append(list(row))
    stream = io.BytesIO()
    made.save(stream)
    return SimpleUploadedFile("城.xlsx", stream.getvalue())


def send(client: Client, step: str, sheet: str, rows: Sequence[Sequence[Any]]) -> str:
    """Upload and read the page that follows."""
    answer = client.post(f"/init/{step}", {"workbook": book(sheet, rows)}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def begin(client: Client) -> None:
    """City and administrators."""
    assert client.post("/init/city", {"name": "青岛市", "code": "370200"}).status_code == 302
    twice = PASSWORDS | {f"{login}_again": password for login, password in PASSWORDS.items()}
    assert client.post("/init/administrators", twice).status_code == 302


def test_nobody_without_the_code(code: str) -> None:
    stranger = Client()
    assert stranger.get("/").headers["Location"] == "/init"
    assert stranger.get("/init").status_code == 200
    assert stranger.get("/init?code=wrong").status_code == 403
    assert stranger.get("/init/city").headers["Location"] == "/init"
    assert stranger.post("/init/finish").headers["Location"] == "/init"
    assert stranger.get("/init/staff/template").headers["Location"] == "/init"
    forged = Client()
    forged.cookies["onecity_init"] = "setup:AAAA"
    assert forged.get("/init/city").headers["Location"] == "/init"


def test_the_code_is_kept_for_its_owner_and_survives_a_restart(code: str, tmp_path: Path) -> None:
    assert gate.issue() == code
    assert (tmp_path / gate.TOKEN).stat().st_mode & 0o077 == 0


def test_a_demonstration_has_no_wizard(code: str, settings: Any) -> None:
    settings.DEMO_MODE = True
    assert [Client().get(path).status_code for path in (f"/init?code={code}", "/init/city", "/init/staff")] == [404] * 3


def test_the_whole_first_day(operator: Client, code: str, tmp_path: Path) -> None:
    begin(operator)
    page = send(operator, "divisions", "行政区划", [*DIVISIONS, ["370302", "淄川区", "区"]])
    assert "不属于青岛市" in page
    assert ">4<" in page
    assert ">370302<" in page
    send(operator, "organisations", "组织机构", [BUREAU])
    assert "还不能完成" in operator.get("/init/finish").content.decode()
    assert operator.post("/init/finish").status_code == 422
    assert identity.city_is_empty()
    later = Client()  # the machine was restarted, another browser: the draft is still there
    later.get(f"/init?code={code}")
    assert later.get("/init").headers["Location"] == "/init/divisions"
    assert "全部可以导入" in send(later, "divisions", "行政区划", DIVISIONS)
    assert "全部可以导入" in send(later, "staff", "人员", [PERSON])
    assert "全部可以导入" in send(later, "dictionaries", "字典", [NATION])
    done = later.post("/init/finish")
    assert done.status_code == 200
    assert "zhangsan" in done.content.decode()
    found = basemap.division("370202")
    assert found is not None
    assert found.full_name == "青岛市市南区"
    assert identity.organisation_by_key("data_bureau").name == "青岛市示例局"
    assert [entry.code for entry in support.dictionary("nation")] == ["01"]
    for login, password in PASSWORDS.items():
        assert identity.log_in(login=login, password=password, origin="127.0.0.1").stage is LoginStage.SECOND_FACTOR
    assert [later.get(path).status_code for path in (f"/init?code={code}", "/init/finish", "/init")] == [404] * 3
    assert later.get("/").status_code == 200
    assert not (tmp_path / gate.TOKEN).exists()
    assert not (tmp_path / "setup").exists()
    assert gate.issue() == ""


@pytest.mark.parametrize(
    ("step", "sheet", "row", "words"),
    [
        ("divisions", "行政区划", ["37020X", "错", "区"], "区划代码应为6、9、12或15位数字"),
        ("divisions", "行政区划", ["370202001", "街道", "街道"], "没有出现在前面的行"),
        ("organisations", "组织机构", [*BUREAU[:6], "370302", *BUREAU[7:]], "不属于青岛市"),
        ("organisations", "组织机构", [*BUREAU[:5], BUREAU[0], *BUREAU[6:]], "上级机构不能是自己"),
        ("staff", "人员", ["sysadmin", *PERSON[1:]], "此账号保留给管理员"),
        ("staff", "人员", [*PERSON[:2], "370299199003070011", *PERSON[3:]], "校验"),
        ("dictionaries", "字典", [*NATION[:4], "2026-13-45", *NATION[5:]], "起用日期"),
        ("dictionaries", "字典", ["", *NATION[1:]], "此格为空"),
        ("organisations", "组织机构", [BUREAU[0], "长" * 400, *BUREAU[2:]], "内容过长"),
    ],
)
def test_a_wrong_row_is_named_with_column_value_and_remedy(
    operator: Client, step: str, sheet: str, row: list[Any], words: str
) -> None:
    operator.post("/init/city", {"name": "青岛市", "code": "370200"})
    page = send(operator, step, sheet, [row])
    assert words in page
    assert "1 行有错" in page
    assert "有错期间不会导入任何数据" in page


def _bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", "<workbook/>")
        parts.writestr("xl/worksheets/sheet1.xml", b"0" * (30 * 1024 * 1024))
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"not a workbook", "XLSX"),
        (b"PK\x03\x04broken", "XLSX"),
        (b"<html>", "XLSX"),
        (_bomb, "展开后过大"),
        (b"", "空"),
    ],
)
def test_hostile_files_are_refused_and_not_kept(operator: Client, content: Any, words: str, tmp_path: Path) -> None:
    operator.post("/init/city", {"name": "青岛市", "code": "370200"})
    given = content() if callable(content) else content
    answer = operator.post("/init/divisions", {"workbook": SimpleUploadedFile("a.xlsx", given)})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert draft.load().files == {}


def test_a_workbook_of_several_sheets_without_the_right_one(operator: Client) -> None:
    operator.post("/init/city", {"name": "青岛市", "code": "370200"})
    made = Workbook()
    made.create_sheet("其他")
    stream = io.BytesIO()
    made.save(stream)
    answer = operator.post("/init/staff", {"workbook": SimpleUploadedFile("a.xlsx", stream.getvalue())})
    assert answer.status_code == 422
    assert "没有工作表" in answer.content.decode()


def test_a_cell_is_text_never_markup(operator: Client) -> None:
    operator.post("/init/city", {"name": "青岛市", "code": "370200"})
    page = send(operator, "divisions", "行政区划", [["<script>alert(1)</script>", "<b>名</b>", "区"]])
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_weak_equal_and_differing_passwords(operator: Client) -> None:
    operator.post("/init/city", {"name": "青岛市", "code": "370200"})
    same = dict.fromkeys(PASSWORDS, "Xinghe-8801!")
    again = {f"{login}_again": password for login, password in same.items()}
    for given, words in (
        (same | again, "不能相同"),
        (PASSWORDS | again, "不一致"),
        (dict.fromkeys((*same, *again), "password1"), "常见密码"),
    ):
        answer = operator.post("/init/administrators", given)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert draft.load().administrators == {}


@pytest.mark.parametrize(("given", "words"), [("370202", "市级代码"), ("99", "区划代码应为"), ("", "必填")])
def test_the_city_needs_a_code_of_a_city(operator: Client, given: str, words: str) -> None:
    answer = operator.post("/init/city", {"name": "青岛市", "code": given})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert operator.get("/init/staff").headers["Location"] == "/init/city"


def test_the_draft_shows_nothing_to_a_thief(operator: Client, tmp_path: Path) -> None:
    begin(operator)
    send(operator, "staff", "人员", [PERSON])
    kept = list((tmp_path / "setup").iterdir())
    assert kept
    for path in kept:
        assert path.stat().st_mode & 0o077 == 0
        assert b"370299199003070010" not in path.read_bytes()
        assert "张三".encode() not in path.read_bytes()


def test_each_template_is_taken_back_as_it_is(operator: Client) -> None:
    operator.post("/init/city", {"name": "青岛市", "code": "370200"})
    for step in ("divisions", "organisations", "staff", "dictionaries"):
        empty = operator.get(f"/init/{step}/template")
        assert empty.headers["Content-Type"].endswith("sheet")
        answer = operator.post(f"/init/{step}", {"workbook": SimpleUploadedFile("t.xlsx", empty.content)}, follow=True)
        assert "0 行，全部可以导入" in answer.content.decode()
