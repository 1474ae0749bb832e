"""`onecity db …`: the embedded PostgreSQL by hand."""

import dataclasses
import json
from typing import Annotated

import typer

from onecity.site.configuration import configuration

__all__ = ["app"]

app = typer.Typer(help="The embedded PostgreSQL of this home folder.", no_args_is_help=True)


def _refuse_foreign() -> None:
    if configuration().database_url:
        typer.secho("DATABASE_URL is set: that server is not ours to start, stop or erase.", fg="red", err=True)
        raise typer.Exit(2)


@app.command()
def start() -> None:
    """Start it (or adopt it if it runs) and print its address without the password."""
    from onecity.site import postgres

    _refuse_foreign()
    address = postgres.ensure_running(configuration().home)
    typer.echo(f"{'running already' if address.adopted else 'started'}: {address.shown}")


@app.command()
def stop() -> None:
    """Stop it and wait until it is gone."""
    from onecity.site import postgres

    _refuse_foreign()
    typer.echo("stopped" if postgres.stop(configuration().home) else "was not running")


@app.command()
def status(as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False) -> None:
    """Say whether it runs, which version, as whom and where its files are. Exit code 3 when it does not run."""
    from onecity.site import postgres

    found = postgres.status(configuration().home)
    if as_json:
        typer.echo(json.dumps(dataclasses.asdict(found), default=str))
    else:
        typer.echo(f"{'running' if found.running else 'not running'}; version {found.version or '(no data yet)'}")
        typer.echo(f"files: {found.folder}\nlog: {found.log}\naccount: {found.account}")
    raise typer.Exit(0 if found.running else 3)


@app.command()
def url() -> None:
    """Print the address with its password, for psql and other programs. Starts the server if need be."""
    from onecity.site.bootstrap import ensure_database

    typer.echo(ensure_database().database_url)


@app.command()
def erase(yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Delete the database of this home folder for good."""
    from onecity.site import postgres

    _refuse_foreign()
    if not yes:
        typer.confirm(f"Delete all data of {configuration().home}?", abort=True)
    typer.echo("erased" if postgres.erase(configuration().home) else "there was nothing to erase")
