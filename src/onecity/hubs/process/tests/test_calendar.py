"""A year's notice: pasted or as XLSX, judged row by row, its effect on running limits told before it is stored."""

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from onecity.hubs.identity.testkit import make_actor
from onecity.hubs.process import api
from onecity.hubs.process.contracts import Candidate, CellFault, LightKind, Limit, TimeUnit
from onecity.hubs.process.models import CalendarYear
from onecity.hubs.process.pages import calendar, pieces
from onecity.hubs.process.rules.notices import COLUMNS, parse_table, read_sheet, table_of
from onecity.hubs.process.testkit import matter
from onecity.hubs.process.tests.conftest import Hands
from onecity.hubs.process.tests.test_pages import CHECK, HUB, request_of, reviewer, words
from onecity.kernel.errors import NotPermitted

PATH = "/desk/process/calendar"
SOURCE = "国办发明电〔2026〕X号（测试）"
TABLE = "2027-01-01/2027-01-03,放假,元旦\n2027-01-09，上班，调休"
ROWS: list[list[Any]] = [["2027-01-01", date(2027, 1, 3), "放假", "元旦"], ["2027年1月9日", "", "上班", "调休"]]


def post(**more: Any) -> dict[str, Any]:
    return {"year": "2027", "source": SOURCE, **more}


def send(given: dict[str, Any]) -> Any:
    return calendar.calendar(request_of(reviewer(), PATH, given))


def sheet(rows: Sequence[Sequence[Any]], columns: tuple[str, ...] = COLUMNS) -> SimpleUploadedFile:
    book = Workbook()
    page = book.worksheets[0]
    for line in (columns, *rows):
        page.append(list(line))
    stream = io.BytesIO()
    book.save(stream)
    return SimpleUploadedFile("2027.xlsx", stream.getvalue())


def open_item(unit: TimeUnit = TimeUnit.WORK_DAY, amount: int = 1) -> Any:
    return api.open_task(HUB, matter=matter(), candidate=Candidate(CHECK), limit=Limit(amount, unit))


def test_a_sheet_reads_dates_as_people_write_them_and_comes_back_as_lines() -> None:
    grid = [list(COLUMNS), ["2027-01-01", "2027/1/3", "放假", "元旦"], ["2027年1月9日", "", "上班", "调休"]]
    notice, faults = read_sheet(2027, SOURCE, grid)
    assert faults == ()
    assert [(day.day.isoformat(), day.works) for day in notice.days] == [
        ("2027-01-01", False), ("2027-01-02", False), ("2027-01-03", False), ("2027-01-09", True),
    ]  # fmt: skip
    assert parse_table(2027, SOURCE, table_of(notice)).days == notice.days


@pytest.mark.parametrize(
    ("row", "column", "value"),
    [
        (["2027-02-30", "", "放假", ""], "开始日期", "2027-02-30"),
        (["2026-12-31", "2027-01-02", "放假", ""], "开始日期", "2026-12-31"),
        (["2027-01-05", "2027-01-01", "放假", ""], "结束日期", "2027-01-01"),
        (["2027-01-01", "2027-03-01", "放假", ""], "结束日期", "2027-03-01"),
        (["2027-01-01", "", "休息", ""], "安排", "休息"),
        (["=1+1", "", "放假", ""], "开始日期", "=1+1"),
        (["", "", "放假", ""], "开始日期", ""),
        (["2027-01-01", "x", "放假", ""], "结束日期", "x"),
        (["2027-01-01", "", "放假", "长" * 61], "名称", "长" * 61),
    ],
)
def test_a_wrong_row_is_named(row: list[str], column: str, value: str) -> None:
    _notice, faults = read_sheet(2027, SOURCE, [list(COLUMNS), row])
    assert [(fault.row, fault.column, fault.value) for fault in faults] == [(2, column, value)]
    assert faults[0].remedy


def test_a_day_written_twice_a_missing_column_and_an_empty_sheet() -> None:
    twice = [list(COLUMNS), ["2027-01-01", "", "放假", ""], ["2027-01-01", "", "上班", ""]]
    assert [fault.row for fault in read_sheet(2027, SOURCE, twice)[1]] == [3]
    assert read_sheet(2027, SOURCE, [["日期", "安排"]])[1] == (
        CellFault(1, "开始日期", "", "缺少此列", "请按模板补上列标题，列名不要改动"),
    )
    for empty in ([], [list(COLUMNS)]):
        assert len(read_sheet(2027, SOURCE, empty)[1]) > 0


