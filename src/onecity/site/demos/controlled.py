"""Demonstration C: data usable, controlled, traceable. Six steps on Monday, 23 November 2026."""

import re
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Final

import psycopg
from playwright.sync_api import Browser

from onecity.hubs.exchange.edge.client import GatewayClient, GatewayProblem
from onecity.kernel.crypto import Algorithm, generate_signer
from onecity.site.demos.playbill import Step
from onecity.site.demos.stage import Stage
from onecity.site.demos.visitor import DESK, Visitor, visit

__all__ = ["MONDAY", "STEPS", "Scene"]

MONDAY: Final = "2026-11-23"
_PURPOSE: Final = "就业援助对象认定"
_KEPT: Final = ("kind", "state", "approved_on")
_TWELVE: Final = (
    "certificate_no", "name", "household_no", "relation_to_head", "kind", "members", "amount", "reason", "address",
    "approved_on", "reviewed_on", "state",
)  # fmt: skip


@dataclass
class Scene:
    """The city, and what one step leaves to the next."""

    city: Stage
    chrome: Browser
    stack: ExitStack
    visitors: dict[str, Visitor] = field(default_factory=dict)
    request: str = ""
    machine: GatewayClient | None = None
    subject: str = ""

    def who(self, login: str) -> Visitor:
        """The browser of a member of staff, logged in."""
        if login not in self.visitors:
            self.visitors[login] = self.stack.enter_context(visit(self.chrome, self.city.address, size=DESK))
            self.visitors[login].log_in(login)
        return self.visitors[login]


def _search(scene: Scene) -> str:
    scene.city.command("demo", "date", MONDAY)
    desk = scene.who("caller")
    page = desk.open("/desk/exchange/apply?q=dibao")
    desk.says("最低生活保障家庭信息", "青岛市民政局")
    first = page.locator("main .card b").first.inner_text()
    assert "最低生活保障" in first, f"first stands {first}"
    return f"dibao → {first}"


def _broadcaster(scene: Scene) -> str:
    desk = scene.who("broadcaster")
    page = desk.open("/desk/exchange/apply/low_income")
    page.locator("input[name=field][value=name]").check()
    page.locator("input[name=mode][value=list]").check()
    page.locator("input[name=purpose]").fill("收视费减免")
    page.get_by_role("button", name="提交", exact=True).click()
    desk.says("不是政务部门", "只能申请核验", "exchange.not_government")
    page = desk.open("/desk/registers/uses/tv_fee_waiver")
    page.locator("main form button").first.click()
    page.wait_for_load_state()
    desk.says("8,160 × 120 = 979,200", "减免户数")
    shown = re.sub(r"\s+", " ", page.locator("main").inner_text())
    found = re.search(r"实测：(\d+)户 × 120元", shown)
    assert found, shown[:600]
    return f"the list: refused; yes or no only: {found.group(1)} households × 120 yuan, beside the quoted 8,160 × 120 = 979,200"


def _twelve_fields(scene: Scene) -> str:
    caller = scene.who("caller")
    page = caller.open("/desk/exchange/apply/low_income")
    for name in _TWELVE:
        page.locator(f"input[name=field][value={name}]").check()
    page.locator("input[name=mode][value=lookup]").check()
    page.locator("input[name=tied_to]").fill("就业援助")
    page.locator("input[name=purpose]").fill(_PURPOSE)
    page.locator("textarea[name=reason]").fill("认定就业援助对象时核对是否在保")
    page.get_by_role("button", name="提交", exact=True).click()
    found = re.search(r"/desk/exchange/requests/[0-9a-f-]{36}", page.url)
    assert found, page.url
    scene.request = found.group()
    bureau = scene.who("bureau")
    bureau.open(scene.request).get_by_role("button", name="审查通过，转提供部门").click()
    bureau.page.wait_for_load_state()
    owner = scene.who("steward")
    page = owner.open(scene.request)
    owner.says("12-07", "2027年工作日历")
    for name in _TWELVE:
        if name not in _KEPT:
            page.locator(f"input[name=field][value={name}]").uncheck()
    page.get_by_role("button", name="同意并授权").click()
    page.wait_for_load_state()
    owner.says("已授权")
    return "12 fields asked, 3 granted; filed on Monday, answer due 12-07; the supply date waits for the 2027 calendar"


