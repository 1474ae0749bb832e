"""Every page renders for whom it is meant, says what it must, and writes nothing a stranger could read."""

from datetime import date, timedelta
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pypdf import PdfReader

from onecity.hubs.process.contracts import Permission as ProcessPermission
from onecity.kernel.actor import Actor, ActorKind, PermissionGrant
from onecity.kernel.clock import today
from onecity.kernel.errors import NotPermitted
from onecity.kernel.paging import PageRequest
from onecity.scenarios.school_enrolment import api
from onecity.scenarios.school_enrolment.contracts import Permission, RoundView, SchoolLoad
from onecity.scenarios.school_enrolment.errors import DrawMissing, ObjectionsOpen, PublicityRuns, WrongMoment
from onecity.scenarios.school_enrolment.models import Candidate, Objection, Round
from onecity.scenarios.school_enrolment.pages import desk, exports, portal, rounds, rules

pytestmark = pytest.mark.django_db

YEAR = 2026
SYSTEM = Actor.system("school_enrolment")
ALL = frozenset(PermissionGrant(str(p), area="370203") for p in (*Permission, ProcessPermission.TODO_VIEW))
OFFICER = Actor(ActorKind.STAFF, account_id=uuid4(), name="顾明川", area="370203", grants=ALL)
STRANGER = Actor(ActorKind.RESIDENT, account_id=uuid4(), name="路人")


def asked(actor: Actor, method: str = "get", path: str = "/", **data: str) -> HttpRequest:
    request = getattr(RequestFactory(), method)(path, data)
    request.actor = actor
    request.session = {}
    request._messages = FallbackStorage(request)
    return request


def text(response: HttpResponse) -> str:
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def round_(monkeypatch: pytest.MonkeyPatch) -> RoundView:
    """A drawing district with two schools: seven children for five seats, and room next door."""
    api.load_rules(SYSTEM, year=YEAR)
    schools = [
        SchoolLoad("A", today().year, "甲小学", "370203", 5, longitude=120.3, latitude=36.1),
        SchoolLoad("B", today().year, "乙小学", "370203", 9, longitude=120.31, latitude=36.1),
    ]
    api.load_schools(SYSTEM, schools=schools, catchments=[])
    opened = api.open_round(
        SYSTEM,
        district="370203",
        year=today().year,
        opens=today() - timedelta(days=3),
        closes=today() + timedelta(days=3),
    )
    for n in range(7):
        Candidate.objects.create(
            application_id=uuid4(), number=f"青入〔{YEAR}〕{n}号", child=f"c{n}", name_masked="王*", district="370203",
            year=today().year, round_id=opened.id, category="home_only", order=2, rank_by="purchase",
            rank_date=date(2015, 1, 1 + n), school="A", rule="RX-2026-370203-02",
        )  # fmt: skip
    return opened


def to_publicity(round_id: UUID) -> None:
    api.close_collection(SYSTEM, round_id=round_id)
    api.check_school(SYSTEM, round_id=round_id, school="A")
    api.approve(SYSTEM, round_id=round_id)


def test_the_overview_shows_the_full_school(round_: RoundView) -> None:
    page = text(desk.overview(asked(OFFICER)))

    assert "甲小学" in page
    assert "7 / 5" in page


def test_a_school_lists_rank_and_date_and_says_why(round_: RoundView) -> None:
    first = api.ranked_list(OFFICER, "A")[0]
    page = text(desk.school(asked(OFFICER, path="/x", child=str(first.id)), "A"))

    assert (first.rank, first.rank_date) == (1, date(2015, 1, 1))
    assert "为什么是这个位置" in page
    assert "购房登记日期" in page
    assert "第 1 位" in text(desk.candidate(asked(OFFICER), first.id))


def test_a_stranger_sees_no_ranked_list(round_: RoundView) -> None:
    with pytest.raises(NotPermitted):
        api.ranked_list(STRANGER, "A")


def test_a_round_is_run_from_its_page_and_publicity_is_kept(round_: RoundView) -> None:
    rounds.detail(asked(OFFICER, "post", act="close_collection"), round_.id)
    desk.school(asked(OFFICER, "post", opinion="名单无误"), "A")
    assert api.round_view(OFFICER, round_.id).state == "district_review"
    rounds.detail(asked(OFFICER, "post", act="publish"), round_.id)
    found = api.round_view(OFFICER, round_.id)

    assert found.state == "publicity"
    assert found.publicity_until == today() + timedelta(days=5)
    with pytest.raises(PublicityRuns):
        api.admit(OFFICER, round_id=round_.id)
    page = text(rounds.detail(asked(OFFICER), round_.id))
    assert "公示至" in page
    assert "需要公开摇号的学校" in page


