"""待办, 待阅, 我发起的, 已办: the list in the middle, the opened item at the right. Plain links and forms."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from onecity.hubs.identity import api as identity
from onecity.hubs.identity.contracts import StaffFilter
from onecity.hubs.process import api
from onecity.hubs.process.contracts import (
    FINISHING,
    LightFilter,
    TodoFilter,
    TodoSort,
    TodoTab,
    Verb,
    WorkItemView,
)
from onecity.hubs.process.errors import ItemUnknown
from onecity.hubs.process.pages import present
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now
from onecity.kernel.paging import PageRequest
from onecity.kernel.slots import fill
from onecity.ui.contracts import Option
from onecity.ui.formats import short_datetime
from onecity.ui.pages import render

_PRINTED = 500
_PEOPLE = 100
_KEYS = {Verb.AGREE: "A", Verb.SEND_BACK: "R", Verb.READ: "A"}
_KINDS = {Verb.AGREE: "primary", Verb.READ: "primary", Verb.DISAGREE: "danger"}
_TO_SOMEBODY = frozenset({Verb.TRANSFER, Verb.COUNTERSIGN, Verb.ADD_SIGN})


def actor_of(request: HttpRequest) -> Actor:
    """The actor the middleware found."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def todo(request: HttpRequest) -> HttpResponse:
    """What waits for this post."""
    return _page(request, TodoTab.TODO)


def read(request: HttpRequest) -> HttpResponse:
    """What is sent for reading."""
    return _page(request, TodoTab.READ)


def started(request: HttpRequest) -> HttpResponse:
    """What this person began."""
    return _page(request, TodoTab.STARTED)


def done(request: HttpRequest) -> HttpResponse:
    """What this person decided."""
    return _page(request, TodoTab.DONE)


def item(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """A link to one item, for messages and other hubs: the to-do list with it opened."""
    return HttpResponseRedirect(f"{reverse('process.todo')}?item={item_id}")


def filter_of(request: HttpRequest, tab: TodoTab) -> TodoFilter:
    """The list's filter from the query; anything odd is ignored."""
    query = request.GET
    return TodoFilter(
        tab=tab,
        definition=query.get("definition", "")[:80],
        light=_member(LightFilter, query.get("light", ""), LightFilter.ALL),
        received_from=_day(query.get("received_from", "")),
        received_to=_day(query.get("received_to", "")),
        text=query.get("q", "").replace("\x00", "")[:80],
        sort=_member(TodoSort, query.get("sort", ""), TodoSort.DUE),
    )


def _member(kind: Any, text: str, default: Any) -> Any:
    return kind(text) if text in list(kind) else default


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _page(request: HttpRequest, tab: TodoTab) -> HttpResponse:
    actor, chosen = actor_of(request), filter_of(request, tab)
    page = api.todo(actor, chosen, PageRequest.parse(request.GET.get("page"), request.GET.get("size")))
    opened = _opened(actor, request.GET.get("item", ""))
    counts = api.todo_counts(actor)
    context = {
        "title": present.title(tab),
        "tab": tab,
        "is_todo": tab is TodoTab.TODO,
        "subheading": _("截至 %(at)s · 本岗位 · 共 %(total)s 件，超期 %(overdue)s，临期 %(soon)s")
        % {"at": short_datetime(now()), "total": counts.todo, "overdue": counts.overdue, "soon": counts.soon}
        if tab is TodoTab.TODO
        else _("共 %(total)s 件") % {"total": page.total},
        "tabs": present.tabs(request, counts, chosen) if tab is TodoTab.TODO else (),
        "table": present.table(request, page, tab, opened),
        "page": page,
        "chosen": chosen,
        "lights": present.light_options(chosen),
        "definitions": present.definition_options(counts, chosen),
        "print_href": f"{reverse('process.print')}?tab={tab.value}&{request.GET.urlencode()}",
        "back": present.address(request),
        "exports": _pieces(request, "desk.export", {"tab": tab, "filter": chosen}),
        **(_panel(request, actor, opened) if opened else {}),
    }
    return render(request, "process/todo.html", context)


def _opened(actor: Actor, wanted: str) -> WorkItemView | None:
    try:
        return api.work_item(actor, UUID(wanted)) if wanted else None
    except (ValueError, ItemUnknown):
        return None


def _pieces(request: HttpRequest, slot: str, context: dict[str, Any]) -> list[str]:
    return [
        render_to_string(piece.template, dict(piece.context), request)
        for piece in fill(slot, actor_of(request), context)
    ]


def _panel(request: HttpRequest, actor: Actor, opened: WorkItemView) -> dict[str, Any]:
    """The opened item: its reason first, then what its hub shows, the history, and the verbs."""
    handing = [verb for verb in opened.verbs if verb in _TO_SOMEBODY]
    return {
        "item": opened,
        "facts": present.facts(opened),
        "pieces": _pieces(request, "desk.item", {"item": opened}),
        "form_pieces": _pieces(request, "desk.item.form", {"item": opened}),
        "timeline": present.timeline(api.history(opened.matter.id)),
        "decisions": [_button(verb) for verb in opened.verbs if verb in FINISHING],
        "elsewhere": _elsewhere(opened),
        "others": [_button(verb) for verb in opened.verbs if verb not in FINISHING and verb not in _TO_SOMEBODY],
        "handing": [_button(verb) for verb in handing],
        "people": _people(opened) if handing else (),
        "may_supervise": opened.completed_at is None and api.may_supervise(actor, opened),
        "phrases": api.frequent_opinions(actor) or (_("同意"), _("情况属实，同意"), _("材料不全，请补正")),
        "signer": f"{actor.name} · {actor.post}" if actor.post else actor.name,
    }


def _elsewhere(opened: WorkItemView) -> str:
    """The owner's page when the item is decided there and not here, for whoever may act on it."""
    return (
        opened.matter.link
        if opened.verbs and Verb.SUSPEND in opened.verbs and not FINISHING & set(opened.verbs)
        else ""
    )


def _button(verb: Verb) -> dict[str, str]:
    return {
        "value": verb.value,
        "label": present.verb_word(verb),
        "kind": _KINDS.get(verb, "plain"),
        "key": _KEYS.get(verb, ""),
    }


def _people(opened: WorkItemView) -> list[Option]:
    """Colleagues of the item's office. Names of staff are public in their office."""
    if not opened.organisation:
        return []
    found = identity.staff_list(
        Actor.system("process"), filter=StaffFilter(organisation=opened.organisation), page=PageRequest(1, _PEOPLE)
    )
    return [
        Option(str(person.id), " · ".join([person.name, *(post.title for post in person.posts)]))
        for person in found.items
    ]


def print_list(request: HttpRequest) -> HttpResponse:
    """The list as a sheet of paper, landscape, at most 500 lines."""
    actor = actor_of(request)
    tab = _member(TodoTab, request.GET.get("tab", ""), TodoTab.TODO)
    page = api.todo(actor, filter_of(request, tab), PageRequest(1, _PRINTED))
    context = {
        "heading": present.title(tab),
        "rows": [(item, present.lamp(item.light), present.holder(item)) for item in page.items],
        "page": page,
        "organ": actor.organisation_name,
        "printed_by": actor.name,
        "printed_at": now(),
    }
    return render(request, "process/print.html", context)
