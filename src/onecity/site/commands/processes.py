"""Commands that run the instance or one of its processes."""

import os
from typing import NoReturn

import typer

from onecity.site.configuration import configuration

__all__ = ["gateway", "migrate", "prepare", "run", "web", "worker"]


def run() -> None:
    """Start everything: database, migrations, the synthetic city (demonstration mode), web, gateway and worker."""
    from onecity.site.supervisor import Supervisor
    from onecity.site.welcome import welcome

    def say(sentence: str) -> None:
        typer.secho(sentence, dim=True)

    Supervisor(configuration(), say).run(lambda: typer.echo(welcome(configuration())))


def migrate() -> None:
    """Bring the database to the state this release expects, and apply what the packs declare."""
    from onecity.site.bootstrap import wake_django
    from onecity.site.preparation import apply_packs, migrate_database

    wake_django()
    migrate_database()
    apply_packs(typer.echo)


def prepare() -> None:
    """All that must be done before the processes start. `run` calls it; it does nothing twice."""
    from onecity.site.bootstrap import wake_django
    from onecity.site.preparation import prepare_instance

    wake_django()
    prepare_instance(configuration(), typer.echo)


def _become(name: str) -> NoReturn:
    """Turn this process into the server, so that its signals and exit code are the server's own."""
    from onecity.site.bootstrap import ensure_database
    from onecity.site.roles import roles

    for role in roles(ensure_database()):
        if role.name == name:
            os.execv(role.command[0], role.command)
    typer.secho(f"This installation has no {name}.", fg=typer.colors.RED, err=True)
    raise typer.Exit(2)


def web() -> None:
    """Run only the web process (for systemd or containers; `run` starts it for you)."""
    _become("web")


def gateway() -> None:
    """Run only the data-exchange gateway."""
    _become("gateway")


def worker() -> None:
    """Run only the worker: event delivery, background jobs, sealing."""
    from onecity.site.worker import run_worker

    run_worker()