def test_nobody_admits_before_the_draw_and_the_answers(round_: RoundView) -> None:
    to_publicity(round_.id)
    published = api.published_list(api.published(_first_page()).items[0].id)
    objection = api.raise_objection(STRANGER, list_id=published.id, text="请核对第一名")
    with pytest.raises(ObjectionsOpen):
        api.admit(SYSTEM, round_id=round_.id, ahead=True)
    rounds.detail(asked(OFFICER, "post", act="answer", objection=str(objection), answer="已核对无误"), round_.id)
    assert Objection.objects.get(pk=objection).state == "answered"
    with pytest.raises(DrawMissing):
        api.admit(SYSTEM, round_id=round_.id, ahead=True)


def _first_page() -> PageRequest:
    return PageRequest()


def test_the_notary_draws_once_and_anybody_recomputes(round_: RoundView) -> None:
    to_publicity(round_.id)
    rounds.draws(asked(OFFICER, "post", school="A", notary="秦若水", seed="ab" * 32), round_.id)
    again = api.draw(OFFICER, round_id=round_.id, school="A", seed="cd" * 32)
    page = text(portal.draws(asked(STRANGER, "post", list=again.list_text, seed=again.seed)))

    assert (again.seed, again.notary, len(again.numbers)) == ("ab" * 32, "秦若水", 7)
    assert again.digest in page
    placed = api.ranked_list(OFFICER, "A")
    drawn = {unit: number for number, unit in again.numbers}
    inside = {one.number for one in placed if one.placed_by == "draw"}
    assert inside == {number for number, place in drawn.items() if place <= 5}
    assert text(rounds.draws(asked(OFFICER), round_.id)).count(again.seed) == 1


def test_published_lists_are_public_and_masked(round_: RoundView) -> None:
    to_publicity(round_.id)
    listed = text(portal.lists(asked(Actor.anonymous())))
    page = text(portal.published(asked(Actor.anonymous()), api.published(_first_page()).items[0].id))

    assert "甲小学" in listed
    assert "王*" in page
    assert api.published(_first_page()).items[0].digest in page


def test_a_published_list_is_printed_with_its_digest(round_: RoundView) -> None:
    to_publicity(round_.id)
    found = api.published(_first_page(), round_id=round_.id).items[0]
    assert "公示名单" in text(rounds.detail(asked(OFFICER), round_.id))
    printed = exports.sheet(asked(OFFICER), found.id)
    words = "".join(page.extract_text() for page in PdfReader(BytesIO(printed.content)).pages)
    assert found.digest in words.replace("\n", "")
    assert "王*" in words


def test_a_rule_is_changed_by_a_further_version_and_the_old_one_stays(round_: RoundView) -> None:
    number = "RX-2026-370203-05"
    rules.index(asked(OFFICER, "post", number=number, p_insurance_months="12", reason="区里新的意见", text=""))
    rows = [row for row in api.rule_rows(OFFICER, district="370203", year=YEAR) if row.number == number]

    assert [(row.version, row.parameters["insurance_months"], row.origin) for row in rows] == [
        (2, "12", "operator"), (1, "6", "pack"),
    ]  # fmt: skip
    api.load_rules(SYSTEM, year=YEAR)
    assert len(api.rule_rows(OFFICER, district="370203", year=YEAR)) == 21
    page = text(rules.index(asked(OFFICER, path="/x", district="370203", rule=number)))
    assert "区里新的意见" in page


def test_acts_out_of_turn_and_twice(round_: RoundView) -> None:
    with pytest.raises(WrongMoment):
        api.approve(OFFICER, round_id=round_.id)
    first = api.close_collection(OFFICER, round_id=round_.id)
    assert api.close_collection(OFFICER, round_id=round_.id) == first
    assert Round.objects.get(pk=round_.id).version == 2


def test_the_public_home_says_when_collection_runs(round_: RoundView) -> None:
    assert "信息采集至" in text(portal.home(asked(Actor.anonymous())))
    assert "没有找到这个地址" in text(portal.home(asked(Actor.anonymous(), path="/x", address="无名路1号")))
