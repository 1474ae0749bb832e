"""Where fonts come from: the npm packages of Noto Sans SC and Noto Serif SC, then the system's.

Owns: the search. Refuses to download; `onecity doctor` says what is missing.
"""

from functools import cache
from pathlib import Path

import typst

__all__ = ["SANS", "SERIF", "drawing_font", "folders", "fonts"]

SERIF = ("Noto Serif SC", "Noto Serif CJK SC", "Source Han Serif SC", "SimSun", "WenQuanYi Micro Hei")
SANS = ("Noto Sans SC", "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "WenQuanYi Micro Hei")

_PACKAGES = ("noto-serif-sc/400Regular", "noto-serif-sc/700Bold", "noto-sans-sc/400Regular", "noto-sans-sc/700Bold")


@cache
def folders() -> tuple[Path, ...]:
    """Folders of the npm packages that are installed; empty before the front-end packages are fetched."""
    for parent in Path(__file__).resolve().parents:
        root = parent / "node_modules" / "@expo-google-fonts"
        if root.is_dir():
            return tuple(root / name for name in _PACKAGES if (root / name).is_dir())
    return ()


@cache
def fonts() -> typst.Fonts:
    """All fonts, searched once in a process (0.1 s): ours first, the system's for characters ours lack."""
    return typst.Fonts(
        include_system_fonts=True, include_embedded_fonts=True, font_paths=[str(path) for path in folders()]
    )


@cache
def drawing_font() -> str:
    """A font file with Chinese characters for drawing on pictures; "" when this machine has none."""
    for folder in folders():
        if "sans" in str(folder) and "400" in folder.name:
            return str(next(folder.glob("*.ttf")))
    families = {info.family: info.path for info in fonts().fonts() if info.path and info.style == "normal"}
    return next((str(families[name]) for name in (*SANS, *SERIF) if name in families), "")
