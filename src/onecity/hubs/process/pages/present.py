"""Turns contracts of the process hub into the design system's shapes. Owns wording of the lists; decides nothing."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from onecity.hubs.process.contracts import (
    UNIT_WORDS,
    VERB_WORDS,
    ItemState,
    LightFilter,
    LightKind,
    LightView,
    StepView,
    TodoCounts,
    TodoFilter,
    TodoTab,
    Verb,
    WorkItemView,
)
from onecity.kernel.paging import Page
from onecity.ui.contracts import Cell, Column, Empty, Fact, Light, Option, Row, Tab, Table, TagMark, TimelineEntry
from onecity.ui.formats import short_datetime

_TONES = {Verb.AGREE: "good", Verb.DISAGREE: "alarm", Verb.SEND_BACK: "warn", Verb.URGE: "warn", Verb.SUPERVISE: "warn"}


def verb_word(verb: Verb) -> str:
    """A verb as a button says it; the same Chinese word may be a state elsewhere, hence the context."""
    return pgettext("verb", VERB_WORDS[verb])


def lamp(light: LightView) -> Light:
    """A light for the page; without a limit it shows no days."""
    endless = light.kind is LightKind.GREY or not light.unit
    return Light(light.kind.value, None if endless else light.days, _(light.unit) if light.unit else "", light.reason)


def address(request: HttpRequest, **changes: str) -> str:
    """The same page with some query parameters changed; empty ones vanish. Filters are kept."""
    query = {key: value for key, value in request.GET.items() if key != "item"} | changes
    kept = {key: value for key, value in query.items() if value}
    return f"{request.path}?{urlencode(kept)}" if kept else request.path


def table(request: HttpRequest, page: Page[WorkItemView], tab: TodoTab, opened: WorkItemView | None) -> Table:
    """The list; J, K, Enter move and open, A and R answer the opened item."""
    columns = (
        Column("light", _("时限"), sortable=False),
        Column("number", _("编号")),
        Column("summary", _("事由"), hideable=False),
        Column("node", _("环节 · 责任单位")),
    )
    return Table(
        id="todo",
        caption=str(_TITLES[tab]()),
        columns=columns,
        rows=[_row(request, item, tab, opened) for item in page.items],
        empty=Empty(_("这里没有等您办理的事项"), _("新的事项到达后会出现在这里；换一个条件，或点“重置”看全部。"))
        if tab is TodoTab.TODO
        else None,
        selectable=tab is TodoTab.TODO and bool(page.items),
        keyboard=True,
        settings=True,
        paging=page,
        persons=True,
    )


_TITLES = {
    TodoTab.TODO: lambda: _("待办"),
    TodoTab.READ: lambda: _("待阅"),
    TodoTab.STARTED: lambda: _("我发起的"),
    TodoTab.DONE: lambda: _("已办 · 办结"),
}


def title(tab: TodoTab) -> str:
    """The heading of a list."""
    return _TITLES[tab]()


def _row(request: HttpRequest, item: WorkItemView, tab: TodoTab, opened: WorkItemView | None) -> Row:
    href = address(request, item=str(item.id))
    first = Cell(light=lamp(item.light)) if item.completed_at is None else Cell(tags=[_result(item)])
    marks = [TagMark(_("督办"), "alarm")] if item.supervised else []
    marks += [TagMark(_("催办 %(n)s 次") % {"n": item.urged}, "warn")] if item.urged else []
    received = _("%(at)s 收件") % {"at": short_datetime(item.received_at)[:5]}
    finished = _("%(at)s 办结") % {"at": short_datetime(item.completed_at)}
    cells = (
        first,
        Cell(item.matter.number or "—", finished if tab is TodoTab.DONE else received),
        Cell(item.summary, item.reason, href=href, strong=True, tags=marks),
        Cell(item.node_name or item.definition_name, holder(item)),
    )
    return Row(str(item.id), cells, href, bool(opened and opened.id == item.id), href, href)


def holder(item: WorkItemView) -> str:
    """Who holds an item: the person if claimed, and the office."""
    return " · ".join(part for part in (item.organisation_name, item.assignee_name) if part) or "—"


def _result(item: WorkItemView) -> TagMark:
    if item.state is ItemState.CANCELLED or item.verb is None:
        return TagMark(_("已取消"), "still")
    return TagMark(verb_word(item.verb), _TONES.get(item.verb, "plain"))  # type: ignore[arg-type]


def tabs(request: HttpRequest, counts: TodoCounts, chosen: TodoFilter) -> list[Tab]:
    """全部 and one tab per kind of matter, with counts."""
    every = Tab(_("全部"), address(request, definition="", page=""), not chosen.definition, counts.todo)
    return [every] + [
        Tab(
            kind.name,
            address(request, definition=kind.definition, page=""),
            chosen.definition == kind.definition,
            kind.count,
        )
        for kind in counts.by_definition
    ]


def light_options(chosen: TodoFilter) -> list[Option]:
    """The filter by light."""
    words = {
        LightFilter.ALL: _("全部"),
        LightFilter.OVERDUE: _("红 超期"),
        LightFilter.SOON: _("黄 临期"),
        LightFilter.NORMAL: _("绿 正常"),
        LightFilter.SUSPENDED: _("灰 挂起"),
    }
    return [Option(light.value, word, chosen.light is light) for light, word in words.items()]


def definition_options(counts: TodoCounts, chosen: TodoFilter) -> list[Option]:
    """The filter by kind of matter."""
    kinds = [Option(kind.definition, kind.name, chosen.definition == kind.definition) for kind in counts.by_definition]
    return [Option("", _("全部"), not chosen.definition), *kinds]


def facts(item: WorkItemView) -> list[Fact]:
    """The head of the opened item."""
    found = [
        Fact(_("编号"), item.matter.number or "—", href=item.matter.link),
        Fact(_("事项"), item.definition_name),
        Fact(_("环节"), item.node_name or "—"),
        Fact(_("责任单位"), holder(item)),
    ]
    if item.completed_at is None:
        note = (
            _("限 %(amount)s %(unit)s") % {"amount": item.limit.amount, "unit": _(UNIT_WORDS[item.limit.unit])}
            if (item.limit)
            else ""
        )
        found.append(Fact(_("时限"), light=lamp(item.light), note=note))
    else:
        found.append(
            Fact(_("结果"), _result(item).label, note=f"{item.completed_name} {short_datetime(item.completed_at)}")
        )
    if item.supervised:
        found.append(Fact(_("督办要求"), item.supervised))
    return found


def timeline(steps: tuple[StepView, ...]) -> list[TimelineEntry]:
    """办理过程 with opinion and signature time."""
    return [
        TimelineEntry(
            f"{step.node_name} {verb_word(step.verb)}".strip(),
            step.at,
            " · ".join(part for part in (step.who, step.organisation_name) if part),
            step.opinion,
            _TONES.get(step.verb, "plain"),  # type: ignore[arg-type]
        )
        for step in steps
    ]
