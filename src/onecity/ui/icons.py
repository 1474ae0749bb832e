"""Line icons of the `lucide-static` package, read from disk once and inlined.

Refuses to fail: a checkout without front-end packages shows an empty box of the same size.
"""

import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

_BODY = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
_NAME = re.compile(r"[a-z0-9-]+")
_SIZES = {"": "", "s": " icon-s", "l": " icon-l"}


def icon_folder() -> Path:
    """Where the icons lie: setting `ONECITY_ICON_DIR`, else node_modules of the checkout."""
    configured = getattr(settings, "ONECITY_ICON_DIR", None)
    return Path(configured) if configured else Path(__file__).parents[3] / "node_modules/lucide-static/icons"


@lru_cache(maxsize=512)
def _body(folder: Path, name: str) -> str:
    if not _NAME.fullmatch(name):
        return ""
    path = folder / f"{name}.svg"
    match = _BODY.search(path.read_text("utf-8")) if path.is_file() else None
    return " ".join(match.group(1).split()) if match else ""


def draw(name: str, label: str = "", size: str = "") -> SafeString:
    """The icon as inline SVG; silent for screen readers unless `label` is given. `size`: "", "s" or "l"."""
    body = _body(icon_folder(), name)
    css = "icon" + _SIZES.get(size, "")
    if not body:
        return format_html('<span class="{}" aria-hidden="true"></span>', css)
    voice = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="{}" {} viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75"'
        ' stroke-linecap="round" stroke-linejoin="round" focusable="false">{}</svg>',
        css,
        voice,
        mark_safe(body),
    )
