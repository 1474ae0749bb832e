"""The pages of the web floor as a stranger, a resident, a leader and an operator meet them."""

from uuid import uuid4

import pytest
from django.test import Client

from onecity.hubs.identity.testkit import resident, sign_in, staff
from onecity.hubs.service.contracts import Permission as Service
from onecity.kernel.clock import wall_now
from onecity.kernel.models import AuditRow, DeadLetter, PackState
from onecity.kernel.permissions import Permission as Kernel
from onecity.web.pages.search import matches
from onecity.web.pages.systems import read_systems

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client: Client) -> Client:
    sign_in(client, staff([Kernel.OPERATE]))
    return client


def _letter(error: str = "Traceback …\nValueError: 没有这个证照类型") -> DeadLetter:
    return DeadLetter.objects.create(
        subscriber="credential.issue", event_id=uuid4(), sequence=7, topic="service.decided.v1", key="k-1", error=error,
        attempts=5, retry_at=wall_now(), first_failed_at=wall_now(),
    )  # fmt: skip


def test_a_stranger_is_shown_what_needs_no_login_and_where_to_log_in(client: Client) -> None:
    text = client.get("/").content.decode()
    assert "登录后，先看到您自己的事" in text
    assert "/login" in text
    assert "我的办件" not in text


def test_a_resident_sees_own_matters_before_the_services(client: Client) -> None:
    sign_in(client, resident())
    text = client.get("/").content.decode()
    assert text.index("我的办件") < text.index("谁用过我的数据")
    assert "登录后，先看到您自己的事" not in text


def test_me_holds_rights_and_the_way_out(client: Client) -> None:
    sign_in(client, resident())
    text = client.get("/me").content.decode()
    for word in ("我的证照", "谁用过我的数据", "我的授权", "为谁办事", "长者版", "退出登录"):
        assert word in text


def test_me_asks_a_stranger_to_log_in(client: Client) -> None:
    assert "还没有登录" in client.get("/me").content.decode()


@pytest.mark.parametrize(
    ("words", "text", "found"),
    [
        ("孩子上学", "孩子入学", True),
        ("入学", "义务教育入学", True),
        ("火箭", "义务教育入学", False),
        ("", "入学", False),
    ],
)
def test_search_takes_what_people_say(words: str, text: str, found: bool) -> None:
    assert matches(words, text) is found


def test_an_empty_search_offers_the_hotline(client: Client) -> None:
    assert "没有找到“火箭发射”" in client.get("/search", {"q": "火箭发射"}).content.decode()


def test_the_frame_says_the_demonstration_has_no_record_numbers(client: Client) -> None:
    assert "演示站点，无" in client.get("/").content.decode()


def test_the_city_page_is_for_those_who_may_see_statistics(client: Client) -> None:
    sign_in(client, resident())
    assert client.get("/brain/").status_code == 403


def test_the_city_page_states_definition_and_source_and_never_divides_by_nothing(client: Client) -> None:
    sign_in(client, staff([Service.STATISTICS]))
    text = client.get("/brain/").content.decode()
    assert "由规则直接通过的办件数 ÷ 已判定的办件数" in text
    assert "共享交换存证日志" in text
    assert "—" in text
    assert "尚未接入" in text


def test_the_city_page_maps_ten_districts(client: Client) -> None:
    sign_in(client, staff([Service.STATISTICS]))
    response = client.get("/brain/")
    districts = response.context["map"].layers[0].geojson["features"]
    assert len(districts) == 10


def test_operations_are_refused_to_others(client: Client) -> None:
    sign_in(client, resident())
    assert client.get("/desk/operations/packs").status_code == 403
    assert client.get("/desk/operations/dead-letters").status_code == 403


def test_a_refused_pack_shows_file_key_and_hint(operator: Client) -> None:
    problem = {"file": "declares/service.yaml", "key": "bundles.0.questoins", "hint": "did you mean 'questions'?"}
    PackState.objects.create(pack="broken_pack", version="1.0.0", problem=problem)
    text = operator.get("/desk/operations/packs").content.decode()
    assert "bundles.0.questoins" in text
    assert "declares/service.yaml" in text
    assert "did you mean" in text


def test_a_pack_is_switched_off_and_the_trail_knows(operator: Client) -> None:
    PackState.objects.create(pack="some_pack", version="1.0.0", digest="x", enabled=True)
    operator.post("/desk/operations/packs/some_pack", {"on": "no"})
    assert PackState.objects.get(pack="some_pack").enabled is False
    assert AuditRow.objects.filter(act="kernel.set_pack_enabled", target_id="some_pack").exists()


def test_a_dead_letter_shows_its_cause_and_waits_for_a_person(operator: Client) -> None:
    _letter()
    text = operator.get("/desk/operations/dead-letters").content.decode()
    assert "ValueError: 没有这个证照类型" in text
    assert "等待人工" in text


def test_a_retry_that_fails_keeps_the_letter_and_leaves_a_trace(operator: Client) -> None:
    letter = _letter()
    operator.post(f"/desk/operations/dead-letters/{letter.id}")
    assert DeadLetter.objects.filter(pk=letter.id).exists()
    assert AuditRow.objects.filter(act="kernel.retry_dead_letter", outcome="failed").exists()


def test_no_dead_letters_is_said_in_words(operator: Client) -> None:
    assert "没有未送达的事件" in operator.get("/desk/operations/dead-letters").content.decode()


def test_all_named_systems_stand_on_the_public_page(client: Client) -> None:
    rows = [row for group in read_systems() for row in group.rows]
    text = client.get("/about/systems").content.decode()
    assert len(rows) == 238
    assert all(row.id in text for row in rows)


def test_systems_are_filtered_by_owner(client: Client) -> None:
    text = client.get("/about/systems", {"owner": "exchange"}).content.decode()
    assert "共享交换" in text
    assert "智慧渔业" not in text


def test_the_operators_page_lists_the_systems_too(operator: Client) -> None:
    assert "义务教育入学一件事" in operator.get("/desk/operations/systems").content.decode()


def test_an_administrator_without_a_to_do_list_lands_on_the_first_page_of_the_desk(operator: Client) -> None:
    response = operator.get("/desk/")
    assert response.status_code == 302
    assert operator.get(response["Location"]).status_code == 200
