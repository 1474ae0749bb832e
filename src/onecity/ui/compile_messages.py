"""Compiles every catalogue under `src/onecity`: `python -m onecity.ui.compile_messages`.

Uses Babel, so no gettext tools are needed on the machine. The `.mo` files are made at set-up and never committed.
"""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).resolve().parents[1]


def compile_catalogues(root: Path) -> list[Path]:
    """Write a `.mo` beside each `locale/*/LC_MESSAGES/*.po` below `root`; fuzzy entries are left out."""
    written = []
    for source in sorted(root.rglob("locale/*/LC_MESSAGES/*.po")):
        locale = source.parts[-3]
        with source.open("rb") as stream:
            catalogue = read_po(stream, locale=locale, domain=source.stem)
        target = source.with_suffix(".mo")
        with target.open("wb") as stream:
            write_mo(stream, catalogue)
        written.append(target)
    return written


def main() -> int:
    """Compile the catalogues of the package; prints one line."""
    print(f"{len(compile_catalogues(PACKAGE))} message catalogues compiled")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
