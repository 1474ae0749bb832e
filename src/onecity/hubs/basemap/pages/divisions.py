"""区划: the divisions below one division as table and schematic map."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from onecity.hubs.basemap import api
from onecity.hubs.basemap.contracts import LEVEL_WORDS, DivisionView, Level
from onecity.hubs.basemap.errors import DivisionUnknown
from onecity.kernel.paging import Page, PageRequest
from onecity.ui.contracts import Cell, Column, Fact, MapLayer, MapPanel, Row, Table
from onecity.ui.formats import chinese_date
from onecity.ui.pages import render


def divisions(request: HttpRequest) -> HttpResponse:
    """Table and map of what lies below `code` (default: the city)."""
    code = request.GET.get("code", "")
    top = api.divisions(Level.CITY)
    here = api.division(code) if code else (top[0] if top else None)
    if code and here is None:
        raise DivisionUnknown(data={"code": code[:12]})
    below = api.children(here.code) if here else ()
    wanted = PageRequest.parse(request.GET.get("page"), request.GET.get("size"))
    page = Page(below[wanted.offset : wanted.offset + wanted.size], len(below), wanted.number, wanted.size)
    context = {
        "here": here,
        "above": api.division(here.parent) if here and here.parent else None,
        "table": _table(page),
        "page": page,
        "panel": _panel(here, below),
        "subheading": _("共 %(n)s 个，按官方顺序") % {"n": len(below)},
    }
    return render(request, "basemap/divisions.html", context)


def _table(page: Page[DivisionView]) -> Table:
    columns = (
        Column("code", _("代码")),
        Column("name", _("名称")),
        Column("level", _("层级")),
        Column("from", _("起用")),
    )
    rows = [
        Row(
            view.code,
            (
                Cell(view.code),
                Cell(view.name, view.full_name, href=f"?code={view.code}" if view.level is not Level.COMMUNITY else ""),
                Cell(_(LEVEL_WORDS[view.level])),
                Cell(chinese_date(view.valid_from)),
            ),
        )
        for view in page.items
    ]
    return Table("divisions", str(_("行政区划")), columns, rows)


def _panel(here: DivisionView | None, below: tuple[DivisionView, ...]) -> MapPanel | None:
    """The outlines of what is listed; streets are drawn inside their district."""
    if here is None or not below or below[0].level is Level.COMMUNITY:
        return None
    level = below[0].level
    shapes = api.outlines(level, "" if level is Level.DISTRICT else here.code)
    return MapPanel(
        id="divisions-map",
        title=here.full_name,
        layers=[MapLayer("outlines", shapes, kind="area", label=str(_(LEVEL_WORDS[level])))],
        alternative=[Fact(view.name, view.code) for view in below],
        note=_("示意图形，非测绘成果"),
    )
