"""What must be done before the processes of an instance start: tables, packs, and in a demonstration the city."""

import importlib
import importlib.util
from collections.abc import Callable

from onecity.site import snapshot
from onecity.site.configuration import Configuration, Mode

__all__ = ["apply_packs", "build_city", "migrate_database", "prepare_instance"]

# Front door of the synthetic city: `ensure_city(*, residents, seed, say) -> bool` (True when it built one now).
_CITY = "onecity.simcity.api"


def migrate_database() -> None:
    """Run the migrations that are missing."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)


def apply_packs(say: Callable[[str], None]) -> None:
    """Apply every pack's declarations; a refused pack is named and stops nobody else."""
    from onecity.kernel.actor import Actor
    from onecity.kernel.packs import apply_all

    for problem in apply_all(Actor.system("site")):
        say(f"pack refused: {problem}")


def build_city(settings: Configuration, say: Callable[[str], None]) -> bool:
    """Build the synthetic city if there is none. Returns whether it was built now."""
    if importlib.util.find_spec(_CITY) is None:
        return False
    city = importlib.import_module(_CITY)
    return bool(city.ensure_city(residents=settings.residents, seed=settings.seed, say=say))


def prepare_instance(settings: Configuration, say: Callable[[str], None]) -> None:
    """Tables, packs, city, first day; each step does nothing when it is done already."""
    from django.db import connection

    say("database: migrations")
    migrate_database()
    apply_packs(say)
    if settings.mode is Mode.DEMO and (build_city(settings, say) or not snapshot.exists(settings.database_url)):
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]
        try:
            snapshot.take(settings.database_url)
        except snapshot.SnapshotError as error:
            say(str(error))
