"""Fills the place `desk.export` above the to-do lists: the same list, with the same filters, as a workbook.

Owns: which columns of a work item leave. Refuses: an export without the permission to export — support asks for it again.
"""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from enum import Enum
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from onecity.hubs.process import api as process
from onecity.hubs.process.contracts import LightFilter, LightView, TodoFilter, TodoSort, TodoTab, WorkItemView
from onecity.hubs.support import api as support
from onecity.hubs.support.contracts import ExportedFile
from onecity.hubs.support.contracts import Permission as Support
from onecity.kernel.actor import Actor
from onecity.kernel.clock import CITY_ZONE
from onecity.kernel.paging import PageRequest
from onecity.kernel.policy import allows
from onecity.kernel.slots import SlotPiece
from onecity.ui.exports import send_export

__all__ = ["light_words", "todo", "todo_button"]

MOST = 20_000
TITLES = {TodoTab.TODO: "待办", TodoTab.READ: "待阅", TodoTab.STARTED: "我发起的", TodoTab.DONE: "已办 · 办结"}
WORDS = {"green": "绿 剩 %(n)s %(unit)s", "yellow": "黄 剩 %(n)s %(unit)s", "red": "红 超期 %(n)s %(unit)s"}


def todo_button(actor: Actor, context: Mapping[str, Any]) -> SlotPiece | None:
    """The button, for who may export; its address carries the list's filters."""
    chosen = context.get("filter")
    if not isinstance(chosen, TodoFilter) or not allows(actor, Support.TABLE_EXPORT):
        return None
    return SlotPiece("ui/parts/export.html", {"href": f"{reverse('web.export_todo')}?{urlencode(_query(chosen))}"}, 50)


def _query(chosen: TodoFilter) -> dict[str, str]:
    found = {one.name: getattr(chosen, one.name) for one in fields(chosen)}
    words = {name: value.value if isinstance(value, Enum) else str(value) for name, value in found.items() if value}
    return {name: word for name, word in words.items() if word}


def todo(request: HttpRequest) -> HttpResponse:
    """POST gives the workbook; above a thousand rows the reason is asked first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    chosen = _chosen(request)
    title = _(TITLES[chosen.tab])
    rows = process.todo(actor, chosen, PageRequest(1, 1)).total
    return send_export(
        request, title=title, rows=rows, ask_above=support.REASON_FROM_ROWS, back=reverse("process.todo"),
        write=partial(_write, actor, chosen, title),
    )  # fmt: skip


def _chosen(request: HttpRequest) -> TodoFilter:
    given = request.GET
    tab, light, sort = given.get("tab", ""), given.get("light", ""), given.get("sort", "")
    return TodoFilter(
        tab=TodoTab(tab) if tab in set(TodoTab) else TodoTab.TODO,
        definition=given.get("definition", "")[:80],
        light=LightFilter(light) if light in set(LightFilter) else LightFilter.ALL,
        received_from=_day(given.get("received_from", "")),
        received_to=_day(given.get("received_to", "")),
        text=given.get("text", "").replace("\x00", "")[:80],
        sort=TodoSort(sort) if sort in set(TodoSort) else TodoSort.DUE,
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _write(actor: Actor, chosen: TodoFilter, title: str, reason: str) -> ExportedFile:
    columns = (
        _("序"), _("时限"), _("编号"), _("事由"), _("为什么需要您看"), _("事项"), _("环节"), _("责任单位"), _("办理人"), _("收件"),
        _("期限"),
    )  # fmt: skip
    items = process.todo(actor, chosen, PageRequest(1, MOST)).items
    lines = [(number, *_line(item)) for number, item in enumerate(items, 1)]
    return support.export_table(actor, title=title, columns=columns, rows=lines, reason=reason)


def _line(item: WorkItemView) -> tuple[str, ...]:
    return (
        light_words(item.light), item.matter.number, item.summary, item.reason, item.definition_name, item.node_name,
        item.organisation_name, item.assignee_name, _moment(item.received_at), _moment(item.due_at),
    )  # fmt: skip


def _moment(at: datetime | None) -> str:
    return at.astimezone(CITY_ZONE).strftime("%Y-%m-%d %H:%M") if at else ""


def light_words(light: LightView) -> str:
    """A light in a cell that has no colour: 红 超期 2 工作日."""
    pattern = WORDS.get(light.kind.value)
    if pattern is None:
        return f"{_('灰 挂起')} {light.reason}".strip()
    return _(pattern) % {"n": abs(light.days), "unit": _(light.unit)} if light.unit else _("无时限")
