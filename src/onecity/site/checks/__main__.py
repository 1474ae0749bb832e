"""`python -m onecity.site.checks`: run every check of the house, print what is wrong, exit 1 if anything is."""

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from onecity.site.bootstrap import wake_django
from onecity.site.checks import budgets, documented, locks, migrations, openapi, pages, relations, systems, translations

__all__ = ["main"]

SOURCE = Path(__file__).resolve().parents[2]
ROOT = SOURCE.parents[1]


def _packs() -> Iterator[str]:
    from onecity.kernel.packs import check_all

    return (str(problem) for problem in check_all())


def _all() -> Iterator[tuple[str, Callable[[], Iterable[str]]]]:
    yield "lock files", lambda: locks.problems(ROOT)
    yield "budgets", lambda: budgets.problems(SOURCE, Path(budgets.__file__).with_name(budgets.EXCEPTIONS))
    yield "systems", lambda: systems.problems(ROOT)
    yield "documentation", lambda: documented.problems(ROOT)
    yield "late look-ups", lambda: relations.late_lookups(SOURCE)
    wake_django(database=False)
    yield "English", lambda: translations.problems(SOURCE, Path(translations.__file__).with_name(translations.MISSING))
    yield "generated pages", lambda: pages.problems(ROOT / "docs")
    yield "API snapshot", lambda: openapi.problems(ROOT / "docs")
    yield "tables", relations.problems
    yield "migrations", migrations.problems
    yield "packs", _packs


def main() -> int:
    """Number of mistakes, capped at 1 for the shell."""
    mistakes = 0
    for name, look in _all():
        sentences = list(look())
        mistakes += len(sentences)
        print(f"{name}: {'good' if not sentences else f'{len(sentences)} mistakes'}", flush=True)
        for sentence in sentences:
            print(f"  {sentence}", flush=True)
    return min(mistakes, 1)


if __name__ == "__main__":
    sys.exit(main())
