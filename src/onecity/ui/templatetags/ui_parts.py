"""Tags of single parts: button, icon, field, light, tag, steps, facts, opinion, states, toast."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.contrib.messages import get_messages
from django.forms.boundfield import BoundField
from django.template.context import Context
from django.utils.safestring import SafeString

from onecity.ui import drawings, formats, icons
from onecity.ui.contracts import (
    Attachment,
    ComparedField,
    Empty,
    Fact,
    Light,
    Opinion,
    Option,
    Problem,
    Progress,
    Source,
    Step,
    TagMark,
    TimelineEntry,
)

register = template.Library()

_TOASTS = {"success": "good", "warning": "warn", "error": "alarm", "info": "info", "debug": "still"}


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """A line icon: `{% icon "qr-code" %}`; with `label` it speaks."""
    return icons.draw(name, str(label), size)


@register.inclusion_tag("ui/parts/button.html")
def button(label: str, **options: Any) -> dict[str, Any]:
    """A button, or a link that looks like one when `href` is given.

    Options: kind (primary, plain, danger, quiet), icon, name, value, type, form, disabled, key (keyboard letter),
    id, confirm (dialog id to open), small, pressed, block.
    """
    return {"label": label, "kind": "plain", "type": "submit", **options}


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """A form field with label, hint, error and source line."""
    return bound.as_field_group()


@register.simple_tag
def field_source(bound: BoundField) -> Source | None:
    """Where the value of this field comes from, when its form says so in `sources`."""
    source = getattr(bound.form, "sources", {}).get(bound.name)
    return source if isinstance(source, Source) else None


@register.inclusion_tag("ui/parts/select.html")
def select(name: str, label: str, options: Sequence[Option], **extra: Any) -> dict[str, Any]:
    """A labelled select outside a Django form, as filter bars use it."""
    return {"name": name, "label": label, "options": options, **extra}


@register.inclusion_tag("ui/parts/date_range.html")
def date_range(name: str, label: str, start: str = "", end: str = "") -> dict[str, Any]:
    """Two native dates in one box, sent as `<name>_from` and `<name>_to` (ISO dates)."""
    return {"name": name, "label": label, "start": start, "end": end}


@register.inclusion_tag("ui/parts/light.html")
def light(value: Light | None, quiet: bool = False) -> dict[str, Any]:
    """A time limit: dot, word, days and unit. Never colour alone."""
    return {"light": value, "words": formats.light_words(value) if value else "", "quiet": quiet}


@register.inclusion_tag("ui/parts/tag.html")
def tag(value: TagMark | str, tone: str = "plain") -> dict[str, Any]:
    """A state in one word."""
    mark = value if isinstance(value, TagMark) else TagMark(str(value), tone)  # type: ignore[arg-type]
    return {"mark": mark}


@register.inclusion_tag("ui/parts/steps.html")
def step_tracker(steps: Sequence[Step], label: str = "") -> dict[str, Any]:
    """Where a matter stands, like a parcel."""
    return {"steps": steps, "label": label}


@register.inclusion_tag("ui/parts/timeline.html")
def timeline(entries: Sequence[TimelineEntry]) -> dict[str, Any]:
    """What happened so far, oldest first."""
    return {"entries": entries}


@register.inclusion_tag("ui/parts/facts.html")
def facts(items: Sequence[Fact], columns: int = 1, label: str = "") -> dict[str, Any]:
    """A key–value list; values may be masked, linked, lit and sourced."""
    return {"facts": items, "columns": columns, "label": label}


@register.inclusion_tag("ui/parts/comparison.html")
def comparison(items: Sequence[ComparedField], rule: str = "") -> dict[str, Any]:
    """Field by field with source and verdict; `rule` names the rule and its version."""
    return {"fields": items, "rule": rule}


@register.inclusion_tag("ui/parts/attachments.html")
def attachments(items: Sequence[Attachment], watermark: str = "") -> dict[str, Any]:
    """Files previewed in the page where a browser can; the rest as downloads."""
    return {"files": items, "watermark": drawings.watermark(watermark) if watermark else ""}


@register.inclusion_tag("ui/parts/opinions.html")
def opinions(items: Sequence[Opinion]) -> dict[str, Any]:
    """Opinions with signature and time."""
    return {"opinions": items}


@register.inclusion_tag("ui/parts/opinion_box.html")
def opinion_box(name: str = "opinion", signer: str = "", frequent: Sequence[str] = (), **extra: Any) -> dict[str, Any]:
    """Where an opinion is written: frequent phrases, text, the signature line. Sits inside a form."""
    return {"name": name, "signer": signer, "frequent": frequent, **extra}


@register.inclusion_tag("ui/parts/empty.html")
def empty(value: Empty | str, hint: str = "", action: str = "", href: str = "") -> dict[str, Any]:
    """What will be here, and what to do now."""
    return {"empty": value if isinstance(value, Empty) else Empty(str(value), hint, action, href)}


@register.inclusion_tag("ui/parts/problem.html")
def problem(value: Problem) -> dict[str, Any]:
    """Cause, what to do, whom to call, the code."""
    return {"problem": value}


@register.inclusion_tag("ui/parts/toasts.html", takes_context=True)
def toasts(context: Context) -> dict[str, Any]:
    """Messages of the last action; they stay until closed and need no script to be read."""
    request = context.get("request")
    stored = get_messages(request) if request is not None else ()
    return {"toasts": [(str(m), _TOASTS.get(m.level_tag, "info")) for m in stored]}


@register.inclusion_tag("ui/parts/progress.html")
def progress(value: Progress) -> dict[str, Any]:
    """A running matter that fetches itself until done."""
    return {"progress": value, "percent": round(value.value * 100 / value.total) if value.total else None}


@register.simple_tag
def watermark(*lines: str) -> SafeString:
    """Name, staff number tail and time over the nearest `.watermarked` box."""
    return drawings.watermark(*(str(line) for line in lines))


@register.inclusion_tag("ui/parts/read_aloud.html")
def read_aloud(target: str = "main") -> dict[str, Any]:
    """A button that reads the element with this id; hidden where the device has no voice."""
    return {"target": target}


@register.inclusion_tag("ui/parts/mask.html")
def masked(value: str, reveal_href: str = "", label: str = "") -> dict[str, Any]:
    """A masked value with an eye that leads to the question why."""
    return {"value": value, "reveal_href": reveal_href, "label": label}
