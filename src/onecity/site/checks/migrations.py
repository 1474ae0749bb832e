"""Migrations are complete: no model change is left without its migration."""

import io
from collections.abc import Iterator

__all__ = ["problems"]


def problems() -> Iterator[str]:
    """One sentence per change that `makemigrations` would still write. Needs Django awake, but no database."""
    from django.core.management import call_command

    told = io.StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=1, stdout=told, stderr=told)
    except SystemExit:
        yield "models changed without a migration. Run `make migrations`.\n" + told.getvalue().rstrip()
