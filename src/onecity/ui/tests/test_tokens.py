"""Contrast of every text pair of the palette, computed as WCAG 2.2 says."""

import re
from pathlib import Path

import pytest

SHEET = (Path(__file__).parents[1] / "static/ui/tokens.css").read_text("utf-8")
LIGHT_PAIRS = [
    (text, ground)
    for text in ("--text", "--text-soft", "--text-faint", "--link", "--alarm", "--good", "--warn", "--still")
    for ground in ("--card", "--paper", "--sea-50")
] + [
    ("--on-primary", "--sea-600"),
    ("--on-primary", "--sea-700"),
    ("--sea-700", "--sea-100"),
    ("--leaf-600", "--leaf-100"),
    ("--tile-600", "--tile-100"),
    ("--warn", "--sand-100"),
    ("--text-soft", "--still-soft"),
    ("--still", "--still-soft"),
]
DARK_TEXTS = ["--text", "--text-soft", "--text-faint", "--link", "--alarm", "--good", "--warn", "--primary"]


def _tokens(block: str) -> dict[str, str]:
    body = SHEET.split(block, 1)[1].split("}", 1)[0]
    return dict(re.findall(r"(--[a-z0-9-]+):\s*([^;]+);", body))


def _colour(name: str, tokens: dict[str, str]) -> str:
    value = tokens[name]
    while match := re.fullmatch(r"var\((--[a-z0-9-]+)\)", value):
        value = tokens[match.group(1)]
    return value


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_formula_knows_black_on_white() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize(("text", "ground"), LIGHT_PAIRS)
def test_light_pairs_are_readable(text: str, ground: str) -> None:
    tokens = _tokens(":root {")
    assert contrast(_colour(text, tokens), _colour(ground, tokens)) >= 4.5


@pytest.mark.parametrize("text", DARK_TEXTS)
@pytest.mark.parametrize("ground", ["--ground", "--ground-high", "--surface-solid"])
def test_dark_pairs_are_readable(text: str, ground: str) -> None:
    tokens = _tokens('[data-theme="dark"] {')
    assert contrast(_colour(text, tokens), _colour(ground, tokens)) >= 4.5


def test_edges_of_controls_are_visible() -> None:
    tokens = _tokens(":root {")
    assert contrast(tokens["--control-line"], tokens["--card"]) >= 3
