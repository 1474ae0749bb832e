"""What no template of the house may hold: inline script, inline style, event attributes, foreign hosts."""

import re
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
TEMPLATES = sorted(HOUSE.glob("**/templates/**/*.html"))
FORBIDDEN = {
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", re.I),
    "inline style": re.compile(r"<style|\sstyle\s*=", re.I),
    "event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=\s*[\"']", re.I),
    "htmx script attribute": re.compile(r"\s(hx-on|hx-vals=['\"]js:)", re.I),
    "foreign host": re.compile(r"\b(?:src|href|action)\s*=\s*[\"'](?:https?:)?//", re.I),
}


def problems(text: str) -> list[str]:
    return [name for name, pattern in FORBIDDEN.items() if pattern.search(text)]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_template_obeys_the_content_policy(path: Path) -> None:
    assert problems(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "bad",
    [
        "<script>x()</script>",
        '<p style="color:red">',
        '<button type="button" onclick="x()">',
        "<style>p{}</style>",
        '<script src="https://cdn.example/x.js"></script>',
        '<div hx-on:click="x()">',
    ],
)
def test_the_scan_finds_what_it_forbids(bad: str) -> None:
    assert problems(bad)


def test_own_style_sheets_and_modules_name_no_foreign_host() -> None:
    own = [path for path in (HOUSE / "ui/static/ui").iterdir() if path.suffix in {".css", ".mjs"}]
    assert own
    assert [path.name for path in own if re.search(r"(https?:)?//[a-z0-9-]+\.[a-z]", path.read_text("utf-8"))] == []
