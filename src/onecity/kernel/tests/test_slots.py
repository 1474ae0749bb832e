"""Pages and pieces find their places without knowing one another."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.http import HttpResponse

from onecity.kernel import packs, slots
from onecity.kernel.actor import Actor, ActorKind, PermissionGrant
from onecity.kernel.ids import new_id
from onecity.kernel.models import PackState
from onecity.kernel.slots import Face, Nav, Page, SlotPiece

HUB = Actor.system("test")


def view(request: object) -> HttpResponse:
    return HttpResponse()


@pytest.fixture(autouse=True)
def empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slots, "_pages", {})
    monkeypatch.setattr(slots, "_providers", {})


def page(name: str, path: str = "x/", *, permission: str | None = None, order: int = 50, **more: Any) -> Page:
    made = Page(Face.DESK, path, view, name, permission, Nav(name, "file", order=order), **more)
    slots.register_page(made)
    return made


def piece(name: str, order: int) -> Callable[[Actor, Mapping[str, Any]], SlotPiece]:
    return lambda actor, context: SlotPiece(name, context, order)


def test_a_name_belongs_to_one_page() -> None:
    page("test.one")
    with pytest.raises(ValueError, match="registered twice"):
        slots.register_page(Page(Face.DESK, "y/", lambda request: HttpResponse(), "test.one"))


def test_a_pattern_never_hides_a_fixed_address() -> None:
    page("test.any", "things/<str:key>/")
    page("test.new", "things/new/")
    assert [one.name for one in slots.pages()] == ["test.new", "test.any"]


def test_navigation_shows_what_the_actor_may_open_in_order() -> None:
    page("test.last", order=90)
    page("test.mine", permission="", order=20)
    page("test.secret", permission="test.thing.view", order=10)
    somebody = Actor(ActorKind.STAFF, new_id(), grants=frozenset({PermissionGrant("test.thing.view")}))
    assert [one.name for one in slots.navigation(Face.DESK, somebody)] == ["test.secret", "test.mine", "test.last"]
    assert [one.name for one in slots.navigation(Face.DESK, Actor.anonymous())] == ["test.last"]
    assert slots.navigation(Face.PORTAL, somebody) == []


def test_a_group_stands_together_where_its_first_entry_stands() -> None:
    for name, group, order in (("test.a", "甲", 10), ("test.b", "乙", 20), ("test.c", "甲", 30), ("test.d", "", 40)):
        slots.register_page(Page(Face.DESK, name, view, name, None, Nav(name, "file", group, order)))
    assert [one.name for one in slots.navigation(Face.DESK, HUB)] == ["test.a", "test.c", "test.b", "test.d"]


def test_pieces_come_in_order_and_nothing_is_nothing() -> None:
    slots.register_slot("test.home", piece("b", 20))
    slots.register_slot("test.home", lambda actor, context: None)
    slots.register_slot("test.home", piece("a", 10))
    assert [one.template for one in slots.fill("test.home", HUB, {"x": 1})] == ["a", "b"]
    assert slots.fill("test.elsewhere", HUB, {}) == []


@pytest.mark.django_db
def test_a_pack_that_is_switched_off_shows_nothing() -> None:
    PackState.objects.create(pack="some_pack", version="1", digest="1")
    slots.register_slot("test.home", piece("a", 10), pack="some_pack")
    page("some_pack.list", pack="some_pack")
    for on in (True, False):
        packs.set_enabled(HUB, pack="some_pack", on=on)
        assert len(slots.fill("test.home", HUB, {})) == len(slots.navigation(Face.DESK, HUB)) == int(on)
