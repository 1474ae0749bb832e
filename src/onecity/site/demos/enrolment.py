"""Demonstration A: enrolment without papers, even when a department is down. Seven steps on 20 June 2026."""

import re
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Final

from playwright.sync_api import Browser, ViewportSize

from onecity.simcity.planted_stories import BY_STORY
from onecity.site.demos import parent
from onecity.site.demos.playbill import Step
from onecity.site.demos.qr import read_code
from onecity.site.demos.stage import Stage
from onecity.site.demos.visitor import DESK, PHONE, Visitor, visit

__all__ = ["STEPS", "Scene"]

_FAMILIES: Final = 1000
_LATE: Final = 10  # of them hand in while the housing register is down, so that the desk has waiting ones to show
_SECONDS: Final = 10


@dataclass
class Scene:
    """The city, and what one step leaves to the next."""

    city: Stage
    chrome: Browser
    stack: ExitStack
    paths: dict[str, str] = field(default_factory=dict)
    visitors: dict[str, Visitor] = field(default_factory=dict)

    def who(self, login: str, *, size: ViewportSize = PHONE, kind: str = "person") -> Visitor:
        """The browser of a person, logged in; "" = a stranger's phone; "parent" logs in within step 2."""
        if login not in self.visitors:
            self.visitors[login] = self.stack.enter_context(visit(self.chrome, self.city.address, size=size))
            if login not in ("", "parent"):
                self.visitors[login].log_in(login, kind=kind)
        return self.visitors[login]


def _questions(scene: Scene) -> str:
    phone = scene.who("parent")
    phone.open("/")
    parent.answer(phone, parent.OWNER)
    phone.says("演示日期 2026年6月20日", "7 → 0", "2 → 0")
    return "three questions without logging in; papers 7 → 0, visits 2 → 0"


def _form(scene: Scene) -> str:
    phone = scene.who("parent")
    path = scene.paths["parent"] = parent.begin(phone, "resident")
    parent.wait_for_form(phone, path)
    phone.says("14 项，已自动填好 13 项", "青岛市公安局 · 数据截至 2026年", "370299********9129", "听霞路****")
    assert phone.page.locator(".filled-field").count() == 14
    parent.fill_and_submit(phone)
    phone.says("已通过资格核验")
    return "14 fields, 13 filled, each with source, time and mask; handed in and passed by rule"


def _sleeping_police(scene: Scene) -> str:
    phone = scene.stack.enter_context(visit(scene.chrome, scene.city.address, size=PHONE))
    scene.city.command("demo", "source", "stop", "police")
    parent.answer(phone, parent.OWNER)
    path = parent.begin(phone, BY_STORY["twins"].adults[0].number)
    parent.wait_for_form(phone, path)
    parent.fill_and_submit(phone)
    phone.says("等待部门数据")
    scene.city.command("demo", "source", "start", "police")
    began = time.monotonic()
    while "已通过资格核验" not in phone.page.locator("main").inner_text():
        assert time.monotonic() - began <= _SECONDS, f"still waiting after {_SECONDS} s"
        phone.page.wait_for_timeout(300)
        phone.open(path)
    took = time.monotonic() - began
    phone.open("/messages")
    phone.says("数据")
    titles = phone.page.locator(".message-head b").all_inner_texts()
    return (
        f"accepted, waiting for police data; started again: checked after {took:.1f} s; messages: {'、'.join(titles)}"
    )


def _count(desk: Visitor, query: str) -> int:
    desk.open(f"/desk/service/applications?bundle=school_enrolment{query}")
    found = re.search(r"共 ([\d,]+) 件|共 ([\d,]+) 条", desk.page.locator("main").inner_text())
    return int((found.group(1) or found.group(2)).replace(",", "")) if found else 0


