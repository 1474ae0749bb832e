"""Tags that wrap content: card, filter bar, dialog, disclosure, sticky actions."""

from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_block_tag(end_name="end_card")
def card(content: str, title: str = "", **options: Any) -> SafeString:
    """A card. Options: icon, link, href, id, sub, level (heading level, 2), tone, flush (no padding)."""
    return render_to_string("ui/parts/card.html", {"content": content, "title": title, "level": 2, **options})


@register.simple_block_tag(end_name="end_filter_bar")
def filter_bar(content: str, action: str = "", reset: str = "?", **options: Any) -> SafeString:
    """Filters in one row, sent by GET: 查询 / 重置. Options `more` (second row) and `actions` (right) are HTML."""
    return render_to_string(
        "ui/parts/filter_bar.html", {"content": content, "action": action, "reset": reset, **options}
    )


@register.simple_block_tag(end_name="end_dialog")
def dialog(content: str, id: str, title: str, **options: Any) -> SafeString:
    """A native dialog; without script its content is reached at `#id` as a plain section."""
    return render_to_string("ui/parts/dialog.html", {"content": content, "id": id, "title": title, **options})


@register.simple_block_tag(end_name="end_disclosure")
def disclosure(content: str, summary: str, open: bool = False) -> SafeString:
    """More on demand, native `details`."""
    return render_to_string("ui/parts/disclosure.html", {"content": content, "summary": summary, "open": open})


@register.simple_block_tag(end_name="end_notice")
def notice(content: str, tone: str = "info", title: str = "", icon: str = "info") -> SafeString:
    """A calm sentence in the page that needs reading before acting."""
    return render_to_string("ui/parts/notice.html", {"content": content, "tone": tone, "title": title, "icon": icon})
