"""Sample figures, chart and map of the component pages. Outlines are a sketch, not a map of any city."""

# ruff: noqa: E501 - a table of sample rows reads best one row a line

from math import cos, pi, sin
from typing import Any

from onecity.ui.contracts import Bar, Chart, ChartSeries, Fact, FeedEntry, FigureCard, MapLayer, MapPanel

_PLACES = (
    ("市南区", 120.40, 36.07, 0.9891),
    ("市北区", 120.38, 36.12, 0.9764),
    ("李沧区", 120.43, 36.18, 0.9302),
    ("崂山区", 120.52, 36.13, 0.9820),
    ("黄岛区", 119.98, 35.90, 0.9687),
    ("城阳区", 120.37, 36.31, 0.9550),
    ("胶州市", 120.00, 36.28, 0.7021),
    ("即墨区", 120.52, 36.45, 0.8140),
    ("平度市", 119.95, 36.78, 0.9112),
    ("莱西市", 120.52, 36.87, 0.4870),
)
_OUTLINE = (
    (119.55, 35.75), (119.75, 35.58), (120.02, 35.66), (120.22, 35.92), (120.36, 36.04), (120.62, 36.10), (120.72, 36.34),
    (120.95, 36.52), (120.86, 36.86), (120.60, 37.08), (120.20, 37.02), (119.72, 36.96), (119.56, 36.52), (119.68, 36.10),
    (119.55, 35.75),
)  # fmt: skip


def _features(points: list[tuple[str, float, float]]) -> dict[str, object]:
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {"label": label}, "geometry": {"type": "Point", "coordinates": [x, y]}}
            for label, x, y in points
        ],
    }


def _scatter(count: int, phase: float) -> dict[str, object]:
    spots = []
    for index in range(count):
        _, x, y, _rate = _PLACES[index % len(_PLACES)]
        angle, reach = index * 2.399 + phase, 0.012 * (index % 9)
        spots.append(("", x + reach * cos(angle), y + reach * sin(angle)))
    return _features(spots)


def _map() -> MapPanel:
    outline: dict[str, object] = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [list(_OUTLINE)]}}
        ],
    }
    names = _features([(f"{name}\n{rate:.1%}", x, y) for name, x, y, rate in _PLACES])
    return MapPanel(
        id="city-map",
        title="全市在办案件分布",
        layers=(
            MapLayer("outline", outline, "area"),
            MapLayer("running", _scatter(160, 0.0), "point", "在办案件"),
            MapLayer("due", _scatter(26, pi / 3), "point", "临期", "warn"),
            MapLayer("late", _scatter(14, pi / 2), "point", "超期 · 预警", "alarm"),
            MapLayer("names", names, "label"),
        ),
        alternative=tuple(Fact(name, f"{rate:.2%}", "按期结案率") for name, _x, _y, rate in _PLACES),
        note="示意轮廓，非地图",
    )


_RISE = (3.0, 4.0, 3.2, 5.1, 4.6, 5.9, 5.0, 6.4, 6.1, 7.8, 7.2, 8.6)


def _cards() -> tuple[FigureCard, ...]:
    return (*_cards_with_a_trend(), _card_without_data())


def _cards_with_a_trend() -> tuple[FigureCard, ...]:
    return (
        FigureCard(
            "数据共享调用",
            "2,106",
            "万次 今日",
            "环比 +3.2%",
            "good",
            _RISE,
            "网关放行并留下证明的调用次数",
            "网关证明日志",
            "09:30",
            "全市",
            "#",
            "21,060,431",
        ),
        FigureCard(
            "免交材料",
            "18.4",
            "万份 本月",
            "同比 +41.0%",
            "good",
            _RISE[::-1],
            "按事项定义，应交减实交",
            "事项定义计算",
            "09:30",
            href="#",
        ),
        FigureCard(
            "证照用证",
            "62.7",
            "万次 本月",
            "免提交率 93.41%",
            "good",
            _RISE,
            "出示或授权成功的次数",
            "用证回执",
            "09:30",
        ),
    )


def _card_without_data() -> FigureCard:
    return FigureCard(
        "无感认证",
        "—",
        "",
        "本周期尚无数据",
        "still",
        (),
        "分母为零时不显示百分比",
        "养老待遇",
        "昨日",
        quoted=True,
    )


def figures() -> dict[str, Any]:
    """Cards, headline figures, bars, feed, chart and map for the component pages."""
    cards = _cards()
    hours = tuple(f"{hour}:00" for hour in range(8, 18))
    return {
        "cards": cards,
        "headlines": (
            FigureCard("服务人口（合成数据）", "1,009.65", "万"),
            FigureCard("今日城市案件", "20,667"),
            FigureCard("处置率 本月", "99.12%"),
        ),
        "bars": tuple(Bar(name, rate, f"{rate:.2%}", tone="info" if rate > 0.6 else "alarm") for name, _x, _y, rate in _PLACES),
        "feed": (
            FeedEntry("09:29", "香港中路 爆管 · 1案 200人关注", "剩 31 分", "alarm", "#"),
            FeedEntry("09:27", "棘洪滩水库 水位 蓝色预警", "已派 3 街道", "info"),
            FeedEntry("09:24", "120 急救 绿波护航 开启", "预计 6 分到院", "good"),
            FeedEntry("09:21", "数据共享 撤销授权 1 项", "0.4 秒生效", "still"),
            FeedEntry("09:18", "入学一件事 数据核验恢复", "补核 214 件", "good"),
        ),
        "chart": Chart(
            "calls", "今日共享调用", hours,
            (ChartSeries("今日", (120, 180, 260, 240, 210, 230, 280, 300, 260, 190)), ChartSeries("昨日", (110, 170, 240, 230, 200, 210, 260, 290, 240, None))),
            unit="万次", definition="网关放行并留下证明的调用次数", source="网关证明日志", as_of="09:30",
        ),
        "map": _map(),
    }  # fmt: skip