def _thousand_families(scene: Scene) -> str:
    city = scene.city
    played = city.command("demo", "families", str(_FAMILIES - _LATE)).splitlines()[-3:]
    city.command("demo", "source", "stop", "health")
    city.command("demo", "families", str(_LATE))
    desk = scene.who("leader", size=DESK, kind="staff")
    whole = _count(desk, "")
    waiting = _count(desk, "&state=waiting_data")
    passed, person = (
        _count(desk, "&outcome=pass"),
        _count(desk, "&outcome=person") + _count(desk, "&outcome=ineligible"),
    )
    city.command("demo", "source", "start", "health")
    assert whole >= _FAMILIES, f"{whole} on the desk; {played}"
    assert (waiting, passed + person + waiting) == (_LATE, whole), f"{passed} + {person} + {waiting} of {whole}"
    reviewer = scene.who("reviewer", size=DESK, kind="staff")
    page = reviewer.open("/desk/")
    page.locator("[data-row] a[href]").first.click()
    page.locator(".panel-title").wait_for()
    rule = re.search(r"规则 (RX-2026-\d{6}-\d\d) 第 (\d+) 版", page.locator(".desk-panel").inner_text())
    assert rule, "the opened case names no rule and version"
    told = f"{whole} families: {passed} passed by rule, {person} for a person, {waiting} waiting"
    return f"{told}; one opened: {rule.group(1)} version {rule.group(2)}"


def _full_school(scene: Scene) -> str:
    desk = scene.who("school", size=DESK, kind="staff")
    page = desk.open("/desk/school_enrolment/")
    page.get_by_role("link", name=re.compile("香港中路小学")).first.click()
    desk.says("学位 120 个 · 符合条件 137 人 · 本校 120 人 · 安排邻近学校 17 人")
    page.locator("table a").nth(119).click()
    desk.says("第 120 位", "落户日期")
    return "120 seats, 137 qualified → 120 admitted, 17 next door; the 120th child: rank and settlement date"


def _second_phone(scene: Scene) -> str:
    scene.city.command("demo", "finish")
    phone = scene.who("parent")
    phone.open("/wallet")
    phone.page.locator("a.cert-card").first.click()
    paper = phone.page.get_by_role("link", name="下载PDF").get_attribute("href")
    phone.page.get_by_role("button", name="亮证").click()
    address = read_code(phone.page.locator(".showing-code").inner_html())
    other = scene.who("")
    other.page.goto(_here(address, scene.city.address))
    other.page.get_by_role("button", name="查验", exact=True).click()
    word = other.page.locator(".verdict-word").inner_text()
    assert "有效" in word, word
    notice = phone.context.request.get(f"{scene.city.address}{paper}").body()
    whole = _upload(other, notice)
    assert "有效" in whole, whole
    middle = len(notice) // 2
    broken = _upload(other, notice[:middle] + bytes([notice[middle] ^ 1]) + notice[middle + 1 :])
    assert "有效" not in broken.replace("无效", ""), broken
    return f"scanned: {word}; the file: {whole}; with one byte changed: {broken}"


def _here(address: str, city: str) -> str:
    """The address in the code under the port of this stage."""
    return city + "/" + address.split("/", 3)[3]


def _upload(phone: Visitor, content: bytes) -> str:
    page = phone.open("/verify")
    page.locator("input[type=file]").set_input_files(
        {"name": "n.pdf", "mimeType": "application/pdf", "buffer": content}
    )
    page.get_by_role("button", name="查验文件").click()
    return page.locator(".verdict-word, .problem, .notice").first.inner_text().split("\n")[0]


def _who_used_my_data(scene: Scene) -> str:
    phone = scene.who("parent")
    page = phone.open("/me/accesses")
    rows = page.locator("main ol > li", has_text="义务教育入学资格核验").count()
    assert rows == 6, f"{rows} rows"
    link = page.get_by_role("link", name=re.compile("下载存证")).first.get_attribute("href")
    file, key = scene.city.home / "proof.json", scene.city.home / "key.pem"
    file.write_bytes(phone.context.request.get(f"{scene.city.address}{link}").body())
    key.write_text(scene.city.command("proof", "key"), "ascii")
    said = scene.city.command("proof", "verify", "--bundle", str(file), "--key", str(key)).strip()
    return f"six rows; one proof downloaded and verified offline: {said}"


STEPS: Final = (
    Step[Scene]("Phone: three questions", _questions),
    Step[Scene]("Form: 14 fields, 13 filled", _form),
    Step[Scene]("The police source sleeps and wakes", _sleeping_police),
    Step[Scene]("Desk: 1,000 families", _thousand_families),
    Step[Scene]("A full school", _full_school),
    Step[Scene]("A second phone scans the notice", _second_phone),
    Step[Scene]("Who used my data", _who_used_my_data),
)
