"""What must be done before the processes of an instance start: tables, packs, and in a demonstration the city."""

import json
from collections.abc import Callable
from dataclasses import asdict

from onecity.site import snapshot
from onecity.site.configuration import Configuration, Mode
from onecity.site.prepared import note_first_day
from onecity.site.progress import progress_bar

__all__ = ["apply_packs", "build_city", "migrate_database", "prepare_instance", "renew_first_day"]


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
    from onecity.simcity import api as simcity

    standing = simcity.standing_city()
    if standing is not None:
        if standing != (settings.residents, settings.seed):
            say(f"the city stands with {standing[0]:,} residents; `onecity demo erase` makes room for another")
        return False
    with progress_bar("the synthetic city") as tell:
        report = simcity.build_city(settings.residents, settings.seed, tell, home=settings.home)
    say(f"the city: {report.loaded:,} rows in {report.seconds:.1f} s ({report.rows_per_second:,} rows/s)")
    return True


def write_greeting(settings: Configuration) -> None:
    """What the supervisor, which knows no Django, tells the person at the terminal."""
    from onecity.simcity import api as simcity

    told = {"accounts": [asdict(account) for account in simcity.shown_accounts()], "try": list(simcity.tour())}
    (settings.home / "demonstration.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


def prepare_instance(settings: Configuration, say: Callable[[str], None]) -> None:
    """Tables, packs, city, first day; each step does nothing when it is done already."""
    say("database: migrations")
    migrate_database()
    if settings.mode is not Mode.DEMO:
        apply_packs(say)
        await_founding()
        return
    from onecity.simcity import api as simcity

    simcity.first_date()
    apply_packs(say)
    built = build_city(settings, say)
    simcity.connect_twin(settings.home, settings.twin_port)
    write_greeting(settings)
    if built or not snapshot.exists(settings.database_url):
        keep_first_day(settings, say)


def await_founding() -> None:
    """An empty real city gets the one-time code of its wizard; one that has people gets none."""
    from onecity.web.init_city import gate

    gate.issue()


def keep_first_day(settings: Configuration, say: Callable[[str], None]) -> None:
    """Keep the database as it is for `onecity demo reset`; a server that forbids it is named, and nothing else fails."""
    from django.db import connection

    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
    try:
        snapshot.take(settings.database_url)
        note_first_day(settings)
    except snapshot.SnapshotError as error:
        say(str(error))


def renew_first_day(settings: Configuration, say: Callable[[str], None]) -> None:
    """After a first day of an older release was brought back: what this release added since."""
    from onecity.simcity import api as simcity

    migrate_database()
    apply_packs(say)
    simcity.connect_twin(settings.home)
