"""Exports of the desk's lists: a real workbook with the visitor's watermark, a trace in the audit, nothing without permission."""

from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from onecity.hubs.exchange.contracts import Permission as Exchange
from onecity.hubs.identity.testkit import sign_in, staff
from onecity.hubs.process import api as process
from onecity.hubs.process.contracts import Candidate, Limit
from onecity.hubs.process.contracts import Permission as Process
from onecity.hubs.process.testkit import matter
from onecity.hubs.service.contracts import Permission as Service
from onecity.hubs.support import api as support
from onecity.hubs.support.contracts import Permission as Support
from onecity.kernel.actor import Actor
from onecity.kernel.models import AuditRow

pytestmark = pytest.mark.django_db

CHECK = "school.case.check"
CLERK = [CHECK, Process.TODO_VIEW, Service.VIEW, Exchange.READ_GRANTS]


def _task(summary: str, number: str) -> None:
    process.open_task(
        Actor.system("service"), matter=matter(number=number), candidate=Candidate(CHECK), limit=Limit(3),
        summary=summary, reason="户籍与房产地址不一致", node_name="区复核",
    )  # fmt: skip


def _sheet(content: bytes) -> list[tuple[object, ...]]:
    sheet = load_workbook(BytesIO(content)).active
    assert sheet is not None
    return [tuple(row) for row in sheet.iter_rows(values_only=True)]


def _traces() -> int:
    return AuditRow.objects.filter(act="support.export_table").count()


def test_the_todo_list_leaves_as_a_workbook_with_its_lights_and_a_trace(client: Client) -> None:
    sign_in(client, staff([*CLERK, Support.TABLE_EXPORT]))
    _task("王*宁 · 义务教育入学", "青学入〔2026〕0138")
    assert "/desk/exports/todo?" in client.get("/desk/").content.decode()
    before = _traces()
    answer = client.post("/desk/exports/todo?tab=todo")
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    words = [str(cell) for row in _sheet(answer.content) for cell in row if cell is not None]
    assert "青学入〔2026〕0138" in words
    assert any(word.startswith("绿 剩") and word.endswith("工作日") for word in words)
    assert _traces() == before + 1


def test_the_filter_of_the_list_is_the_filter_of_the_file(client: Client) -> None:
    sign_in(client, staff([*CLERK, Support.TABLE_EXPORT]))
    _task("王*宁 · 义务教育入学", "青学入〔2026〕0138")
    _task("李*涵 · 义务教育入学", "青学入〔2026〕0139")
    text = str(_sheet(client.post("/desk/exports/todo?tab=todo&text=0139").content))
    assert "0139" in text
    assert "0138" not in text


def test_who_may_not_export_sees_no_button_and_is_refused(client: Client) -> None:
    sign_in(client, staff(CLERK))
    assert "/desk/exports/todo" not in client.get("/desk/").content.decode()
    assert client.post("/desk/exports/todo").status_code == 403
    assert client.post("/desk/service/applications/export").status_code == 403
    assert client.post("/desk/exchange/grants/export").status_code == 403


def test_a_large_export_asks_why_and_keeps_the_reason(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in(client, staff([*CLERK, Support.TABLE_EXPORT]))
    _task("王*宁 · 义务教育入学", "青学入〔2026〕0138")
    monkeypatch.setattr(support, "REASON_FROM_ROWS", 0)
    asked = client.post("/desk/exports/todo")
    assert "导出需要说明理由" in asked.content.decode()
    assert client.post("/desk/exports/todo", {"reason": "看"}).status_code == 422
    assert client.post("/desk/exports/todo", {"reason": "区督查核对名单"})["Content-Disposition"].startswith(
        "attachment"
    )
    assert AuditRow.objects.filter(act="support.export_table").latest("at").data["reason"] == "区督查核对名单"


@pytest.mark.parametrize("path", ["/desk/service/applications/export", "/desk/exchange/grants/export"])
def test_applications_and_grants_leave_with_a_trace_too(client: Client, path: str) -> None:
    sign_in(client, staff([*CLERK, Support.TABLE_EXPORT]))
    before = _traces()
    assert _sheet(client.post(path).content)
    assert _traces() == before + 1
    assert client.get(path).status_code == 405


def test_a_list_of_persons_carries_the_visitors_watermark(client: Client) -> None:
    sign_in(client, staff(CLERK, name="陈莉"))
    _task("王*宁 · 义务教育入学", "青学入〔2026〕0138")
    html = client.get("/desk/").content.decode()
    assert 'class="watermark"' in html
    assert "陈莉" in html[html.index('class="watermark"') :]
