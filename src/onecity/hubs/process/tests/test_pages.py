"""The desk: list, opened item, verbs by plain forms, batch, print, calendar; and the JSON API's refusals."""

from typing import Any
from uuid import uuid4

import pytest
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpResponse
from django.test import Client, RequestFactory

from onecity.hubs.identity.testkit import make_actor
from onecity.hubs.process import api
from onecity.hubs.process.contracts import Candidate, ItemState, Limit, Permission, TodoFilter, TodoTab, Verb
from onecity.hubs.process.pages import acts, calendar, todo
from onecity.hubs.process.testkit import matter
from onecity.hubs.process.tests.conftest import Hands
from onecity.kernel.actor import Actor
from onecity.kernel.slots import SlotPiece, register_slot

pytestmark = pytest.mark.django_db

CHECK = "school.case.check"
HUB = Actor.system("service")
RARE = "𠅤㛃" * 20


def reviewer() -> Actor:
    return make_actor([CHECK, Permission.TODO_VIEW, Permission.CALENDAR_MANAGE], "", "3702", name="陈莉")


def request_of(actor: Actor, path: str = "/desk/", post: dict[str, Any] | None = None) -> Any:
    factory = RequestFactory()
    request: Any = factory.post(path, post) if post is not None else factory.get(path)
    request.actor = actor
    request.session = {}
    request._messages = FallbackStorage(request)
    return request


def words(response: HttpResponse) -> str:
    return response.content.decode()


def said(request: Any) -> list[str]:
    return [str(message) for message in request._messages]


def task(summary: str = "王*宁 · 义务教育入学", **more: Any) -> Any:
    return api.open_task(
        HUB, matter=matter(number="青学入〔2026〕0138"), candidate=Candidate(CHECK), limit=Limit(1), summary=summary,
        reason="户籍与房产地址不一致", rule="RX-2026-市南-03 第2版", node_name="区复核", **more,
    )  # fmt: skip


def test_the_list_shows_light_number_and_reason(hands: Hands) -> None:
    task()
    hands.set("2026-06-17 10:00")
    html = words(todo.todo(request_of(reviewer())))
    for word in ("超期", "2", "工作日", "青学入〔2026〕0138", "户籍与房产地址不一致", "区复核", "批量通过"):
        assert word in html
    assert "超期 1" in html


def test_an_empty_list_says_what_will_be_here() -> None:
    assert "这里没有等您办理的事项" in words(todo.todo(request_of(reviewer())))


def test_long_and_rare_names_are_shown_whole() -> None:
    task(RARE)
    assert RARE in words(todo.todo(request_of(reviewer())))


def test_the_opened_item_gives_reason_rule_history_and_verbs() -> None:
    item = task()
    html = words(todo.todo(request_of(reviewer(), f"/desk/?item={item.id}")))
    assert html.index("为什么需要您看") < html.index("办理过程")
    assert "RX-2026-市南-03 第2版" in html
    for verb in ("agree", "disagree", "suspend", "claim"):
        assert f'value="{verb}"' in html
    assert 'data-key="A"' in html


def test_an_item_of_others_is_not_opened() -> None:
    item = task()
    stranger = make_actor([Permission.TODO_VIEW])
    assert "为什么需要您看" not in words(todo.todo(request_of(stranger, f"/desk/?item={item.id}")))


def test_other_hubs_show_the_matter_in_the_panel() -> None:
    register_slot(
        "desk.item",
        lambda actor, context: (
            SlotPiece("ui/parts/light.html", {"light": {"kind": "green"}, "words": "学位 120"})
            if context["item"].matter.kind == "test.slot"
            else None
        ),
    )
    item = api.open_task(HUB, matter=matter("test.slot"), candidate=Candidate(CHECK))
    assert "学位 120" in words(todo.todo(request_of(reviewer(), f"/desk/?item={item.id}")))


def test_agreeing_by_form_completes_and_returns_to_the_filtered_list() -> None:
    item = task()
    back = "/desk/?definition=test.matter"
    request = request_of(reviewer(), post={"verb": "agree", "opinion": "属实", "version": item.version, "back": back})
    answer = acts.act(request, item.id)
    assert (answer.status_code, answer["Location"]) == (302, back)
    assert api.history(item.matter.id)[-1].opinion == "属实"
    assert said(request) == ["已办理：同意"]


