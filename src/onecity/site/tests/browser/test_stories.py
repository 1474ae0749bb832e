"""The journey in a real browser on a real instance: a parent's phone, the desk, no scripts, every page of every face.

One module, in order: later stories look at what earlier ones handed in. One instance and one Chromium serve all of them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser

from onecity.simcity.planted_stories import BY_STORY
from onecity.site.demos import parent
from onecity.site.demos.rounds import Round, walk
from onecity.site.demos.stage import Stage, stage
from onecity.site.demos.visitor import DESK, PHONE, Visitor, browser, visit

pytestmark = pytest.mark.browser


@dataclass
class World:
    """The city, the browser, and what the stories leave to the next ones."""

    city: Stage
    chrome: Browser
    paths: dict[str, str] = field(default_factory=dict)
    round: Round = field(default_factory=Round)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with browser() as chrome, stage() as city:
        city.hurry()
        yield World(city, chrome)


@pytest.fixture
def phone(world: World) -> Iterator[Visitor]:
    with visit(world.chrome, world.city.address, size=PHONE) as visitor:
        yield visitor
        assert not visitor.faults


@pytest.fixture
def desk(world: World) -> Iterator[Visitor]:
    with visit(world.chrome, world.city.address, size=DESK) as visitor:
        yield visitor
        assert not visitor.faults


def test_a_parent_enrols_a_child_on_a_phone(world: World, phone: Visitor) -> None:
    page = phone.open("/")
    phone.says("登录后，先看到您自己的事", "我够不够条件")
    parent.answer(phone, parent.OWNER)
    phone.says("7 → 0", "2 → 0", "现在还没有查询任何数据")

    path = world.paths["clear"] = parent.begin(phone, "resident")
    parent.wait_for_form(phone, path)
    phone.says(
        "14 项，已自动填好 13 项", "370299********9129", "青岛市公安局 · 数据截至 2026年6月1日", "法定职责", "您已授权"
    )
    assert page.locator("#field-child_number a.eye").count() == 0  # the bare number is kept nowhere
    page.locator("#field-property_address a.eye").click()
    phone.says("听霞路18号2号楼1单元502户")
    phone.open(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    parent.fill_and_submit(phone)
    phone.says("已通过资格核验", "RX-2026-370202-01", "由规则自动判定", "0532-")


def test_what_the_second_mobile_must_look_like_is_said_beside_it(world: World) -> None:
    with visit(world.chrome, world.city.address, size=PHONE, scripts=False) as visitor:
        parent.answer(visitor, parent.OWNER)
        path = parent.begin(visitor, BY_STORY["twins"].adults[0].number)
        parent.wait_for_form(visitor, path)
        visitor.page.locator("[name=f_second_mobile]").fill("139")
        visitor.page.get_by_role("button", name="提交", exact=True).click()
        assert "手机" in visitor.page.locator("#f_second_mobile_error").inner_text()
        assert visitor.page.locator("[name=f_second_mobile]").input_value() == "139"
        assert not visitor.faults


def test_the_whole_journey_needs_no_scripts(world: World) -> None:
    with visit(world.chrome, world.city.address, size=PHONE, scripts=False) as visitor:
        parent.answer(visitor, parent.OWNER)
        path = world.paths["unclear"] = parent.begin(visitor, BY_STORY["address_mismatch"].adults[0].number)
        parent.wait_for_form(visitor, path)
        parent.fill_and_submit(visitor)
        visitor.says("审核中", "相似度 0.9")
        visitor.open("/me/accesses")
        visitor.says("孩子 赵*", "义务教育入学资格核验")
        assert not visitor.faults


def test_an_unclear_case_is_decided_on_the_desk_by_keyboard(world: World, desk: Visitor) -> None:
    desk.log_in("reviewer")
    page = desk.open("/desk/")
    page.locator("[data-row]", has_text="赵*").first.wait_for()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.locator(".panel-title").wait_for()
    panel = page.locator(".desk-panel").inner_text()
    assert panel.index("为什么需要您看") < panel.index("办理过程")
    desk.says("映霞二路86号", "映霞二路88号", "RX-2026-370202-01")

    page.locator("[name=opinion]").fill("门牌登记不一致，系同一住所，同意")
    page.locator(".panel-title").click()
    page.keyboard.press("a")
    page.locator("[data-row]", has_text="赵*").first.wait_for(state="detached")
    desk.open("/desk/process/done")
    desk.says("赵*")


def test_the_family_sees_the_decision(world: World, phone: Visitor) -> None:
    phone.open("/login?as=person")
    phone.log_in(BY_STORY["address_mismatch"].adults[0].number, kind="person")
    phone.open(world.paths["unclear"])
    phone.says("已通过资格核验")


def test_a_school_sees_its_seats_and_why_a_child_stands_where_it_stands(world: World, desk: Visitor) -> None:
    world.city.command("demo", "families", "6")
    page = desk.log_in("school")
    desk.open("/desk/school_enrolment/")
    desk.says("香港中路小学", "/ 120")
    page.get_by_role("link", name=re.compile("香港中路小学")).first.click()
    desk.says("学位 120 个")
    page.locator("table a").first.click()
    desk.says("为什么是这个位置", "落户日期", "第 1 位")


def test_the_notice_is_shown_checked_and_rated(world: World, phone: Visitor) -> None:
    world.city.command("demo", "finish")
    phone.open("/login?as=person")
    page = phone.log_in("resident", kind="person")
    page = phone.open(world.paths["clear"])
    phone.says("已办结")
    page.locator(".rate label").first.click()
    page.get_by_role("button", name="提交评价").click()
    phone.says("非常满意")

    phone.open("/wallet")
    page.locator("a.cert-card").first.click()
    phone.says("入学通知书", "林晓禾")
    page.get_by_role("button", name="亮证").click()
    phone.says("60 秒")
    assert page.locator(".showing-code svg").count() == 1


def test_every_use_of_the_data_is_told_and_verifies(phone: Visitor) -> None:
    phone.open("/login?as=person")
    page = phone.log_in("resident", kind="person")
    phone.open("/me/accesses")
    assert page.locator("main ol > li", has_text="义务教育入学资格核验").count() >= 6
    page.get_by_role("link", name=re.compile("现在核验")).first.click()
    phone.says("核验通过", "未被改动")


def test_english_and_large_type(phone: Visitor) -> None:
    page = phone.open("/services/school_enrolment")
    page.get_by_role("button", name=re.compile("EN|English")).first.click()
    page.wait_for_load_state()
    phone.says("Enrolling a child in school")
    assert page.locator("html").get_attribute("lang") == "en"
    assert phone.axe() == []
    page.get_by_role("button", name=re.compile("中文|简体")).first.click()
    page.wait_for_load_state()
    page.get_by_role("button", name=re.compile("长者版")).first.click()
    page.wait_for_load_state()
    assert page.locator("html").get_attribute("data-elder") == "on"
    assert phone.axe() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


ACCOUNTS = [
    ("", "/"), ("resident", "/"), ("enterprise", "/"), ("reviewer", "/desk/"), ("approver", "/desk/"), ("school", "/desk/"),
    ("notary", "/desk/"), ("steward", "/desk/"), ("leader", "/desk/"), ("window", "/desk/"), ("system", "/desk/"),
    ("security", "/desk/"), ("audit", "/desk/"), ("bureau", "/desk/"), ("tax", "/desk/"), ("caller", "/desk/"),
]  # fmt: skip


@pytest.mark.parametrize(("login", "first"), ACCOUNTS)
def test_every_page_opens_clean_for(world: World, login: str, first: str) -> None:
    size = PHONE if first == "/" else DESK
    with visit(world.chrome, world.city.address, size=size) as visitor:
        if login:
            kind = {"resident": "person", "enterprise": "firm"}.get(login, "staff")
            visitor.log_in(login, kind=kind)
        problems = walk(visitor, world.round, first)
        assert not problems, "\n".join(problems)


def test_the_walk_came_to_the_pages_that_matter(world: World) -> None:
    wanted = {
        "web.home", "web.brain", "web.packs", "service.bundle", "service.application", "service.desk_item", "credential.certificate",
        "exchange.access", "exchange.consents", "process.todo", "school_enrolment.overview", "school_enrolment.round",
        "school_enrolment.school", "catalog.resource", "identity.organisation", "identity.audit",
    }  # fmt: skip
    assert wanted - world.round.opened() == set()
