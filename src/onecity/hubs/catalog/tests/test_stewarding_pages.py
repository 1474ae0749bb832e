"""The steward's screens as a person opens them: search, compiling from a statement, files, steps, departments, stock."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from onecity.hubs.catalog import api
from onecity.hubs.catalog.contracts import Lifecycle, Permission
from onecity.hubs.catalog.rules.sheet import HEADINGS
from onecity.hubs.catalog.services.search_index import forget
from onecity.hubs.catalog.testkit import PROVIDER, publish
from onecity.hubs.identity.testkit import sign_in, staff

pytestmark = pytest.mark.django_db(transaction=True)

DDL = "CREATE TABLE t_low (sfzh varchar(18) NOT NULL COMMENT '身份证号码', je decimal(10,2) COMMENT '发放金额') COMMENT='低保发放';"


@pytest.fixture
def desk(client: Client) -> Client:
    forget()
    sign_in(client, staff(list(Permission), organisation=""))
    return client


def filled(**changes: str) -> dict[str, str]:
    given = {
        "edition": "0", "key": "low_income_paid", "code": "203001/9", "name": "低保金发放信息", "provider": "civil_affairs",
        "abstract": "按月发放", "share_type": "conditional", "basis": "用于救助核对", "share_mode": "interface", "open_type": "not_open",
        "update_cycle": "monthly", "level": "important", "format": "数据库", "i0_label": "公民身份号码", "i0_name": "number",
        "i0_type": "citizen_number", "i1_label": "发放金额", "i1_name": "amount", "i1_type": "money",
    }  # fmt: skip
    return given | changes


def sheet(*lines: list[str], headings: tuple[str, ...] = HEADINGS) -> SimpleUploadedFile:
    book, out = Workbook(), io.BytesIO()
    book.active.append(list(headings))  # type: ignore[union-attr]
    for line in lines:
        book.active.append(line)  # type: ignore[union-attr]
    book.save(out)
    return SimpleUploadedFile("目录.xlsx", out.getvalue())


def test_pasting_a_statement_fills_the_form(desk: Client) -> None:
    page = desk.post("/desk/catalog/compile", {"ddl": DDL}).content.decode()
    assert "低保发放" in page
    assert "建议按公民身份号码管理" in page
    assert 'value="发放金额"' in page


def test_a_broken_statement_says_where(desk: Client) -> None:
    answer = desk.post("/desk/catalog/compile", {"ddl": "CREATE TABLE ("})
    assert answer.status_code == 422
    assert "建表语句" in answer.content.decode()


def test_the_form_is_saved_and_goes_through_its_life(desk: Client) -> None:
    assert desk.post("/desk/catalog/compile/new", filled()).status_code == 302
    for step, state in (("review", Lifecycle.REVIEWED), ("publish", Lifecycle.PUBLISHED)):
        desk.post("/desk/catalog/resources/low_income_paid/step", {"step": step})
        assert api.resource("low_income_paid").state is state
    page = desk.get("/desk/catalog/resources/low_income_paid").content.decode()
    assert "重要数据" in page
    assert "健康度" in page


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"basis": ""}, "共享条件"), ({"secret": "1"}, "涉密"), ({"share_type": "not_shared", "basis": ""}, "依据"),
        ({"code": "299001/1"}, "目录分类中没有"), ({"abstract": "本表为绝密★30年"}, "涉密"), ({"i0_name": "Bad Name"}, "fields"),
    ],
)  # fmt: skip
def test_a_form_that_may_not_stand_is_refused_with_its_reason(desk: Client, changes: dict[str, str], word: str) -> None:
    answer = desk.post("/desk/catalog/compile/new", filled(**changes))
    assert answer.status_code == 422
    assert word in answer.content.decode()


def test_two_stewards_at_once_do_not_overwrite_each_other(desk: Client) -> None:
    desk.post("/desk/catalog/compile/new", filled())
    first = filled(edition="1", name="低保金发放明细")
    assert desk.post("/desk/catalog/resources/low_income_paid/edit", first).status_code == 302
    second = desk.post("/desk/catalog/resources/low_income_paid/edit", filled(edition="1", name="低保资金信息"))
    assert second.status_code == 422
    assert "刚被他人修改" in second.content.decode()
    assert api.resource("low_income_paid").name == "低保金发放明细"
    page = desk.get("/desk/catalog/resources/low_income_paid/editions").content.decode()
    assert "名称：低保金发放信息 → 低保金发放明细" in page


def test_a_steward_cannot_compile_for_another_department(client: Client) -> None:
    sign_in(client, staff(list(Permission), organisation=PROVIDER))
    answer = client.post("/desk/catalog/compile/new", filled())
    assert answer.status_code in (403, 422)
    assert not api.resources_by_key(["low_income_paid"])


def test_search_page_highlights_and_narrows(desk: Client) -> None:
    publish("living_allowance", name="最低生活保障对象信息", code="203001/1", topics=("social",))
    page = desk.get("/desk/catalog/search", {"q": "低保"}).content.decode()
    assert "<mark>最低生活保障</mark>对象信息" in page
    assert "topic=social" in page
    assert desk.get("/desk/catalog/search", {"q": "<script>alert(1)</script>"}).status_code == 200


def test_names_cannot_become_markup(desk: Client) -> None:
    publish("evil", name="低保<script>x</script>", code="203001/1")
    assert "<script>x" not in desk.get("/desk/catalog/search", {"q": "低保"}).content.decode()


def test_a_file_is_tried_first_and_only_the_tried_one_is_taken(desk: Client) -> None:
    line = ["s_one", "203001/7", "救助核对信息", "", "", "摘要", "", "有条件共享", "救助核对", "", "", "", "每月"]
    whole = [*line, *[""] * (len(HEADINGS) - len(line))]
    whole[HEADINGS.index("信息项名称")] = "金额"
    whole[HEADINGS.index("提供方代码")] = (api.declared("marriage") and api.resource("marriage").provider) or ""
    refused = desk.post("/desk/catalog/files", {"file": sheet(whole), "act": "apply"})
    assert refused.status_code == 422
    tried = desk.post("/desk/catalog/files", {"file": sheet(whole), "act": "try"}).content.decode()
    assert "试导入结果" in tried


@pytest.mark.parametrize(
    "path",
    ["steward", "search", "departments", "stock", "compile", "compile/new", "files", "sources", "synonyms", "handover"],
)
def test_every_page_opens(desk: Client, path: str) -> None:
    publish("living_allowance", name="最低生活保障对象信息", code="203001/1")
    publish(
        "ocean",
        name="海洋观测数据",
        code="103001/1",
        holder="崂山实验室",
        quoted={"rows": 48, "source": "演示"},
        pack="o",
    )
    answer = desk.get(f"/desk/catalog/{path}")
    assert answer.status_code == 200
    assert desk.get(f"/desk/catalog/departments/{PROVIDER}").status_code == 200


def test_withdrawing_shows_who_stands_on_it_first(desk: Client) -> None:
    publish("living_allowance", name="最低生活保障对象信息", code="203001/1", pack="")
    assert (
        "确认撤销" in desk.get("/desk/catalog/resources/living_allowance/step", {"step": "withdraw"}).content.decode()
    )
    assert api.resource("living_allowance").state is Lifecycle.PUBLISHED


def test_the_same_search_for_machines(desk: Client) -> None:
    publish("living_allowance", name="最低生活保障对象信息", code="203001/1")
    found = desk.get("/api/v1/catalog/search", {"q": "dibao", "share": ["conditional", "unconditional"]}).json()
    assert "living_allowance" in {one["key"] for one in found["items"]}
    assert found["facets"]["share"][0]["count"] >= 1
    assert desk.get("/api/v1/catalog/search", {"order": "nonsense"}).status_code == 422


def test_asking_the_public_again_is_refused_at_the_desk_until_a_reason_is_stated(desk: Client) -> None:
    publish("held", fields=({"name": "x", "label": "独有的项目名"},))
    asked = "/desk/catalog/asking?label=独有的项目名&asker=bundle:test"
    page = desk.get(asked).content.decode()
    assert "不得再次采集" in page
    stated = {"label": "独有的项目名", "type": "text", "asker": "bundle:test", "reason": "短"}
    assert "须写明理由" in desk.post("/desk/catalog/asking", stated, follow=True).content.decode()
    stated["reason"] = "共享接口尚未开通，过渡期采集"
    assert stated["reason"] in desk.post("/desk/catalog/asking", stated, follow=True).content.decode()
    assert "已写明理由" in desk.get(asked).content.decode()
    assert "可以采集" in desk.get("/desk/catalog/asking?label=没有人有的项目&asker=x").content.decode()
