"""`onecity demo …`: back to the first day, another date, or gone without a trace."""

import shutil
import time
from datetime import datetime
from datetime import time as time_of_day
from typing import Annotated

import typer

from onecity.site.configuration import Configuration, Mode, configuration

__all__ = ["app"]

app = typer.Typer(help="The demonstration: reset, date, erase.", no_args_is_help=True)


def _demo() -> Configuration:
    settings = configuration()
    if settings.mode is not Mode.DEMO:
        typer.secho(f"{settings.home} is a real city, not a demonstration. Nothing was changed.", fg="red", err=True)
        raise typer.Exit(2)
    return settings


@app.command()
def reset() -> None:
    """Bring the synthetic city back to the state in which it was built."""
    from onecity.site import snapshot
    from onecity.site.bootstrap import ensure_database

    _demo()
    began = time.monotonic()
    snapshot.restore(ensure_database().database_url)
    typer.echo(f"the city is as it was on its first day ({time.monotonic() - began:.1f} s)")


@app.command()
def date(
    day: Annotated[str, typer.Argument(help="YYYY-MM-DD, or `real` for today.")],
) -> None:
    """Set the date of the demonstration: enrolment is in June, heating in winter."""
    from onecity.site.bootstrap import wake_django

    _demo()
    if day != "real":
        try:
            wanted = datetime.strptime(day, "%Y-%m-%d").date()  # noqa: DTZ007 - a calendar day has no zone
        except ValueError:
            raise typer.BadParameter("write the day as YYYY-MM-DD, or the word real") from None
    wake_django()
    from onecity.kernel.clock import CITY_ZONE, now
    from onecity.kernel.demo_clock import set_now

    set_now(None if day == "real" else datetime.combine(wanted, time_of_day(9), CITY_ZONE))
    typer.echo(f"in the city it is now {now().astimezone(CITY_ZONE):%Y-%m-%d %H:%M}")


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
