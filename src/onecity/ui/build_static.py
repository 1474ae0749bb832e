"""Copies what browsers need from node_modules to `build/static/vendor/`: `python -m onecity.ui.build_static`.

Owns the list of vendored files. Refuses to touch their content, except for the line that names a source map we do not
ship. Settings add `build/static` to STATICFILES_DIRS when it exists.
"""

import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
VENDORED = {
    "maplibre-gl": ("maplibre-gl.mjs", "maplibre-gl-shared.mjs", "maplibre-gl-worker.mjs"),
    "echarts": ("echarts.esm.min.mjs",),
}
_SOURCE_MAP = re.compile(rb"\n?//[#@] sourceMappingURL=[^\n]*\s*\Z")


def build(modules: Path, target: Path) -> list[Path]:
    """Copy every vendored file from `modules` (node_modules) into `target`; returns what was written.

    Raises FileNotFoundError naming the package when `npm ci` has not run.
    """
    written = []
    for package, names in VENDORED.items():
        source = modules / package / "dist"
        if not source.is_dir():
            raise FileNotFoundError(f"{package} is missing in {modules}: run `npm ci` first")
        folder = target / package
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name in names:
            (folder / name).write_bytes(_SOURCE_MAP.sub(b"\n", (source / name).read_bytes()))
            written.append(folder / name)
    return written


def main() -> int:
    """Build into the checkout; prints one line."""
    try:
        written = build(ROOT / "node_modules", ROOT / "build" / "static" / "vendor")
    except FileNotFoundError as missing:
        print(missing, file=sys.stderr)
        return 1
    print(f"{len(written)} front-end files in build/static/vendor")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
