"""What a citizen sends over the portal and what the desk makes of it: feedback, take-down requests, applications, uses."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from onecity.hubs.identity.testkit import resident, sign_in, staff
from onecity.hubs.opendata import api, testkit
from onecity.hubs.opendata.contracts import DatasetFilter, Permission, UseState
from onecity.hubs.opendata.models import Application, Feedback, Use

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/open/datasets/parking"


def _citizen() -> Client:
    client = Client()
    sign_in(client, resident(account_id=uuid4()))
    return client


def _desk(*permissions: Permission) -> Client:
    client = Client()
    sign_in(client, staff([str(one) for one in permissions], organisation=testkit.PROVIDER))
    return client


def test_feedback_is_answered_by_the_department_in_public() -> None:
    testkit.opened()
    citizen, desk = _citizen(), _desk(Permission.READ, Permission.ANSWER)
    citizen.post(f"{PAGE}/feedback", {"kind": "error", "text": "第3停车场的车位数不对"})
    said = Feedback.objects.get()
    assert said.due_at is not None
    assert "第3停车场的车位数不对" in desk.get("/desk/opendata/public").content.decode()
    desk.post(f"/desk/opendata/feedback/{said.id}", {"answer": "已核对并更正，明日更新"})
    page = Client().get(PAGE).content.decode()
    assert "已核对并更正，明日更新" in page
    assert "王小明" not in page


def test_a_request_to_take_down_is_due_within_the_hour_and_not_shown() -> None:
    testkit.opened()
    citizen, desk = _citizen(), _desk(Permission.READ, Permission.ANSWER, Permission.TAKE_DOWN)
    answer = citizen.post(f"{PAGE}/feedback", {"kind": "take_down", "text": "含有我家的门牌和电话"}, follow=True)
    assert "不公开" in answer.content.decode()
    asked = Feedback.objects.get()
    assert asked.due_at is not None
    assert asked.due_at - asked.raised_at <= timedelta(hours=1, seconds=5)  # from the moment the task is opened
    assert "门牌" not in Client().get(PAGE).content.decode()
    desk.post("/desk/opendata/datasets/parking", {"act": "take_down", "reason": "含个人信息，先行下架"})
    assert Client().get(PAGE).status_code == 410
    assert api.search(DatasetFilter(text="停车")).total == 0
    assert desk.get(f"/desk/opendata/feedback/{asked.id}").status_code == 200


def test_an_application_is_answered_signed_and_opens_the_files() -> None:
    testkit.opened(conditional=True)
    citizen, desk = _citizen(), _desk(Permission.READ, Permission.ANSWER)
    told = citizen.post(f"{PAGE}/apply", {"purpose": "短", "safety": "短"}, follow=True).content.decode()
    assert "至少写10个字" in told
    form = {"purpose": "研究停车需求与公共交通的关系", "safety": "只在本单位内网使用，用后删除"}
    citizen.post(f"{PAGE}/apply", form)
    asked = Application.objects.get()
    assert f"{PAGE}/data.csv" not in citizen.get(PAGE).content.decode()
    desk.post(f"/desk/opendata/applications/{asked.id}", {"outcome": "agree", "opinion": "同意"})
    citizen.post("/open/applications", {"application": str(asked.id)})
    assert f"{PAGE}/data.csv" in citizen.get(PAGE).content.decode()
    assert citizen.get(f"{PAGE}/data.csv").status_code == 200
    assert _citizen().get(f"{PAGE}/data.csv").status_code == 403


def test_a_use_stands_in_the_gallery_after_review_and_not_before() -> None:
    testkit.opened()
    citizen, desk = _citizen(), _desk(Permission.READ, Permission.PUBLISH_USE)
    given = {
        "title": "停车一图通",
        "link": "https://example.org/p",
        "text": "按区市看空位，帮市民少绕路",
        "datasets": "parking",
    }
    bad = citizen.post("/open/uses", {**given, "link": "javascript:alert(1)"})
    assert "停车一图通" in bad.content.decode()
    citizen.post("/open/uses", given)
    use = Use.objects.get()
    assert "停车一图通" not in Client().get("/open/uses").content.decode()
    desk.post("/desk/opendata/uses", {"use": str(use.id), "outcome": "refuse", "opinion": ""})
    assert Use.objects.get().state == UseState.SUBMITTED
    desk.post("/desk/opendata/uses", {"use": str(use.id), "outcome": "agree", "opinion": ""})
    assert "停车一图通" in Client().get("/open/uses").content.decode()
    assert "停车一图通" in Client().get(PAGE).content.decode()
