"""Statements and sheets of entries: what is read, what is proposed, what hostile files get."""

import io
import zipfile
from typing import Any

import pytest
from openpyxl import Workbook

from onecity.hubs.catalog import api
from onecity.hubs.catalog.contracts import Change, FieldType, ImportOutcome
from onecity.hubs.catalog.errors import ReasonMissing, SheetRefused
from onecity.hubs.catalog.ports import Consumer, register_consumers
from onecity.hubs.catalog.rules.ddl import proposals
from onecity.hubs.catalog.rules.difference import changes, touched_items
from onecity.hubs.catalog.rules.sheet import HEADINGS, heading_faults
from onecity.hubs.catalog.testkit import declared_resource, publish
from onecity.kernel.actor import Actor

SYSTEM = Actor.system("catalog")
MYSQL = """CREATE TABLE `t` (`sfzh` varchar(18) NOT NULL COMMENT '身份证号码', `sjhm` varchar(11) COMMENT '手机号码',
 `je` decimal(10,2) COMMENT '发放金额', `rq` date COMMENT '发放日期', `zd` varchar(60) COMMENT '诊断结果') COMMENT='救助发放';"""
POSTGRES = """CREATE TABLE public.firm (id serial primary key, uscc varchar(18) not null, opened timestamptz);
COMMENT ON TABLE public.firm IS '企业登记'; COMMENT ON COLUMN public.firm.uscc IS '统一社会信用代码';"""
ORACLE = """CREATE TABLE "HR"."T_PERSON" ("ID" NUMBER(10) NOT NULL, "XM" VARCHAR2(50 CHAR), "BIRTH" DATE) TABLESPACE USERS PCTFREE 10;
COMMENT ON COLUMN HR.T_PERSON.XM IS '姓名';"""
DAMENG = """CREATE TABLE "DMHR"."T_X" ("ID" INT IDENTITY(1,1) NOT NULL, "DWMC" VARCHAR(50), NOT CLUSTER PRIMARY KEY("ID"))
STORAGE(ON "MAIN", CLUSTERBTR); COMMENT ON COLUMN "DMHR"."T_X"."DWMC" IS '单位名称';"""


