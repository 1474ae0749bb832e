"""The one list of this hub's screens."""

from django.utils.translation import gettext_lazy as _

from onecity.hubs.process import api
from onecity.hubs.process.contracts import Permission
from onecity.hubs.process.pages import acts, calendar, pieces, todo
from onecity.kernel.slots import Face, Nav, Page, register_page, register_slot

_VIEW = Permission.TODO_VIEW


def register_pages() -> None:
    """Called once in `ready()`."""
    register_slot("desk.figures", pieces.home_figures)
    register_slot("desk.home", pieces.home_todo)
    lists = (
        ("/desk/", todo.todo, "process.todo", Nav(_("待办"), "inbox", "", 1, api.todo_badge)),
        ("/desk/process/read", todo.read, "process.read", Nav(_("待阅"), "eye", "", 2, api.read_badge)),
        ("/desk/process/started", todo.started, "process.started", Nav(_("我发起的"), "send", "", 3)),
        ("/desk/process/done", todo.done, "process.done", Nav(_("已办 · 办结"), "check-check", "", 4)),
    )
    for path, view, name, nav in lists:
        register_page(Page(Face.DESK, path, view, name, _VIEW, nav))
    for path, plain, name in (
        ("/desk/process/print", todo.print_list, "process.print"),
        ("/desk/process/items/<uuid:item_id>", todo.item, "process.item"),
        ("/desk/process/items/<uuid:item_id>/act", acts.act, "process.act"),
        ("/desk/process/batch", acts.batch, "process.batch"),
    ):
        register_page(Page(Face.DESK, path, plain, name, _VIEW))
    register_page(
        Page(
            Face.DESK,
            "/desk/process/calendar",
            calendar.calendar,
            "process.calendar",
            Permission.CALENDAR_MANAGE,
            Nav(_("工作日历"), "calendar-days", _("系统管理"), 86, pieces.calendar_badge),
        )
    )
    register_page(
        Page(
            Face.DESK,
            "/desk/process/calendar/template",
            calendar.template,
            "process.calendar_template",
            Permission.CALENDAR_MANAGE,
        )
    )
    register_slot("desk.home", pieces.calendar_warning)
