"""What a parent does with the enrolment bundle, on any screen, with or without scripts."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from onecity.site.demos.visitor import Visitor

__all__ = ["BUNDLE", "OWNER", "answer", "begin", "fill_and_submit", "wait_for_form"]

BUNDLE: Final = "/services/school_enrolment"
OWNER: Final = ("here", "own", "none")
SECOND_MOBILE: Final = "13905320000"


def answer(visitor: Visitor, answers: Sequence[str]) -> None:
    """From the bundle's page through the guide, one question a page."""
    page = visitor.open(f"{BUNDLE}/guide")
    for number, value in enumerate(answers, start=1):
        visitor.says(f"第 {number} 问")
        page.locator(f"main input[value={value}]").check()
        page.locator("main form button").first.click()


def begin(visitor: Visitor, login: str) -> str:
    """开始办理 → log in → child and consent; returns the application's path."""
    page = visitor.page
    page.get_by_role("button", name="开始办理").click()
    if "/login" in page.url:
        visitor.log_in(login, kind="person")
    page.locator("input[name=behalf]").first.check()
    page.locator("input[name=consent]").check()
    page.get_by_role("button", name="同意并自动填表").click()
    found = re.search(r"/applications/[0-9a-f-]{36}", page.url)
    assert found, f"no application was opened: {page.url}"
    return found.group()


def wait_for_form(visitor: Visitor, path: str, *, tries: int = 40) -> None:
    """Until the departments have answered: the page follows by itself, without scripts the person reloads it."""
    for _ in range(tries):
        if visitor.page.locator("form#application").count():
            return
        visitor.page.wait_for_timeout(300)
        if not visitor.scripts:
            visitor.open(path)
    raise AssertionError(f"{path} was not filled in time")


def fill_and_submit(visitor: Visitor, values: Mapping[str, str] | None = None) -> None:
    """Type what only the person knows and hand in."""
    page = visitor.page
    for key, value in (values or {"second_mobile": SECOND_MOBILE}).items():
        page.locator(f"[name=f_{key}]").fill(value)
    page.get_by_role("button", name="提交", exact=True).click()
    page.wait_for_load_state()
    visitor.says("办到哪儿了")
