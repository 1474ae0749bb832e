"""What the process hub puts on 今日: the figures of the to-do list and its most urgent lines."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from onecity.hubs.process import api
from onecity.hubs.process.contracts import Permission, TodoFilter
from onecity.hubs.process.pages.present import holder, lamp
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now
from onecity.kernel.paging import PageRequest
from onecity.kernel.policy import allows
from onecity.kernel.slots import SlotPiece
from onecity.ui.contracts import FigureCard, Tone

__all__ = ["calendar_badge", "calendar_warning", "home_figures", "home_todo"]

SHOWN = 5


def home_figures(actor: Actor, context: Mapping[str, Any]) -> SlotPiece | None:
    """待办, 红, 黄, each opening its list."""
    if not allows(actor, Permission.TODO_VIEW):
        return None
    counts, href = api.todo_counts(actor), reverse("process.todo")
    lines: tuple[tuple[str, int, str, str, Tone, str], ...] = (
        (_("待办"), counts.todo, "", "", "plain", _("等本岗位办理的工作项，含挂起")),
        (_("红 超期"), counts.overdue, "?light=overdue", _("先办这些") if counts.overdue else "", "alarm", _("已过期限、未办理的工作项")),
        (_("黄 临期"), counts.soon, "?light=soon", "", "warn", _("期限只剩最后一天（小时时限为最后一小时）的工作项")),
    )  # fmt: skip
    cards = [
        FigureCard(
            title, f"{number:,}", _("件"), change, tone, definition=words, scope=_("本岗位"), as_of=now(), source=_("工作项"),
            href=href + query,
        )
        for title, number, query, change, tone, words in lines
    ]  # fmt: skip
    return SlotPiece("", {"cards": cards}, 10)


def home_todo(actor: Actor, context: Mapping[str, Any]) -> SlotPiece | None:
    """The most urgent items, one touch from being opened."""
    if not allows(actor, Permission.TODO_VIEW):
        return None
    found = api.todo(actor, TodoFilter(), PageRequest(1, SHOWN))
    rows = [(item, lamp(item.light), holder(item)) for item in found.items]
    return SlotPiece("process/home_todo.html", {"rows": rows, "total": found.total}, 10)


def calendar_badge(actor: Actor) -> int:
    """1 while a year that clocks need soon has no rows."""
    return 1 if api.calendar_gap() else 0


def calendar_warning(actor: Actor, context: Mapping[str, Any]) -> SlotPiece | None:
    """From December on, whoever keeps the calendar is told that next year's notice is missing."""
    if not allows(actor, Permission.CALENDAR_MANAGE):
        return None
    year = api.calendar_gap()
    return SlotPiece("process/home_calendar.html", {"year": year}, 1) if year else None
