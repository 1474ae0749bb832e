"""Browser windows that watch: every visitor notes script errors, broken policies, foreign hosts and failed answers.

Owns the launch of Chromium. Refuses: to go on without one; the sentence says what to install.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Response,
    Route,
    ViewportSize,
    sync_playwright,
)

from onecity.site.doctor import chromium

__all__ = ["DESK", "PHONE", "NoBrowser", "Visitor", "browser", "visit"]

PASSWORD: Final = "Qingdao-2026!"
PHONE: Final[ViewportSize] = {"width": 390, "height": 844}
DESK: Final[ViewportSize] = {"width": 1440, "height": 900}
_AXE: Final = Path(__file__).parents[4] / "node_modules" / "axe-core" / "axe.min.js"
_TAGS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_CHECK: Final = """async (tags) => {
  const found = await axe.run(document, {runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]});
  return found.violations.map(v => ({id: v.id, impact: v.impact, help: v.help,
    nodes: v.nodes.slice(0, 3).map(n => n.target.join(" ") + ": " + n.html.slice(0, 160))}));
}"""


class NoBrowser(RuntimeError):
    """Chromium is missing."""


@contextmanager
def browser() -> Iterator[Browser]:
    """Chromium, headless. Raises NoBrowser naming the packages."""
    path = chromium()
    if path is None:
        raise NoBrowser(
            "Browser stories need Chromium and a Chinese font: run `make test` or `make demos` once as root, "
            "or apt-get install --no-install-recommends chromium fonts-noto-cjk."
        )
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        try:
            yield launched
        finally:
            launched.close()


class Visitor:
    """One person's browser: a context with one page, and everything that went wrong in it (`faults`)."""

    def __init__(self, context: BrowserContext, address: str, *, scripts: bool = True) -> None:
        self.context, self.address, self.scripts = context, address, scripts
        self.faults: list[str] = []
        self.status = 0  # of the page opened last
        context.route("**/*", self._guard)
        self.page = context.new_page()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.faults.append(f"{self._where()}: script error: {error}"))
        self.page.on("response", self._answered)
        self.page.set_default_timeout(12_000)

    def _where(self) -> str:
        return urlsplit(self.page.url).path

    def _guard(self, route: Route) -> None:
        url = route.request.url
        if url.startswith((self.address, "data:", "blob:")):
            route.continue_()
        else:
            self.faults.append(f"{self._where()}: asks a foreign host: {url[:200]}")
            route.abort()

    def _heard(self, message: ConsoleMessage) -> None:
        """Errors and policy violations; the browser's own line about a refused form (4xx) is told by the answer itself."""
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.faults.append(f"{self._where()}: console: {message.text[:300]}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500 or (response.status == 404 and "/static/" in response.url):
            self.faults.append(f"{response.status} from {urlsplit(response.url).path}")

    def open(self, path: str) -> Page:
        """Go to a path of the city."""
        answer = self.page.goto(f"{self.address}{path}", wait_until="load")
        self.status = answer.status if answer else 0
        return self.page

    def log_in(self, login: str, *, kind: str = "staff", goal: str = "") -> Page:
        """By the login form; a second factor shown on the page is confirmed."""
        page = (
            self.page
            if "/login" in self.page.url
            else self.open(f"/login?as={kind}" + (f"&next={goal}" if goal else ""))
        )
        form = page.locator("form:has(input[name=login]:visible)").first
        form.locator("input[name=login]").fill(login)
        form.locator("input[name=password]").fill(PASSWORD)
        form.locator("button").last.click()
        page.wait_for_url(lambda url: urlsplit(url).path != "/login")
        if "/login/code" in page.url:
            page.locator("main form button").first.click()
            page.wait_for_url(lambda url: "/login" not in url)
        return page

    def says(self, *texts: str) -> None:
        """Assert that the page shows every text."""
        shown = re.sub(r"\s+", " ", self.page.locator("body").inner_text())
        missing = [text for text in texts if text not in shown]
        assert not missing, f"{self.page.url} does not say {missing}; it says: {shown[:900]}"

    def axe(self) -> list[str]:
        """Serious and critical violations of WCAG 2.2 AA on the page now."""
        found: list[dict[str, Any]] = self._axe_run()
        return [
            f"{self._where()}: {one['id']} ({one['impact']}): {json.dumps(one['nodes'], ensure_ascii=False)}"
            for one in found
            if one["impact"] in ("serious", "critical")
        ]

    def _axe_run(self) -> list[dict[str, Any]]:
        self.page.evaluate(_AXE.read_text("utf-8"))
        result: list[dict[str, Any]] = self.page.evaluate(_CHECK, _TAGS)
        return result


@contextmanager
def visit(
    chrome: Browser, address: str, *, size: ViewportSize = DESK, scripts: bool = True, **options: Any
) -> Iterator[Visitor]:
    """A fresh visitor; closed at the end."""
    phone = size["width"] < 600
    context = chrome.new_context(
        viewport=size, java_script_enabled=scripts, locale="zh-CN", timezone_id="Asia/Shanghai", has_touch=phone, is_mobile=phone,
        reduced_motion="reduce", **options,
    )  # fmt: skip
    try:
        yield Visitor(context, address, scripts=scripts)
    finally:
        context.close()
