"""Home and "me" of the resident portal, filled by what the hubs put into the slots."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.slots import SlotPiece, fill
from onecity.ui.pages import render
from onecity.web.init_city import gate

__all__ = ["home", "link", "me", "quick_accesses", "quick_conditions", "quick_matters", "quick_verify"]

PERSONS = (ActorKind.RESIDENT, ActorKind.ENTERPRISE)
QUICK_SHOWN = 4
ASIDE_FROM = 40
"""Pieces of this order and later stand beside the matters on a wide screen."""


def link(name: str, *args: object) -> str:
    """The address of a page, "" while no hub of this house has it."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _pieces(request: HttpRequest, slot: str) -> list[tuple[int, str]]:
    """Order and markup of what the hubs put into `slot`."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = fill(slot, actor, {"request": request})
    return [(piece.order, render_to_string(piece.template, dict(piece.context), request)) for piece in found]


def home(request: HttpRequest) -> HttpResponse:
    """My matters first, then 一件事, then who used my data; a stranger sees what needs no login and where to log in.

    An empty real city has nothing to show yet and leads to its wizard.
    """
    if gate.is_open():
        return HttpResponseRedirect(reverse("web.init"))
    actor: Actor = request.actor  # type: ignore[attr-defined]
    person = actor.kind in PERSONS
    pieces = _pieces(request, "portal.home")
    context = {
        "person": person,
        "staff": actor.kind is ActorKind.STAFF,
        "quick": [markup for _place, markup in _pieces(request, "portal.quick")][:QUICK_SHOWN],
        "pieces": [markup for order, markup in pieces if order < ASIDE_FROM],
        "beside": [markup for order, markup in pieces if order >= ASIDE_FROM],
    }
    return render(request, "web/home.html", context)


def me(request: HttpRequest) -> HttpResponse:
    """Account, certificates, who used my data, consents, mandates, large type, language, log out."""
    rows = [
        (href, icon, text)
        for href, icon, text in (
            (link("service.applications"), "list-checks", _("我的办件")),
            (link("identity.behalf"), "users-round", _("为谁办事")),
            (link("identity.account"), "user-round-cog", _("账号与安全")),
        )
        if href
    ]
    return render(
        request, "web/me.html", {"pieces": [markup for _place, markup in _pieces(request, "portal.me")], "rows": rows}
    )


def _quick(order: int, tone: str, icon: str, text: str, href: str) -> SlotPiece | None:
    context = {"tone": tone, "icon": icon, "text": text, "href": href}
    return SlotPiece("web/quick.html", context, order) if href else None


def quick_matters(actor: Actor, context: Mapping[str, Any]) -> SlotPiece | None:
    """To my applications, or to the services for a stranger."""
    if actor.kind in PERSONS:
        return _quick(10, "info", "list-checks", _("我的办件"), link("service.applications"))
    return _quick(10, "info", "list-checks", _("办事"), link("service.catalogue"))


def quick_conditions(actor: Actor, context: Mapping[str, Any]) -> SlotPiece | None:
    """Before logging in anybody can ask whether they qualify."""
    return (
        None
        if actor.kind in PERSONS
        else _quick(20, "good", "circle-question-mark", _("查条件"), link("service.catalogue"))
    )


def quick_accesses(actor: Actor, context: Mapping[str, Any]) -> SlotPiece | None:
    """Who used my data is one touch away; staff have no data of their own here."""
    if actor.kind is ActorKind.STAFF:
        return None
    return _quick(40, "warn", "eye", _("数据足迹"), link("exchange.accesses"))


def quick_verify(actor: Actor, context: Mapping[str, Any]) -> SlotPiece | None:
    """Anybody may check a certificate."""
    return _quick(50, "alarm", "scan-line", _("证照核验"), link("credential.verify"))
