"""Exports and dictionaries."""

import io
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook

from onecity.hubs.identity import api as identity
from onecity.hubs.identity.testkit import EDUCATION, citizen_number, make_actor, staff
from onecity.hubs.support import api, testkit
from onecity.hubs.support.errors import DictionaryUnknown, ReasonNeeded
from onecity.hubs.support.models import DictionaryEntry, ExportTrace
from onecity.kernel.actor import Actor
from onecity.kernel.errors import Invalid, NotPermitted
from onecity.kernel.models import AuditRow, EventRow

CLERK = staff(["support.table.export", "support.dictionary.edit"], name="陈莉")

pytestmark = pytest.mark.django_db


def _export(count: int = 2, **extra: str) -> api.ExportedFile:
    rows = [(f"王*{n}", n, date(2026, 6, 1)) for n in range(count)]
    return api.export_table(CLERK, title="录取名单", columns=["姓名", "序号", "日期"], rows=rows, **extra)


def test_an_export_carries_rows_and_a_watermark_in_header_and_footer() -> None:
    file = _export()
    sheet = load_workbook(io.BytesIO(file.content)).active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]] == ["姓名", "序号", "日期"]
    assert sheet["A3"].value == "王*1"
    for band in (sheet.oddHeader, sheet.oddFooter):
        assert band is not None
        assert "陈莉" in str(band.center.text)
    assert file.name == "录取名单.xlsx"


def test_an_export_leaves_a_trace() -> None:
    file = _export(reason="开学前核对")
    trace = ExportTrace.objects.get(id=file.id)
    assert (trace.rows, trace.reason, trace.exported_by["name"]) == (2, "开学前核对", "陈莉")
    assert AuditRow.objects.filter(act="support.export_table").exists()
    assert EventRow.objects.filter(topic="support.table_exported.v1").exists()


def test_a_large_export_asks_the_reason() -> None:
    with pytest.raises(ReasonNeeded):
        _export(1001)
    assert not ExportTrace.objects.exists()
    assert _export(1001, reason="开学前名单核对").rows == 1001
    assert _export(1000).rows == 1000


def test_a_cell_is_never_a_formula() -> None:
    file = api.export_table(CLERK, title="x", columns=["a"], rows=[['=HYPERLINK("http://x")'], ["+1"], ["@x"]])
    sheet = load_workbook(io.BytesIO(file.content)).active
    assert sheet is not None
    assert [sheet.cell(n, 1).data_type for n in (2, 3, 4)] == ["s", "s", "s"]


def test_exporting_needs_the_right() -> None:
    with pytest.raises(NotPermitted):
        api.export_table(make_actor(), title="x", columns=["a"], rows=[])


DECLARED = {
    "dictionaries": [
        {
            "key": "enrolment.category",
            "title": {"zh": "类别"},
            "entries": [
                {"code": "B", "zh": "仅房产", "valid_from": "2026-01-01", "source": "青教规〔2026〕1号"},
                {"code": "A", "zh": "房户一致", "en": "Home and household", "valid_from": "2020-01-01"},
                {"code": "Z", "zh": "旧类", "valid_from": "2020-01-01", "valid_to": "2025-12-31"},
            ],
        }
    ]
}


def test_a_dictionary_answers_for_a_day_in_official_order() -> None:
    testkit.declare(DECLARED)
    assert [entry.code for entry in api.dictionary("enrolment.category", date(2026, 6, 1))] == ["B", "A"]
    assert [entry.code for entry in api.dictionary("enrolment.category", date(2025, 6, 1))] == ["A", "Z"]


def test_an_unknown_dictionary_is_an_error_not_an_empty_list() -> None:
    with pytest.raises(DictionaryUnknown):
        api.dictionary("nope")


def test_declaring_twice_changes_nothing() -> None:
    testkit.declare(DECLARED)
    testkit.declare(DECLARED)
    assert DictionaryEntry.objects.filter(dictionary="enrolment.category").count() == 3


def _sheet(*rows: tuple[str, ...]) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in [("代码", "名称", "英文名称", "起用日期", "停用日期", "依据"), *rows]:
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_an_import_takes_good_rows_and_names_the_bad_ones() -> None:
    content = _sheet(
        ("01", "小学", "", "2026-09-01", "", "x"), ("", "无码", "", "", "", ""), ("01", "又来", "", "", "", ""),
        ("02", "初中", "", "明年", "", ""),
    )  # fmt: skip
    report = api.import_dictionary(CLERK, key="stage", content=content)
    assert report.taken == 1
    assert report.refused == ((3, "代码为空或超过60个字符"), (4, "代码在表中重复"), (5, "起用日期应写成 2026-09-01"))


def test_a_renamed_code_gets_a_new_period_and_keeps_its_history() -> None:
    api.import_dictionary(CLERK, key="stage", content=_sheet(("01", "小学", "", "2020-09-01", "", "")))
    api.import_dictionary(CLERK, key="stage", content=_sheet(("01", "小学段", "", "2026-09-01", "", "")))
    assert [entry.label for entry in api.dictionary("stage", date(2026, 8, 31))] == ["小学"]
    assert [entry.label for entry in api.dictionary("stage", date(2026, 9, 1))] == ["小学段"]


def test_what_is_no_sheet_is_refused() -> None:
    with pytest.raises(Invalid):
        api.import_dictionary(CLERK, key="stage", content=b"%PDF-1.7")
    with pytest.raises(NotPermitted):
        api.import_dictionary(make_actor(), key="stage", content=_sheet())


def test_the_watermark_carries_the_last_four_of_the_staff_number() -> None:
    hub = Actor.system("support")
    identity.load_organisations(
        hub, rows=[{"code": EDUCATION, "name": "测试局", "level": "city", "kind": "bureau", "area": "3702"}]
    )
    number = citizen_number(731)
    staff_view = identity.create_staff(
        hub,
        login="chenli",
        name="陈莉",
        number=number,
        password="Long-Enough-2026",
        posts=[(EDUCATION, "复核岗", (), "")],
    )
    assert f"陈莉 {number[-4:]} " in api.mark_of(identity.actor_for(staff_view.id))
