"""One dataset: preview, chart, map, files, interface, promise and fact, feedback, uses."""

from collections.abc import Sequence
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from onecity.hubs.opendata import api
from onecity.hubs.opendata.api import budgeted
from onecity.hubs.opendata.contracts import ApplicationState, DatasetView, OpenColumn
from onecity.hubs.opendata.pages.portal import dataset_card
from onecity.hubs.opendata.rules.honesty import CYCLE_WORDS
from onecity.hubs.opendata.rules.package import links_of
from onecity.hubs.opendata.rules.pictures import Picture, picture_of
from onecity.hubs.opendata.rules.row_query import ROW_ID, RowQuery
from onecity.kernel.actor import Actor
from onecity.kernel.errors import CityError
from onecity.ui.contracts import Cell, Chart, ChartSeries, Column, Empty, Fact, MapLayer, MapPanel, Option, Row, Table
from onecity.ui.formats import short_datetime
from onecity.ui.pages import render

__all__ = ["one", "page"]

_SHOWN, _DRAWN, _POINTS = 20, 20_000, 2_000


@require_safe
@budgeted
def one(request: HttpRequest, key: str) -> HttpResponse:
    """The page of a dataset. A conditional one shows no rows."""
    answer = page(request, key)
    if request.method == "GET":
        api.count_use(key, "page")
    return answer


def page(request: HttpRequest, key: str, *, fault: str = "", status: int = 200) -> HttpResponse:
    """The same with what somebody sent and was not taken (`fault`), so that nothing has to be typed twice."""
    view = api.open_dataset(key)
    mine = api.applications_of(_actor(request), key)
    rows = [] if view.conditional else _rows(view)
    drawn = (
        None if view.conditional else picture_of(view.columns, rows, request.GET.get("x", ""), request.GET.get("y", ""))
    )
    context: dict[str, Any] = {
        **dataset_card(view), "facts": _facts(view), "links": links_of(view), "columns_table": _columns(view.columns),
        "preview": _preview(view, rows[:_SHOWN]), "chart": _chart(view, drawn), "axes": _axes(drawn), "map": _map(view, rows),
        "versions": api.published_versions(key), "feedback": api.feedback_of(key),
        "kinds": _kinds(request.POST.get("kind", "")), "uses": api.uses(key=key).items,
        "mine": mine, "may_download": any(one.state is ApplicationState.ACTIVE for one in mine),
        "fault": fault, "given": request.POST, "base": request.build_absolute_uri("/").rstrip("/"),
        "example": next((c.name for c in view.columns if c.indexed), ""), "logged_in": _actor(request).account_id is not None,
    }  # fmt: skip
    return render(request, "opendata/dataset.html", context, status=status)


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _kinds(chosen: str) -> list[Option]:
    return [Option(key, _(word), key == chosen) for key, word in api.FEEDBACK_KINDS.items()]


def _rows(view: DatasetView) -> list[dict[str, Any]]:
    """The first rows for table, chart and map; a missing file leaves the page standing."""
    try:
        shelf, tables = api.web_tables()
        facts = shelf.datasets[view.key]
        return [orjson.loads(blob) for blob in tables.table(facts).read(RowQuery(limit=_DRAWN)).blobs]
    except (CityError, OSError, KeyError):
        return []


def _facts(view: DatasetView) -> list[Fact]:
    licence = next((row["title"] for row in api.licences() if row["key"] == view.licence), view.licence)
    return [
        Fact(_("提供部门"), view.provider_name), Fact(_("数据时间"), short_datetime(view.as_of) if view.as_of else "—"),
        Fact(_("更新周期"), _(CYCLE_WORDS.get(view.update_cycle, view.update_cycle))), Fact(_("数据量"),
        _("%(n)s 行") % {"n": f"{view.rows:,}"}),
        Fact(_("开放方式"), _("有条件开放") if view.conditional else _("无条件开放"), note=view.condition),
        Fact(_("许可"), licence, href=reverse("opendata.licence")), Fact(_("数据版本"), f"v{view.version}"),
        Fact(_("首次开放"), short_datetime(view.opened_at) if view.opened_at else "—"),
        Fact(_("下载"), f"{view.downloads:,}", note=_("文件下载请求数")), Fact(_("接口调用"), f"{view.calls:,}",
        note=_("得到数据的调用数")),
    ]  # fmt: skip