@pytest.mark.django_db
def test_a_waiting_limit_is_told_its_end_before_and_gets_it_after_the_import(hands: Hands) -> None:
    hands.set("2026-12-31 10:00")
    item = open_item()
    assert (item.due_at, item.light.kind) == (None, LightKind.GREY)
    seen = send(post(workbook=sheet(ROWS)))
    assert seen.status_code == 200
    assert "1 件由“待定”变为有到期日" in words(seen)
    assert not CalendarYear.objects.filter(year=2027).exists()
    assert send(post(table=TABLE, confirm="1")).status_code == 302
    again = api.work_item(reviewer(), item.id)
    assert again.due_at is not None
    assert again.due_at.isoformat() == "2027-01-04T10:00:00+00:00"
    assert again.light.kind is LightKind.YELLOW


@pytest.mark.django_db
def test_an_adjusted_year_moves_running_limits_and_leaves_others(hands: Hands) -> None:
    hands.set("2026-06-12 09:00")
    short, hours, natural, far = (
        open_item(), open_item(TimeUnit.WORK_HOUR, 12), open_item(TimeUnit.NATURAL_DAY, 5), open_item(amount=60),
    )  # fmt: skip
    extra = "\n".join(
        f"{day.day},{'上班' if day.works else '放假'},{day.label}" for day in api.calendar_years()[0].days
    )
    given = {"year": "2026", "source": "更正通知", "table": extra + "\n2026-06-15,放假,演练"}
    page = words(send(given))
    assert "3 件到期日推后" in page
    assert send({**given, "confirm": "1"}).status_code == 302
    ends = [api.work_item(reviewer(), item.id).due_at for item in (short, hours, natural, far)]
    assert [end.isoformat()[:10] for end in ends if end] == ["2026-06-16", "2026-06-16", "2026-06-17", "2026-09-08"]
    assert send({**given, "table": extra, "confirm": "1"}).status_code == 302
    back = [api.work_item(reviewer(), item.id).due_at for item in (short, hours, natural, far)]
    assert back == [item.due_at for item in (short, hours, natural, far)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"table": "2027-01-01,休息"}, "应写作"),
        ({"table": "2026-01-01,放假"}, "不在 2027 年"),
        ({"table": "2027-01-01,放假\n2027-01-01,上班"}, "第 2 行"),
        ({"table": "x,放假"}, "日期 x"),
        ({}, "请上传文件"),
        ({"workbook": SimpleUploadedFile("a.xlsx", b"no workbook")}, "XLSX"),
        ({"table": TABLE, "source": ""}, "依据"),
    ],
)
def test_a_bad_notice_is_refused_with_its_reason_and_nothing_is_stored(given: dict[str, Any], why: str) -> None:
    answer = send(post(confirm="1") | given)
    assert answer.status_code == 422
    assert why in words(answer)
    assert not CalendarYear.objects.filter(year=2027).exists()


@pytest.mark.django_db
def test_wrong_rows_of_a_workbook_are_listed_and_confirming_stores_nothing() -> None:
    answer = send(post(workbook=sheet([*ROWS, ["2027-13-01", "", "放假", ""]]), confirm="1"))
    assert answer.status_code == 422
    assert "2027-13-01" in words(answer)
    assert "没有导入" in words(answer)
    assert not CalendarYear.objects.filter(year=2027).exists()


@pytest.mark.django_db
def test_from_december_on_a_missing_next_year_is_warned_of(hands: Hands) -> None:
    for moment, year in (("2026-11-30 09:00", 0), ("2026-12-01 09:00", 2027), ("2027-03-01 09:00", 2027)):
        hands.set(moment)
        assert api.calendar_gap() == year
        piece = pieces.calendar_warning(reviewer(), {})
        assert (piece.context["year"] if piece else 0) == year
        assert pieces.calendar_badge(reviewer()) == (1 if year else 0)
    api.import_calendar(reviewer(), year=2027, source=SOURCE, table=TABLE)
    assert api.calendar_gap() == 0


@pytest.mark.django_db
def test_only_whoever_keeps_the_calendar_may() -> None:
    stranger = make_actor([CHECK], "", "3702")
    for verb in (api.import_calendar, api.foresee_calendar):
        with pytest.raises(NotPermitted):
            verb(stranger, year=2027, source=SOURCE, table=TABLE)
    with pytest.raises(NotPermitted):
        api.check_notice(stranger, year=2027, content=b"")
    assert pieces.calendar_warning(stranger, {}) is None
