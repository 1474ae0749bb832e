"""The frame around a page: who runs the city, who is looking, where one can go.

Owns: `render`, `render_problem` and the frame they share. The site tells it the facts of this instance and who the
visitor is (`supply`). Refuses: to know any hub; navigation comes from the kernel's slots, the actor from the request.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render as django_render
from django.urls import NoReverseMatch, reverse

from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.clock import today
from onecity.kernel.errors import CityError
from onecity.kernel.problems import problem, status_of
from onecity.kernel.slots import Face, navigation
from onecity.kernel.slots import Page as SlotPage
from onecity.ui.contracts import Frame, NavItem, SiteFacts, Visitor

__all__ = ["ELDER_COOKIE", "frame_of", "render", "render_problem", "supply"]

ELDER_COOKIE = "elder"
_AT_THE_DESK = "/messages"  # the one inbox: staff read it without leaving the desk
_PREFIXES = (("/desk/", Face.DESK), ("/brain/", Face.BRAIN), ("/open/", Face.OPEN))


def _bare_facts() -> SiteFacts:
    demo = bool(getattr(settings, "DEMO_MODE", False))
    return SiteFacts(demo=demo, demo_date=today() if demo else None)


def _visitor_of_actor(request: HttpRequest) -> Visitor | None:
    actor = getattr(request, "actor", None)
    if not isinstance(actor, Actor) or actor.account_id is None:
        return None
    return Visitor(name=actor.name, post=" ".join(part for part in (actor.organisation_name, actor.post) if part))


_suppliers: dict[str, Any] = {"facts": _bare_facts, "visitor": _visitor_of_actor, "hrefs": {}}


def supply(
    *,
    facts: Callable[[], SiteFacts] | None = None,
    visitor: Callable[[HttpRequest], Visitor | None] | None = None,
    hrefs: Mapping[str, str] | None = None,
) -> None:
    """Let the site say who runs this instance, who is looking, and the names of the frame's links.

    `hrefs` maps `login`, `messages`, `messages.desk`, `search`, `search.desk` to URL names; unknown names give no link.
    """
    given = {"facts": facts, "visitor": visitor, "hrefs": hrefs}
    _suppliers.update({key: value for key, value in given.items() if value is not None})


def _href(name: str) -> str:
    try:
        return reverse(name) if name else ""
    except NoReverseMatch:
        return ""


def _face_of(path: str) -> Face:
    return next((face for prefix, face in _PREFIXES if path.startswith(prefix)), Face.PORTAL)


def _active_name(path: str, hrefs: Mapping[str, str]) -> str:
    """The entry whose address is the longest beginning of the path; `/` and the to-do list only match themselves."""
    fitting = [
        name
        for name, href in hrefs.items()
        if path == href or (href not in ("/", "/desk/") and path.startswith(href.rstrip("/") + "/"))
    ]
    return max(fitting, key=lambda name: len(hrefs[name]), default="")


def _navigation(face: Face, actor: Actor, path: str) -> tuple[NavItem, ...]:
    try:
        shown = [(page, _href(page.name)) for page in navigation(face, actor)]
        hrefs = {page.name: href for page, href in shown if href}
        active = _active_name(path, hrefs)
        return tuple(_nav_item(page, href, actor, page.name == active) for page, href in shown if href)
    except DatabaseError:  # the page that explains a database fault must not need the database
        return ()


def _nav_item(page: SlotPage, href: str, actor: Actor, active: bool) -> NavItem:
    nav = page.nav
    assert nav is not None
    badge = nav.badge(actor) if nav.badge else 0
    return NavItem(label=nav.label, href=href, icon=nav.icon, badge=badge, active=active, group=str(nav.group))


def frame_of(request: HttpRequest) -> Frame:
    """Everything around the content for this request; built once per request."""
    built = getattr(request, "_ui_frame", None)
    if isinstance(built, Frame):
        return built
    actor = getattr(request, "actor", None) or Actor.anonymous()
    face, names = _face_of(request.path), _suppliers["hrefs"]
    if actor.kind is ActorKind.STAFF and request.path.startswith(_AT_THE_DESK):
        face = Face.DESK
    side = ".desk" if face is Face.DESK else ""
    frame = Frame(
        site=_suppliers["facts"](),
        face=face.value,
        nav=_navigation(face, actor, request.path),
        visitor=_suppliers["visitor"](request),
        elder=request.COOKIES.get(ELDER_COOKIE) == "on",
        path=request.get_full_path(),
        login_href=_href(names.get("login", "")),
        messages_href=_href(names.get(f"messages{side}", "")),
        search_href=_href(names.get(f"search{side}", "")),
    )
    request._ui_frame = frame  # type: ignore[attr-defined]
    return frame


def render(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Render a page inside its frame."""
    return django_render(request, template, {"frame": frame_of(request), **(context or {})}, status=status)


def render_problem(request: HttpRequest, error: CityError) -> HttpResponse:
    """A whole page that says cause, what to do, whom to call and the code, with the status the kernel gives."""
    return render(request, "ui/problem.html", {"problem": problem(error, request.path)}, status=status_of(error))
