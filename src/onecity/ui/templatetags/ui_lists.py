"""Tags of lists: table, tabs, pagination."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString

from onecity.kernel.paging import SIZES, Page
from onecity.ui import drawings
from onecity.ui.contracts import Column, Tab, Table

register = template.Library()


@dataclass(frozen=True, slots=True)
class _Heading:
    column: Column
    href: str = ""
    order: str = ""


def _query_without(context: Context, *names: str) -> str:
    request = context.get("request")
    if request is None:
        return ""
    pairs = [(key, value) for key, values in request.GET.lists() if key not in names for value in values]
    return urlencode(pairs)


def _heading(column: Column, sort: str, query: str) -> _Heading:
    if not column.sortable:
        return _Heading(column)
    ascending, descending = column.key, f"-{column.key}"
    following = descending if sort == ascending else ascending
    order = {ascending: "ascending", descending: "descending"}.get(sort, "")
    return _Heading(column, "?" + "&".join(part for part in (query, f"sort={following}") if part), order)


def visitor_mark(context: Context) -> SafeString:
    """The watermark of whoever is looking; nothing for a stranger."""
    visitor = getattr(context.get("frame"), "visitor", None)
    text = str(visitor.mark) if visitor is not None else ""
    return drawings.watermark(text) if text else SafeString("")


@register.simple_tag(takes_context=True)
def page_mark(context: Context) -> SafeString:
    """The visitor's watermark over the nearest `.watermarked` box, for lists of persons that are not a `{% table %}`."""
    return visitor_mark(context)


@register.inclusion_tag("ui/lists/table.html", takes_context=True)
def table(context: Context, value: Table) -> dict[str, Any]:
    """A list: running number, lights, two-line cells, sort links, empty state, pagination, keyboard."""
    query = _query_without(context, "sort", "page")
    rows = [(row, list(zip(value.columns, row.cells, strict=True))) for row in value.rows]
    return {
        "table": value,
        "headings": [_heading(column, value.sort, query) for column in value.columns],
        "rows": rows,
        "start": value.paging.first if value.paging and value.paging.total else 1,
        "request": context.get("request"),
        "mark": visitor_mark(context) if value.persons and value.rows else "",
        "answers": any(row.approve_href or row.return_href for row in value.rows),
    }


@register.inclusion_tag("ui/lists/pagination.html", takes_context=True)
def pagination(context: Context, paging: Page[Any]) -> dict[str, Any]:
    """第 1–20 条，共 23 条, page links around the current one, and the page size."""
    query = _query_without(context, "page", "size")
    near = range(max(1, paging.number - 2), min(paging.pages, paging.number + 2) + 1)
    shown = sorted({1, paging.pages, *near})
    links: list[int | None] = []
    for number in shown:
        if links and links[-1] is not None and number - links[-1] > 1:
            links.append(None)
        links.append(number)
    return {"paging": paging, "links": links, "sizes": SIZES, "query": f"{query}&" if query else ""}


@register.inclusion_tag("ui/lists/tabs.html")
def tabs(items: Sequence[Tab], label: str = "") -> dict[str, Any]:
    """Tabs are links: each has an address and survives going back."""
    return {"tabs": items, "label": label}