def _register(scene: Scene) -> GatewayClient:
    signer = generate_signer(Algorithm.ED25519)
    desk = scene.who("caller")
    page = desk.open("/desk/exchange/clients")
    page.locator("input[name=name]").fill("就业援助系统")
    page.locator("textarea[name=public_key]").last.fill(signer.verifier.pem())
    page.get_by_role("button", name="登记", exact=True).click()
    page.wait_for_load_state()
    client_id = page.locator(".client-id").first.inner_text()
    return scene.stack.enter_context(GatewayClient(scene.city.gateway, client_id, signer))


def _call(scene: Scene, fields: tuple[str, ...]) -> dict[str, object]:
    assert scene.machine is not None
    return scene.machine.call(
        "low_income", subject=scene.subject, fields=fields, purpose=_PURPOSE, matter="援助2026-1", person="梁晓渔"
    )


def _patiently(scene: Scene) -> dict[str, object]:
    """New grants and machines work within a second."""
    end = time.monotonic() + 10
    while True:
        try:
            return _call(scene, _KEPT)
        except GatewayProblem:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def _refused(scene: Scene, fields: tuple[str, ...]) -> GatewayProblem:
    try:
        _call(scene, fields)
    except GatewayProblem as problem:
        return problem
    raise AssertionError("the call was answered")


def _revoke(scene: Scene) -> str:
    with psycopg.connect(scene.city.environment["DATABASE_URL"]) as database:
        query = "SELECT citizen_number_ref FROM catalog_data.low_income WHERE state = '在保' ORDER BY 1 LIMIT 1"
        (scene.subject,) = database.execute(query).fetchone() or ("",)
    scene.machine = _register(scene)
    answer = _patiently(scene)
    beyond = _refused(scene, (*_KEPT, "amount"))
    assert (beyond.status, beyond.code) == (403, "exchange.field_not_granted"), beyond.problem
    owner = scene.who("steward")
    page = owner.open("/desk/exchange/grants?interface=low_income&state=active")
    choice = page.locator("select[name=grant] option", has_text=_PURPOSE).first.get_attribute("value")
    page.locator("select[name=grant]").select_option(choice)
    page.locator("input[name=reason]").fill("用途终止")
    page.get_by_role("button", name="撤销", exact=True).click()
    page.wait_for_load_state()
    shown = re.search(r"在 ([\d.]+) 秒内确认", page.locator("body").inner_text())
    assert shown, page.locator("body").inner_text()[:500]
    gone = _refused(scene, _KEPT)
    assert gone.status == 403, gone.problem
    rows = answer["rows"]
    return f"3 fields answered ({rows}); a fourth: 403 {beyond.code}; revoked in {shown.group(1)} s on screen, next call {gone.code}"


def _complaint_of(scene: Scene) -> str:
    """What the check of the whole log says when it fails; "" when it holds."""
    try:
        scene.city.command("proof", "verify", "--all")
    except RuntimeError as error:
        return str(error)
    return ""


def _verify(scene: Scene) -> str:
    scene.city.command("proof", "verify", "--all")
    with psycopg.connect(scene.city.environment["DATABASE_URL"], autocommit=True) as database:
        row = database.execute(
            "SELECT id, seq FROM exchange_proofrecord WHERE interface = 'low_income' AND outcome = 'answered' ORDER BY at DESC LIMIT 1"
        ).fetchone()
        assert row is not None
        whole = scene.city.command("proof", "verify", "--id", str(row[0])).strip()
        database.execute("UPDATE exchange_proofrecord SET purpose = '改动' WHERE id = %s", [row[0]])
        told = re.search(rf"第 {row[1]} 行被改动", _complaint_of(scene))
    assert told, "the altered row was not named"
    return f"one call: {whole}; after a change in psql: {told.group()}"


def _funnel(scene: Scene) -> str:
    desk = scene.who("bureau")
    desk.open("/desk/exchange/board")
    desk.says("887", "516", "267", "58.17%", "51.74%", "99.7%", "为什么不一样")
    return "887 → 516 → 267 = 58.17 % / 51.74 %, and 99.7 % with its own definition; the page says why they differ"


STEPS: Final = (
    Step[Scene]("Search by pinyin", _search),
    Step[Scene]("The broadcaster asks for the list", _broadcaster),
    Step[Scene]("Twelve fields asked, three given", _twelve_fields),
    Step[Scene]("A fourth field; revoked", _revoke),
    Step[Scene]("One call verified, one row altered", _verify),
    Step[Scene]("The funnel and the rate", _funnel),
)