@pytest.mark.parametrize(
    ("text", "dialect", "name", "items"),
    [
        (MYSQL, "mysql", "救助发放", [
            ("身份证号码", FieldType.CITIZEN_NUMBER), ("手机号码", FieldType.TEXT), ("发放金额", FieldType.MONEY),
            ("发放日期", FieldType.DATE), ("诊断结果", FieldType.TEXT),
        ]),
        (POSTGRES, "postgres", "企业登记", [
            ("id", FieldType.INTEGER), ("统一社会信用代码", FieldType.CREDIT_CODE), ("opened", FieldType.DATETIME),
        ]),
        (ORACLE, "oracle", "T_PERSON", [("ID", FieldType.INTEGER), ("姓名", FieldType.TEXT), ("BIRTH", FieldType.DATE)]),
        (DAMENG, "dm", "T_X", [("ID", FieldType.INTEGER), ("单位名称", FieldType.TEXT)]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("told", [True, False])
def test_four_dialects(text: str, dialect: str, name: str, items: list[tuple[str, FieldType]], told: bool) -> None:
    (found,) = proposals(text, dialect if told else "")
    assert found.name == name
    assert [(field.label, field.type) for field in found.fields] == items


def test_numbers_of_persons_are_guessed_and_marked() -> None:
    fields = {field.name: field for field in proposals(MYSQL)[0].fields}
    assert fields["sfzh"].personal
    assert fields["sjhm"].masked == "中间四位"
    assert fields["zd"].sensitive
    assert not fields["je"].personal


def test_several_tables_are_several_proposals() -> None:
    both = proposals(MYSQL + " CREATE TABLE second (a int);", "mysql")
    assert [one.key for one in both] == ["t", "second"]


@pytest.mark.parametrize(
    "text", ["", "hello", "DROP TABLE x;", "CREATE TABLE (", "SELECT 1", "CREATE TABLE t AS SELECT 1", "(" * 5000]
)
def test_what_is_no_table_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"CREATE TABLE|无法解析"):
        proposals(text)


@pytest.mark.parametrize(
    ("headings", "word"),
    [
        ([*HEADINGS, "信息资源名称"], "两次"), ([one for one in HEADINGS if one != "共享类型"], "缺少"), ([*HEADINGS, "备注二"], "不认识"),
    ],
)  # fmt: skip
def test_a_wrong_heading_refuses_the_sheet(headings: list[str], word: str) -> None:
    assert any(word in fault for fault in heading_faults(headings))


def workbook(*lines: list[Any], headings: tuple[str, ...] = HEADINGS) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for line in (list(headings), *lines):
        book.active.append(line)  # type: ignore[union-attr]
    book.save(out)
    return out.getvalue()


def line(**changes: str) -> list[str]:
    given = {
        "资源标识": "aid_check", "信息资源代码": "203001/7", "信息资源名称": "救助核对信息", "信息资源摘要": "摘要",
        "共享类型": "有条件共享",
        "共享条件或依据": "救助核对", "更新周期": "每月", "信息项名称": "金额", "数据类型": "货币型Y", "提供方代码": "11370299MB0000019N",
    }  # fmt: skip
    return [(given | changes).get(heading, "") for heading in HEADINGS]


@pytest.mark.django_db
class TestSheets:
    """Against the database."""

    def test_what_is_exported_comes_back_unchanged(self) -> None:
        publish("aid", pack="")
        exported = api.export_entries(SYSTEM, form="json")
        report = api.import_entries(SYSTEM, content=exported, form="json")
        assert {one.outcome for one in report.lines if one.key == "aid"} == {ImportOutcome.SAME}

    def test_a_dry_run_writes_nothing_and_says_the_same(self) -> None:
        content = api.export_entries(SYSTEM, form="json").replace(
            b'"resources": [', b'"resources": [' + _entry("brand_new") + b","
        )
        tried = api.import_entries(SYSTEM, content=content, form="json")
        assert not api.resources_by_key(["brand_new"])
        done = api.import_entries(SYSTEM, content=content, form="json", apply=True)
        assert [one.outcome for one in tried.lines] == [one.outcome for one in done.lines]
        assert api.resource("brand_new").state == "draft"

    def test_bad_lines_are_named_and_good_entries_taken(self) -> None:
        bad = line(资源标识="bad_one", 共享类型="随便", 更新周期="常常", 数据长度="十")
        report = api.import_entries(SYSTEM, content=workbook(line(), bad), form="xlsx")
        faults = "".join(fault for one in report.lines for fault in one.faults)
        assert "第 3 行“共享类型”" in faults
        assert "第 3 行“更新周期”" in faults
        assert "第 3 行“数据长度”" in faults

    def test_secret_data_are_refused_line_by_line(self) -> None:
        content = b'{"schema": 1, "resources": [' + _entry("hidden", secret=True) + b"]}"
        (only,) = api.import_entries(SYSTEM, content=content, form="json").lines
        assert only.outcome is ImportOutcome.REFUSED
        assert "涉密" in only.faults[0]

    @pytest.mark.parametrize(
        ("content", "word"),
        [
            (workbook(line(信息资源名称="=1+1")), "公式"), (workbook(line(), headings=(*HEADINGS[1:], "x")), "不认识"),
            (workbook(line(), headings=(*HEADINGS, "信息资源名称")), "两次"), (b"PK\x03\x04nothing", "XLSX"), (b"", "XLSX"),
            (workbook(), "没有目录条目"),
        ],
    )  # fmt: skip
    def test_hostile_workbooks(self, content: bytes, word: str) -> None:
        with pytest.raises(SheetRefused, match=word):
            api.import_entries(SYSTEM, content=content, form="xlsx")

    def test_a_bomb_is_not_unpacked(self) -> None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("xl/worksheets/sheet1.xml", b"0" * (30 << 20))
        with pytest.raises(SheetRefused, match="庞大"):
            api.import_entries(SYSTEM, content=out.getvalue(), form="xlsx")

    @pytest.mark.parametrize(
        "content", [b"[]", b"{", b'{"resources": 5}', b"\xff\xfe", b"[" * 100_000, b'{"resources": ["x"]}']
    )
    def test_hostile_json(self, content: bytes) -> None:
        with pytest.raises(SheetRefused):
            api.import_entries(SYSTEM, content=content, form="json")

    def test_the_bureau_names_one_source_and_the_other_copy_loses_the_word(self) -> None:
        fields = ({"name": "x", "label": "独有的项目名"},)
        publish("first", pack="a", fields=fields)
        publish("second", pack="b", fields=fields)
        (found,) = api.second_sources("独有的项目名")
        assert [source[0] for source in found.sources] == ["first", "second"]
        with pytest.raises(ReasonMissing):
            api.name_source(SYSTEM, item=found.item, resource="second", reason="")
        api.name_source(SYSTEM, item=found.item, resource="second", reason="业务源头在该部门")
        assert not api.resource("first").fields[0].authoritative
        assert api.resource("second").fields[0].authoritative
        publish("third", pack="c", fields=fields)
        assert not api.resource("third").fields[0].authoritative

    def test_asking_the_public_again_needs_a_stated_reason(self) -> None:
        publish("held", fields=({"name": "x", "label": "独有的项目名"},))
        assert not api.may_ask_again("独有的项目名", asker="bundle:school").allowed
        assert api.may_ask_again("没有人有的项目", asker="bundle:school").allowed
        api.state_reason(SYSTEM, label="独有的项目名", asker="bundle:school", reason="共享接口尚未开通，过渡期采集")
        again = api.may_ask_again("独有的项目名", asker="bundle:school")
        assert again.allowed
        assert again.reason == "共享接口尚未开通，过渡期采集"
        assert not api.may_ask_again("独有的项目名", asker="another").allowed

    def test_impact_names_consumers_and_the_items_they_lose(self) -> None:
        publish("used", pack="")
        register_consumers("test", _Standing())
        try:
            fewer = declared_resource(
                "used", fields=({"name": "number", "label": "身份证号码", "type": "citizen_number"},)
            )
            impact = api.impact_of("used", fewer)
            assert impact.consumers == 1
            assert impact.items == ("姓名",)
        finally:
            register_consumers("test", _Nobody())


def _entry(key: str, **changes: Any) -> bytes:
    return declared_resource(key, **changes).model_dump_json().encode()


class _Standing:
    def consumers_of(self, resource: str) -> list[Consumer]:
        return [Consumer("共享接口", "x", "市教育局", "核验", ("number", "name"))] if resource == "used" else []

    def uses_of_all(self, days: int) -> dict[str, int]:
        return {}


class _Nobody(_Standing):
    def consumers_of(self, resource: str) -> list[Consumer]:
        return []


def test_difference_in_words() -> None:
    before = {
        "name": "甲",
        "fields": [{"name": "a", "label": "姓名", "type": "text"}, {"name": "b", "label": "年龄", "type": "text"}],
    }
    after = {
        "name": "乙",
        "fields": [{"name": "a", "label": "姓名", "type": "date"}, {"name": "c", "label": "住址", "type": "text"}],
    }
    assert changes(before, after) == (
        Change("名称", "甲", "乙"), Change("信息项", "年龄", "", "b"), Change("姓名·类型", "C", "D", "a"),
        Change("信息项", "", "住址", "c"),
    )  # fmt: skip
    assert touched_items(before, after) == ("a", "b")
    assert touched_items(before, None) == ("a", "b")
