"""Tags of figures: figure card, headline figure, bar list, live feed, trend, chart, map panel."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django import template
from django.utils.safestring import SafeString

from onecity.ui import drawings
from onecity.ui.contracts import Bar, Chart, FeedEntry, FigureCard, MapPanel

register = template.Library()


@register.inclusion_tag("ui/figures/figure_card.html")
def figure_card(value: FigureCard, level: int = 3) -> dict[str, Any]:
    """Value, unit, trend, definition, source and time; opens its details. `level` is the heading's."""
    return {"figure": value, "level": level, "trend": drawings.trend(value.trend)}


@register.inclusion_tag("ui/figures/headline.html")
def headline_figure(value: FigureCard) -> dict[str, Any]:
    """One of the three large figures above the map."""
    return {"figure": value}


@register.inclusion_tag("ui/figures/bar_list.html")
def bar_list(items: Sequence[Bar], label: str = "") -> dict[str, Any]:
    """A comparison: label, bar, value."""
    return {"bars": [(item, drawings.bar(item.share)) for item in items], "label": label}


@register.inclusion_tag("ui/figures/feed.html")
def live_feed(items: Sequence[FeedEntry], poll_href: str = "", empty: str = "") -> dict[str, Any]:
    """What is happening, newest first."""
    return {"entries": items, "poll_href": poll_href, "empty": empty}


@register.simple_tag
def trend(values: Sequence[float]) -> SafeString:
    """A trend line alone."""
    return drawings.trend(values)


@register.inclusion_tag("ui/figures/chart.html")
def chart(value: Chart) -> dict[str, Any]:
    """A chart drawn by script, with the same numbers in a table below."""
    rows = [(label, [series.values[index] for series in value.series]) for index, label in enumerate(value.labels)]
    data = {
        "kind": value.kind,
        "unit": value.unit,
        "labels": list(value.labels),
        "series": [{"name": series.name, "values": list(series.values)} for series in value.series],
    }
    return {"chart": value, "rows": rows, "data": data, "data_id": f"{value.id}-data"}


@register.inclusion_tag("ui/figures/map_panel.html")
def map_panel(value: MapPanel, tall: bool = False) -> dict[str, Any]:
    """A map of GeoJSON layers without tiles; its alternative list is always in the page."""
    data = {"bounds": value.bounds, "layers": [asdict(layer) for layer in value.layers]}
    return {"map": value, "data": data, "data_id": f"{value.id}-data", "tall": tall}
