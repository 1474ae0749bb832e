"""Small drawings made on the server as SVG markup: trend lines, bars, watermarks.

Presentation attributes only, no style attribute: they pass the strictest content policy and print.
"""

from collections.abc import Sequence
from itertools import count

from django.utils.html import format_html
from django.utils.safestring import SafeString

_WIDTH, _HEIGHT, _PAD = 280.0, 48.0, 4.0
_serial = count(1)


def trend(values: Sequence[float]) -> SafeString:
    """A trend line with its area; fewer than two values draw nothing."""
    if len(values) < 2:
        return SafeString("")
    low, high = min(values), max(values)
    span = (high - low) or 1.0
    step = _WIDTH / (len(values) - 1)
    points = [(i * step, _HEIGHT - _PAD - (v - low) / span * (_HEIGHT - 2 * _PAD)) for i, v in enumerate(values)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return format_html(
        '<svg class="trend" viewBox="0 0 {w} {h}" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<polygon class="trend-area" points="0,{h} {line} {w},{h}"/>'
        '<polyline class="trend-line" fill="none" vector-effect="non-scaling-stroke" points="{line}"/></svg>',
        w=int(_WIDTH),
        h=int(_HEIGHT),
        line=line,
    )


def bar(share: float) -> SafeString:
    """A horizontal bar; `share` outside 0..1 is clipped."""
    width = max(0.0, min(1.0, float(share))) * 100
    return format_html(
        '<svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect class="bar-track" width="100" height="6"/>'
        '<rect class="bar-fill" width="{}" height="6"/></svg>',
        f"{width:.2f}",
    )


def watermark(*lines: str) -> SafeString:
    """Name, staff number tail and time, repeated over the nearest positioned ancestor; prints too."""
    pattern = f"watermark-{next(_serial)}"
    text = " · ".join(line for line in lines if line)
    return format_html(
        '<svg class="watermark" aria-hidden="true" focusable="false"><defs>'
        '<pattern id="{p}" width="{w}" height="130" patternUnits="userSpaceOnUse" patternTransform="rotate(-20)">'
        '<text x="0" y="48">{t}</text><text x="{half}" y="113">{t}</text></pattern></defs>'
        '<rect width="100%" height="100%" fill="url(#{p})"/></svg>',
        p=pattern,
        w=max(260, len(text) * 17),
        half=max(130, len(text) * 8),
        t=text,
    )