def _columns(columns: Sequence[OpenColumn]) -> Table:
    kinds = {
        "text": _("文本"), "integer": _("整数"), "number": _("数值"), "date": _("日期"), "datetime": _("时间"), "logical": _("是否"),
    }  # fmt: skip
    heads = (
        Column("name", _("字段")),
        Column("label", _("含义")),
        Column("type", _("类型"), narrow=True),
        Column("use", _("接口筛选"), narrow=True),
    )
    rows = [
        Row(
            id=one.name,
            cells=(
                Cell(one.name, strong=True),
                Cell(one.label),
                Cell(kinds.get(one.type, one.type)),
                Cell(_("可筛选、排序") if one.indexed else "—"),
            ),
        )
        for one in columns
    ]
    return Table(id="columns", caption=_("字段"), columns=heads, rows=rows)


def _preview(view: DatasetView, rows: Sequence[dict[str, Any]]) -> Table:
    heads = [Column(one.name, one.label, numeric=one.type in ("integer", "number")) for one in view.columns]
    lines = [
        Row(
            id=str(row[ROW_ID]),
            cells=tuple(Cell("" if row[one.name] is None else str(row[one.name])[:200]) for one in view.columns),
        )
        for row in rows
    ]
    nothing = (
        Empty(_("没有可预览的行"), _("有条件开放的数据集在申请同意后提供"))
        if view.conditional
        else Empty(_("没有可预览的行"), "")
    )
    return Table(id="preview", caption=_("数据预览"), columns=heads, rows=lines, empty=nothing)


def _chart(view: DatasetView, drawn: Picture | None) -> Chart | None:
    if drawn is None:
        return None
    return Chart(
        "picture", f"{drawn.x_label} · {drawn.y_label}", drawn.labels, (ChartSeries(drawn.y_label, drawn.values),), kind=drawn.kind,
        definition=_(drawn.definition), source=view.provider_name, as_of=view.as_of,
    )  # fmt: skip


def _axes(drawn: Picture | None) -> dict[str, list[Option]]:
    if drawn is None:
        return {}
    return {
        "x": [Option(name, label, name == drawn.x) for name, label in drawn.x_choices],
        "y": [Option(name, label, name == drawn.y) for name, label in drawn.y_choices],
    }


def _map(view: DatasetView, rows: Sequence[dict[str, Any]]) -> MapPanel | None:
    """Points where the rows say where they are."""
    if (
        not (view.longitude and view.latitude)
        or not rows
        or view.column(view.longitude) is None
        or view.column(view.latitude) is None
    ):
        return None
    named = next((one.name for one in view.columns if one.type == "text"), "")
    points: list[dict[str, object]] = []
    words: list[Fact] = []
    for row in rows[:_POINTS]:
        x, y = row.get(view.longitude), row.get(view.latitude)
        if (
            not isinstance(x, int | float)
            or not isinstance(y, int | float)
            or not (-180 <= x <= 180 and -90 <= y <= 90)
        ):
            continue
        label = str(row.get(named, "") or "")[:40]
        points.append(
            {"type": "Feature", "geometry": {"type": "Point", "coordinates": [x, y]}, "properties": {"name": label}}
        )
        if len(words) < 30:
            words.append(Fact(label or "—", f"{x:.4f}, {y:.4f}"))
    if not points:
        return None
    layer = MapLayer("points", {"type": "FeatureCollection", "features": points}, "point", view.title, "info")
    note = _("坐标为 CGCS2000 经纬度；最多显示 %(n)s 个点。") % {"n": f"{_POINTS:,}"}
    return MapPanel("map", view.title, (layer,), alternative=words, note=note)
