"""Which files may be attached.

Owns: the kinds that a page can show, their limits, and the check of a file name. Content is checked by the kernel's
file store.
"""

import re
from typing import Final

from onecity.hubs.support.contracts import AttachmentLimits

__all__ = ["LIMITS", "preview_kind", "safe_name", "turned"]

LIMITS: Final = AttachmentLimits(
    media_types=("application/pdf", "image/jpeg", "image/png"),
    suffixes=(".pdf", ".jpg", ".jpeg", ".png"),
    largest=20 * 1024 * 1024,
    at_most=50,
)

_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|\u202a-\u202e\u2066-\u2069]")


def safe_name(name: str) -> str:
    """The file's own name without path, control or direction-changing characters, at most 120 characters, suffix
    kept.
    """
    clean = _UNSAFE.sub("_", name.replace("\\", "/").rsplit("/", 1)[-1]).strip(" .") or "附件"
    stem, dot, suffix = clean.rpartition(".")
    if not dot:
        return clean[:120]
    return f"{stem[: 119 - len(suffix)]}.{suffix}" if len(suffix) < 10 else clean[:120]


def preview_kind(media_type: str) -> str:
    """How a page can show it: image, pdf or none."""
    if media_type.startswith("image/"):
        return "image"
    return "pdf" if media_type == "application/pdf" else "none"


def turned(rotation: int, by: int) -> int:
    """A quarter turn clockwise or back, kept in 0, 90, 180, 270. Raises ValueError on other angles."""
    if by % 90:
        raise ValueError("only quarter turns")
    return (rotation + by) % 360
