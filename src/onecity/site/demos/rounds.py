"""A bounded walk over all pages one can reach: navigation first, then the first link of every kind."""

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from onecity.kernel import slots
from onecity.site.demos.visitor import Visitor

__all__ = ["Round", "walk"]

_ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)[0-9A-Z]{9,24}(?=/|$)")
_NEVER: Final = re.compile(
    r"/logout|\.\w{2,7}($|\?)|/file$|/manifest|/report$|/pdf|/export|/attachments/|/documents/|/print|^/api/|^/static/"
)
_MOST: Final = 60
_WIDTH: Final = """() => {
  const room = document.documentElement.clientWidth, wide = document.documentElement.scrollWidth - room;
  if (wide <= 0) return [0, ""];
  const ends = one => one.getBoundingClientRect().right;
  const worst = [...document.body.querySelectorAll("*")].reduce((one, two) => ends(two) > ends(one) ? two : one);
  return [wide, `${worst.tagName.toLowerCase()}.${worst.className} "${worst.textContent.trim().slice(0, 60)}"`];
}"""
_LINKS: Final = "all => all.map(one => [one.getAttribute('href'), one.closest('nav') !== null])"


@dataclass
class Round:
    """What all visitors together have seen: addresses with numbers left out, for axe once each."""

    seen: set[str] = field(default_factory=set)

    def opened(self) -> set[str]:
        """Names of registered pages some visitor came to and was let in."""
        return {page.name for page in slots.pages() if any(_matches(page.path, path) for path in self.seen)}


def _matches(pattern: str, path: str) -> bool:
    return re.fullmatch(re.sub(r"<[^>]+>", "[^/]+", pattern), path) is not None


@cache
def _of_many() -> tuple[str, ...]:
    """Addresses of pages that exist once for each of many things: one visit stands for all of them."""
    return tuple(page.path for page in slots.pages() if "<" in page.path)


@cache
def _plain() -> frozenset[str]:
    return frozenset(page.path for page in slots.pages() if "<" not in page.path)


def _kind(href: str) -> str:
    path = href.split("?")[0].split("#")[0]
    if path not in _plain():
        path = next((re.sub(r"<[^>]+>", "*", one) for one in _of_many() if _matches(one, path)), path)
    return _ID.sub("*", path)


def walk(visitor: Visitor, seen: Round, first: str) -> list[str]:
    """Open the navigation, and deeper every kind of page nobody opened yet; returns what was wrong (server, scripts, axe)."""
    waiting = [first, *(["/desk/search?q=2026", "/brain/"] if first == "/desk/" else [])]
    known, problems = {_kind(path) for path in waiting}, []
    for _ in range(_MOST):
        if not waiting:
            break
        path = waiting.pop(0)
        problems += _look(visitor, seen, path)
        for href, navigation in visitor.page.eval_on_selector_all("a[href]", _LINKS):
            full = path.split("?")[0] + href if href.startswith("?") else href
            fresh = full.startswith("/") and not _NEVER.search(full) and _kind(full) not in known
            if fresh and (navigation or _kind(full) not in seen.seen):
                known.add(_kind(full))
                waiting.append(full)
    return problems + visitor.faults


def _look(visitor: Visitor, seen: Round, path: str) -> list[str]:
    page = visitor.open(path)
    arrived = _kind(page.url.removeprefix(visitor.address))
    if page.evaluate("document.contentType") != "text/html":
        return []
    width, widest = page.evaluate(_WIDTH)
    problems = [f"{path}: {width} px wider than the screen, by {widest}"] if width > 0 else []
    if arrived in seen.seen or visitor.status != 200:
        return problems
    seen.seen |= {arrived} if arrived.startswith("/login") else {arrived, _kind(path)}
    return problems + visitor.axe()