def test_fields_of_pieces_become_variables() -> None:
    item = task()
    post = {"verb": "agree", "version": item.version, "variables.category": "1"}
    acts.act(request_of(reviewer(), post=post), item.id)
    from onecity.kernel.models import EventRow

    assert EventRow.objects.get(topic="process.work_item_completed.v1").payload["variables"] == {"category": "1"}


def test_a_refusal_is_said_and_the_item_stays_open() -> None:
    item = task()
    request = request_of(reviewer(), post={"verb": "disagree", "opinion": "", "version": item.version})
    assert f"item={item.id}" in acts.act(request, item.id)["Location"]
    assert said(request)[0].startswith("请填写意见")
    assert api.work_item(reviewer(), item.id).state is ItemState.OPEN


def test_a_double_click_completes_once() -> None:
    item, actor = task(), reviewer()
    post = {"verb": "agree", "version": item.version}
    for _ in range(2):
        request = request_of(actor, post=post)
        acts.act(request, item.id)
        assert said(request) == ["已办理：同意"]
    assert len([step for step in api.history(item.matter.id) if step.verb is Verb.AGREE]) == 1


def test_the_way_back_never_leaves_the_site() -> None:
    item = task()
    post = {"verb": "claim", "version": item.version, "back": "//evil.example/"}
    assert acts.act(request_of(reviewer(), post=post), item.id)["Location"] == "/desk/"


def test_suspending_by_form_shows_grey_with_the_reason() -> None:
    item, actor = task(), reviewer()
    acts.act(request_of(actor, post={"verb": "suspend", "opinion": "等待数据", "version": item.version}), item.id)
    html = words(todo.todo(request_of(actor)))
    assert "light-grey" in html
    assert "等待数据" in html


def test_a_batch_passes_what_it_can_and_says_what_not() -> None:
    good, gone, actor = task(), task(), reviewer()
    api.complete(actor, item_id=gone.id, verb=Verb.AGREE)
    request = request_of(actor, post={"selected": [str(good.id), str(gone.id), "nonsense"]})
    acts.batch(request)
    assert said(request) == ["已通过 1 件", "该待办已办结"]


def test_a_batch_of_nothing_says_so() -> None:
    request = request_of(reviewer(), post={})
    acts.batch(request)
    assert said(request) == ["请先勾选要批量通过的事项"]


def test_done_and_started_have_their_lists() -> None:
    item, actor = task(), reviewer()
    api.complete(actor, item_id=item.id, verb=Verb.AGREE)
    assert "办结" in words(todo.done(request_of(actor, "/desk/process/done")))
    assert api.todo(actor, TodoFilter(tab=TodoTab.STARTED)).total == 0
    assert words(todo.started(request_of(actor, "/desk/process/started")))


def test_the_list_prints() -> None:
    task()
    html = words(todo.print_list(request_of(reviewer(), "/desk/process/print?tab=todo")))
    assert "sheet-landscape" in html
    assert "青学入〔2026〕0138" in html


@pytest.mark.parametrize(
    "query", ["?page=x&size=0", "?light=blue&sort=no", "?received_from=2026-13-01", "?item=nope", "?q=%00"]
)
def test_odd_queries_are_ignored(query: str) -> None:
    task()
    assert todo.todo(request_of(reviewer(), f"/desk/{query}")).status_code == 200


def test_the_calendar_page_lists_years_with_their_source() -> None:
    html = words(calendar.calendar(request_of(reviewer(), "/desk/process/calendar")))
    assert "国办发明电〔2025〕7号" in html
    assert "2026年2月14日" in html


def test_the_api_asks_for_a_login(client: Client) -> None:
    for answer in (client.get("/api/v1/process/todo"), client.get(f"/api/v1/process/items/{uuid4()}")):
        assert answer.status_code == 401
        assert answer.json()["code"] == "city.unauthenticated"
