"""今日 as each post meets it: its own figures and cards, nothing of other posts, and help when there is nothing yet."""

import pytest
from django.test import Client

from onecity.hubs.catalog.contracts import Permission as Catalog
from onecity.hubs.exchange.contracts import Permission as Exchange
from onecity.hubs.identity.contracts import Permission as Identity
from onecity.hubs.identity.testkit import sign_in, staff
from onecity.hubs.process import api as process
from onecity.hubs.process.contracts import Candidate, Limit, TimeUnit
from onecity.hubs.process.contracts import Permission as Process
from onecity.hubs.process.testkit import make_late, matter
from onecity.hubs.service.contracts import Permission as Service
from onecity.kernel.actor import Actor

pytestmark = pytest.mark.django_db

CHECK = "school.case.check"


def _home(client: Client, *permissions: str) -> str:
    sign_in(client, staff(permissions))
    answer = client.get("/desk/home")
    assert answer.status_code == 200
    return answer.content.decode()


def _late_item() -> None:
    actor, late = staff(), matter(number="青学入〔2026〕0138")
    process.open_task(
        Actor.system("service"), matter=late, limit=Limit(1, TimeUnit.NATURAL_DAY),
        candidate=Candidate(CHECK, actor.organisation, actor.area), summary="王*宁 · 义务教育入学", node_name="区复核",
    )  # fmt: skip
    assert make_late(late.id) == 1


def test_a_post_without_anything_to_do_is_told_whom_to_ask(client: Client) -> None:
    assert "由本单位安全管理员授予" in _home(client, Service.BROWSE)


def test_a_reviewer_sees_the_most_urgent_items_and_the_red_figure(client: Client) -> None:
    _late_item()
    text = _home(client, CHECK, Process.TODO_VIEW)
    assert "王*宁 · 义务教育入学" in text
    assert "先办这些" in text
    assert "/desk/?light=overdue" in text


def test_a_steward_sees_the_four_figures(client: Client) -> None:
    text = _home(client, Catalog.COMPILE, Catalog.READ, Catalog.ANSWER_CORRECTION, Exchange.ANSWER)
    for word in ("待编目", "待答复", "待校核", "逾期更新"):
        assert word in text
    assert "在册人员" not in text


def test_a_window_finds_a_persons_cases_in_one_step(client: Client) -> None:
    text = _home(client, Service.VIEW, Service.HANDLE)
    assert "找这个人的办件" in text
    assert "待补正" in text


def test_administrators_see_only_their_own_figures(client: Client) -> None:
    system = _home(client, Identity.STAFF_EDIT)
    assert "待改初始密码" in system
    assert "审计行为" not in system
    audit = _home(client, Identity.AUDIT_VIEW)
    assert "被拒绝的行为" in audit
    assert "待授角色" not in audit


def test_the_brief_names_the_office_behind_a_red_figure_and_prints(client: Client) -> None:
    _late_item()
    office = staff()
    sign_in(client, staff([Service.STATISTICS, Process.ITEM_SUPERVISE], organisation="", area=""))
    answer = client.get("/desk/brief")
    text = answer.content.decode()
    assert "规则直办率" in text
    assert office.organisation_name in text
    assert "红 1 件" in text
    assert 'class="watermark"' in text


def test_the_brief_is_for_those_who_may_supervise(client: Client) -> None:
    sign_in(client, staff([Process.TODO_VIEW]))
    assert client.get("/desk/brief").status_code == 403


def test_the_search_of_the_desk_finds_services_and_items_by_number(client: Client) -> None:
    _late_item()
    sign_in(client, staff([CHECK, Process.TODO_VIEW]))
    assert "王*宁 · 义务教育入学" in client.get("/desk/search", {"q": "青学入〔2026〕0138"}).content.decode()
    assert "义务教育入学一件事" in client.get("/desk/search", {"q": "入学"}).content.decode()
