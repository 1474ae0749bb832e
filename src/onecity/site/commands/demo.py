"""`onecity demo …`: back to the first day, another date, or gone without a trace."""

import shutil
import time
from datetime import datetime
from typing import Annotated

import typer

from onecity.site.configuration import Configuration, Mode, configuration

__all__ = ["app"]

app = typer.Typer(help="The demonstration: reset, date, sources, families, results, erase.", no_args_is_help=True)


def _demo() -> Configuration:
    settings = configuration()
    if settings.mode is not Mode.DEMO:
        typer.secho(f"{settings.home} is a real city, not a demonstration. Nothing was changed.", fg="red", err=True)
        raise typer.Exit(2)
    return settings


@app.command()
def reset() -> None:
    """Bring the synthetic city back to its first day: database, date, sources. A running instance stays up."""
    import psycopg

    from onecity.simcity import first_day
    from onecity.site import snapshot
    from onecity.site.bootstrap import ensure_database, wake_django
    from onecity.site.prepared import is_first_day_current

    settings = _demo()
    began = time.monotonic()
    address = ensure_database().database_url
    snapshot.restore(address)
    with psycopg.connect(address, autocommit=True) as connection:
        first_day.begin(connection, settings.home)
    if not is_first_day_current(settings):  # the code moved on since that day was kept
        wake_django()
        from onecity.site.preparation import renew_first_day

        renew_first_day(configuration(), typer.echo)
    typer.echo(f"the city is as it was on its first day ({time.monotonic() - began:.1f} s)")


@app.command()
def date(
    day: Annotated[str, typer.Argument(help="YYYY-MM-DD, `first` for the first day, or `real` for today.")],
    clock: Annotated[str, typer.Argument(help="HH:MM", metavar="[HH:MM]")] = "09:30",
) -> None:
    """Set the date of the demonstration: enrolment is in June, heating in winter."""
    from onecity.site.bootstrap import wake_django

    _demo()
    wanted = None if day in ("real", "first") else _moment(f"{day} {clock}")
    wake_django()
    from onecity.kernel.clock import CITY_ZONE, now
    from onecity.kernel.demo_clock import set_now
    from onecity.simcity import api as simcity

    if day == "real":
        set_now(None)
    else:
        simcity.set_scene(wanted.replace(tzinfo=CITY_ZONE) if wanted else None)
    typer.echo(f"in the city it is now {now().astimezone(CITY_ZONE):%Y-%m-%d %H:%M}")


def _moment(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M")  # noqa: DTZ007 - the caller knows the city's zone
    except ValueError:
        raise typer.BadParameter("write YYYY-MM-DD and perhaps HH:MM, or the word first or real") from None


@app.command()
def source(
    act: Annotated[str, typer.Argument(help="stop or start")],
    department: Annotated[
        str, typer.Argument(help="Key of a department: police, realestate, housing, hr, market, health …")
    ],
) -> None:
    """Play a department whose system is down, and its return."""
    from onecity.site.bootstrap import wake_django

    _demo()
    if act not in ("stop", "start"):
        raise typer.BadParameter("say stop or start")
    wake_django()
    from onecity.kernel.errors import CityError
    from onecity.simcity import api as simcity

    try:
        name = simcity.switch_source(department, stopped=act == "stop")
    except CityError as error:
        typer.secho(f"{department}: {error.text} {error.hint}".strip(), fg="red", err=True)
        raise typer.Exit(2) from None
    typer.echo(f"{name}: {'stopped' if act == 'stop' else 'runs again'}")


@app.command()
def families(count: Annotated[int, typer.Argument(min=1, help="How many applications.")] = 1000) -> None:
    """Let families of the city hand in their applications, as parents would."""
    from onecity.site.bootstrap import wake_django

    settings = _demo()
    wake_django()
    from onecity.kernel.errors import CityError
    from onecity.simcity import api as simcity
    from onecity.site.progress import progress_bar

    began = time.monotonic()
    try:
        with progress_bar("families") as tell:
            played = simcity.play(count, settings.home, lambda done: tell(f"{done} of {count}", done / count))
    except CityError as error:
        typer.secho(f"{error.text} {error.hint}".strip(), fg="red", err=True)
        raise typer.Exit(2) from None
    typer.echo(f"{played.handed_in} applications handed in ({time.monotonic() - began:.0f} s)")
    for reason, times in sorted(played.refused.items()):
        typer.echo(f"  {times} not: {reason}")


@app.command()
def finish() -> None:
    """Bring what families handed in to its result at once: lists checked, published, drawn where needed, notices issued."""
    from onecity.site.bootstrap import wake_django

    _demo()
    wake_django()
    from onecity.kernel.errors import CityError
    from onecity.simcity import api as simcity

    began = time.monotonic()
    try:
        results = simcity.finish()
    except CityError as error:
        typer.secho(f"{error.text} {error.hint}".strip(), fg="red", err=True)
        raise typer.Exit(2) from None
    typer.echo(f"{results} admitted, each with a notice in the wallet ({time.monotonic() - began:.0f} s)")


@app.command()
def nodes() -> None:
    """Start a city and a district of their own; let them exchange (catalogue, request, call, proofs); end both."""
    from onecity.site.two_nodes.play import play

    play(typer.echo)


@app.command()
def erase(yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Delete the whole instance: database, files, keys. As root also the folder outside the home."""
    from onecity.site import postgres
    from onecity.site.supervisor import running_instance

    settings = _demo()
    if not yes:
        typer.confirm(f"Delete {settings.home} and its database?", abort=True)
    with running_instance(settings.home):  # refuses while `onecity run` is up
        if not settings.database_url:
            postgres.erase(settings.home)
        if (settings.home / "test").is_dir():
            postgres.erase(settings.home / "test")
        shutil.rmtree(settings.home, ignore_errors=True)
    typer.echo("erased")
