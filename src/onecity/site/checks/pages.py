"""Pages made from code are up to date in the repository."""

from collections.abc import Iterator
from pathlib import Path

from onecity.site.pages_from_code import PAGES

__all__ = ["problems"]


def problems(docs: Path) -> Iterator[str]:
    """One sentence per generated page that is missing or differs."""
    for name, make in PAGES.items():
        path = docs / name
        if not path.exists() or path.read_text(encoding="utf-8") != make():
            yield f"docs/{name} is out of date. Run `make docs`."
