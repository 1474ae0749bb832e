"""Pages of the DCAT-AP feed out of pieces written beforehand, for both processes. Holds one page, never the catalogue. No Django."""

from collections.abc import Sequence
from urllib.parse import urlencode

from onecity.hubs.opendata.rules.dcat import FeedPage, turtle_head

__all__ = ["LARGEST", "PAGE", "TITLE", "page_at", "size_of", "turtle_page"]

PAGE, LARGEST = 500, 1_000
TITLE, PUBLISHER = "青岛市公共数据开放", "青岛市大数据发展管理局"


def size_of(asked: str) -> int:
    """Datasets on a page: at most 1,000; anything odd is the usual 500."""
    return min(LARGEST, max(1, int(asked))) if asked.isdecimal() and asked.isascii() and len(asked) < 6 else PAGE


def page_at(base: str, form: str, after: str, following: str, size: int, total: int, modified: str) -> FeedPage:
    """Where a page lies: `following` is the key it ends with when there is more, else ""."""
    own = f"{base}/open/catalog.{form}"

    def address(key: str) -> str:
        more = {name: value for name, value in (("after", key), ("size", str(size) if size != PAGE else "")) if value}
        return f"{own}?{urlencode(more)}" if more else own

    first, here = address(""), address(after)
    return FeedPage(
        base,
        here,
        first,
        address(following) if following else "",
        total,
        TITLE,
        PUBLISHER,
        f"{base}/open/#contact",
        modified,
    )


def turtle_page(base: str, after: str, size: int, total: int, rows: Sequence[tuple[str, str]], modified: str) -> bytes:
    """One page of Turtle from `size` + 1 rows of (key, piece)."""
    held = rows[:size]
    following = held[-1][0] if len(rows) > size else ""
    return (
        turtle_head(page_at(base, "ttl", after, following, size, total, modified)) + "".join(piece for _, piece in held)
    ).encode()
