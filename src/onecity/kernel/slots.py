"""Where hubs and packs show themselves without knowing one another.

Owns: the register of pages (`Page`) and of pieces that fill named places of other pages (`fill`). Refuses: to render.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from onecity.kernel.actor import Actor
from onecity.kernel.policy import allows

__all__ = ["Face", "Nav", "Page", "SlotPiece", "fill", "navigation", "pages", "register_page", "register_slot"]


class Face(StrEnum):
    """The faces of the house."""

    PORTAL = "portal"
    DESK = "desk"
    BRAIN = "brain"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Nav:
    """A navigation entry: label (a translatable string), icon name, group heading, order, and a counter shown beside it."""

    label: Any
    icon: str
    group: Any = ""
    order: int = 50
    badge: Callable[[Actor], int] | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One screen. `permission` None = public; "" = anybody logged in; otherwise the code asked for."""

    face: Face
    path: str
    view: Callable[..., Any]
    name: str
    permission: str | None = None
    nav: Nav | None = None
    pack: str = ""


@dataclass(frozen=True, slots=True)
class SlotPiece:
    """What a provider puts into a slot: a template, its context and its place in the order."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    order: int = 50


Provider = Callable[[Actor, Mapping[str, Any]], SlotPiece | None]

_pages: dict[str, Page] = {}
_providers: dict[str, list[tuple[Provider, str]]] = {}


def register_page(page: Page) -> None:
    """Add a page (in `ready()`); its name must be new."""
    if page.name in _pages and _pages[page.name].view is not page.view:
        raise ValueError(f"page {page.name} is registered twice")
    _pages[page.name] = page


def pages() -> tuple[Page, ...]:
    """All pages, longer paths first so that a pattern never hides a fixed address."""
    return tuple(sorted(_pages.values(), key=lambda page: (page.path.count("<"), page.path)))


def navigation(face: Face, actor: Actor) -> list[Page]:
    """Pages of a face that have a navigation entry and that this actor may open, in order; a group stands together."""
    shown = [(page.nav, page) for page in _pages.values() if page.face is face and page.nav and _may_open(page, actor)]
    first: dict[str, int] = {}
    for nav, _page in shown:
        first[str(nav.group)] = min(nav.order, first.get(str(nav.group), nav.order))
    shown.sort(key=lambda one: (first[str(one[0].group)], str(one[0].group), one[0].order, one[1].name))
    return [page for _nav, page in shown]


def _may_open(page: Page, actor: Actor) -> bool:
    from onecity.kernel.packs import enabled

    if page.pack and not enabled(page.pack):
        return False
    if page.permission is None:
        return True
    return actor.account_id is not None if page.permission == "" else allows(actor, page.permission)


def register_slot(slot: str, provider: Provider, *, pack: str = "") -> None:
    """Let `provider` put a piece into `slot` (or None) each time the slot is filled."""
    _providers.setdefault(slot, []).append((provider, pack))


def fill(slot: str, actor: Actor, context: Mapping[str, Any]) -> list[SlotPiece]:
    """The pieces of a slot in order."""
    from onecity.kernel.packs import enabled

    made = [provider(actor, context) for provider, pack in _providers.get(slot, ()) if not pack or enabled(pack)]
    return sorted((piece for piece in made if piece is not None), key=lambda piece: piece.order)
