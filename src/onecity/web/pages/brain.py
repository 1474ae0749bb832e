"""The opening page of the city brain: figures from real tables through front doors, the map of ten districts in the middle.

Owns: which figure stands where, with definition, source and time. Refuses: persons, and figures nobody measured — what is not
connected yet is named as such.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from onecity.hubs.basemap import api as basemap
from onecity.hubs.credential.contracts import Permission as Credential
from onecity.hubs.exchange import api as exchange
from onecity.hubs.exchange.contracts import Permission as Exchange
from onecity.hubs.exchange.contracts import SourceState
from onecity.hubs.process.contracts import Permission as Process
from onecity.hubs.service.contracts import Permission as Service
from onecity.kernel.actor import Actor
from onecity.kernel.policy import allows
from onecity.ui.contracts import Bar, Fact, FeedEntry, FigureCard, MapLayer, MapPanel, Tone
from onecity.ui.formats import DASH, short_datetime
from onecity.ui.pages import render
from onecity.web.pages.brain_figures import CityFigures, figures_of
from onecity.web.pages.home import link

__all__ = ["bars", "cards", "opening"]

DISTRICT = "district"
TALL_DEGREES = 0.12
SOURCES_SHOWN = 4


def _rate(part: int, whole: int) -> str:
    """Two decimals; a zero denominator gives the dash."""
    return f"{part / whole:.2%}" if whole else DASH


def _open(actor: Actor, permission: str, name: str) -> str:
    """The address of the details when this actor may open them."""
    return link(name) if allows(actor, permission) else ""


def cards(figures: CityFigures, actor: Actor) -> list[FigureCard]:
    """Indicators at the left."""
    judged = figures.by_rule + figures.by_person
    measured: dict[str, Any] = {"as_of": figures.at, "scope": _("全市")}
    return [
        FigureCard(
            _("共享调用"), f"{sum(figures.calls):,}", _("次 今日"), trend=figures.calls,
            definition=_("经共享交换放行、已答复并留下存证的调用次数；折线为今日每小时"), source=_("共享交换存证日志"),
            href=_open(actor, Exchange.OPERATE_SOURCES, "exchange.sources"), **measured,
        ),
        FigureCard(
            _("免交材料"), f"{figures.papers_saved:,}", _("份 累计"), _("少跑 %(n)s 次") % {"n": f"{figures.visits_saved:,}"},
            definition=figures.definition or _("还没有一件事，暂无口径"), source=_("事项定义与办件库计算"),
            href=_open(actor, Service.STATISTICS, "service.savings"), **measured,
        ),
        FigureCard(
            _("规则直办率"), _rate(figures.by_rule, judged), "", _("转人工 %(n)s 件") % {"n": f"{figures.by_person:,}"}, "plain",
            definition=_("由规则直接通过的办件数 ÷ 已判定的办件数；撤回的不计"), source=_("办件库"),
            href=_open(actor, Service.VIEW, "service.desk"), **measured,
        ),
        FigureCard(
            _("电子证照"), f"{figures.certificates:,}", _("份 累计"),
            definition=_("本平台签发的证照份数，含已注销"), source=_("证照库"),
            href=_open(actor, Credential.CERTIFICATE_VIEW, "credential.certificates"), **measured,
        ),
    ]  # fmt: skip


def _headlines(figures: CityFigures, actor: Actor) -> list[FigureCard]:
    applications = _open(actor, Service.VIEW, "service.desk")
    return [
        FigureCard(_("登记人口（合成数据）"), f"{figures.persons:,}", _("人")),
        FigureCard(_("已提交办件"), f"{figures.submitted:,}", _("件"), href=applications),
        FigureCard(_("办结率"), _rate(figures.finished, figures.submitted), href=applications),
    ]


def _districts() -> dict[str, Any]:
    return dict(basemap.outlines(DISTRICT))


def _label(one: dict[str, Any], number: int) -> dict[str, Any]:
    """Name and number in the middle of the box around the outer ring; a low district takes one line, so that all ten are shown."""
    geometry, name = one["geometry"], one["properties"]["name"]
    ring = geometry["coordinates"][0] if geometry["type"] == "Polygon" else geometry["coordinates"][0][0]
    xs, ys = [point[0] for point in ring], [point[1] for point in ring]
    between = "\n" if max(ys) - min(ys) > TALL_DEGREES else " "
    middle = [(min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2]
    return {
        "type": "Feature",
        "properties": {"label": f"{name}{between}{number:,}"},
        "geometry": {"type": "Point", "coordinates": middle},
    }


def _map(outlines: dict[str, Any], figures: CityFigures) -> MapPanel:
    counted = {area.area: area.submitted for area in figures.areas}
    labels = [_label(one, counted.get(one["properties"]["code"], 0)) for one in outlines["features"]]
    words = [
        Fact(one["properties"]["name"], f"{counted.get(one['properties']['code'], 0):,}", _("件已提交办件"))
        for one in outlines["features"]
    ]
    return MapPanel(
        id="city-map", title=_("各区（市）已提交办件"),
        layers=(
            MapLayer("districts", outlines, "area", _("区（市）")),
            MapLayer("names", {"type": "FeatureCollection", "features": labels}, "label"),
        ),
        alternative=words, note=_("示意轮廓，非地图；数字为已提交办件"),
    )  # fmt: skip


def bars(outlines: dict[str, Any], figures: CityFigures) -> list[Bar]:
    """Share of judged applications passed by rule, per district in official order; nothing judged gives the dash."""
    by_code = {area.area: area for area in figures.areas}
    made = []
    for one in outlines["features"]:
        area = by_code.get(one["properties"]["code"])
        whole = area.by_rule + area.by_person if area else 0
        part = area.by_rule if area else 0
        made.append(Bar(one["properties"]["name"], part / whole if whole else 0.0, _rate(part, whole)))
    return made


def _sources() -> tuple[list[FeedEntry], int]:
    """Providers that need a look first, then the ones asked most recently; and how many healthy ones are left out."""
    found = sorted(exchange.source_status(), key=lambda s: s.last_at.timestamp() if s.last_at else 0.0, reverse=True)
    ordered = sorted(found, key=lambda status: status.state is SourceState.UP)
    unhealthy = sum(status.state is not SourceState.UP for status in found)
    shown = ordered[: max(SOURCES_SHOWN, unhealthy)]
    tones: dict[SourceState, Tone] = {SourceState.UP: "good", SourceState.STOPPED: "still"}
    entries = [
        FeedEntry(
            short_datetime(status.last_at)[-5:] if status.last_at else DASH,
            status.provider_name or status.provider, status.text, tones.get(status.state, "alarm"),
        )
        for status in shown
    ]  # fmt: skip
    return entries, len(ordered) - len(shown)


def opening(request: HttpRequest) -> HttpResponse:
    """The page."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    figures, outlines = figures_of(actor), _districts()
    sources, more_sources = _sources()
    return render(
        request, "web/brain.html",
        {
            "figures": figures, "cards": cards(figures, actor), "headlines": _headlines(figures, actor),
            "map": _map(outlines, figures), "bars": bars(outlines, figures), "sources": sources, "more_sources": more_sources,
            "todo_href": _open(actor, Process.TODO_VIEW, "process.todo"),
            "later": [_("城市案件"), _("感知与预警"), _("视频与无人机"), _("公文与督办"), _("算力")],
        },
    )  # fmt: skip
