"""Documentation is there and leads somewhere: a README in every hub and pack, links that resolve, stories with their tests.

Owns: looking. Refuses: pages made from code; `pages` compares those.
"""

import re
from collections.abc import Iterator
from pathlib import Path

__all__ = ["problems"]

_LINK = re.compile(r"\]\(([^)\s#]+)(?:#[^)]*)?\)")
_TEST = re.compile(r"`([\w/]+\.py)(?:::(\w+))?`")


def problems(root: Path) -> Iterator[str]:
    """One sentence per missing README, broken link and story whose test does not exist."""
    yield from _readmes(root / "src/onecity")
    yield from _links(root)
    yield from _stories(root)


def _readmes(source: Path) -> Iterator[str]:
    for package in sorted([*(source / "hubs").glob("*/apps.py"), *(source / "scenarios").glob("*/pack.toml")]):
        if not (package.parent / "README.md").exists():
            yield f"{package.parent.relative_to(source)} has no README.md. One page: words, a picture, three calls."


def _links(root: Path) -> Iterator[str]:
    pages = [*root.glob("*.md"), *(root / "docs").rglob("*.md"), *(root / "src").rglob("README.md")]
    for page in sorted(pages):
        for target in _LINK.findall(page.read_text(encoding="utf-8")):
            if "://" not in target and not target.startswith("mailto:") and not (page.parent / target).exists():
                yield f"{page.relative_to(root)}: the link {target} leads nowhere."


def _stories(root: Path) -> Iterator[str]:
    page = root / "docs/stories.md"
    for name, function in _TEST.findall(page.read_text(encoding="utf-8")):
        path = root / "src/onecity" / name
        if not path.exists():
            yield f"docs/stories.md: {name} does not exist."
        elif function and f"def {function}(" not in path.read_text(encoding="utf-8"):
            yield f"docs/stories.md: {name} has no {function}."
