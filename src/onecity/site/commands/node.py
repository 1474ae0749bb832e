"""`onecity node …`: how administrators of two levels make their instances known to one another, by key."""

from pathlib import Path
from typing import Annotated, NoReturn

import typer

from onecity.site.bootstrap import wake_django

__all__ = ["node"]

node = typer.Typer(help="Cascade: upper levels and lower nodes, known by key.", no_args_is_help=True)
KeyFile = Annotated[Path, typer.Option(help="The other side's public key (PEM).", exists=True, dir_okay=False)]


@node.command("key")
def key() -> None:
    """Print this instance's public key (PEM), for the administrator of the other side."""
    wake_django()
    from onecity.hubs.exchange import api

    typer.echo(api.own_node_key(), nl=False)


@node.command("admit")
def admit(
    name: Annotated[str, typer.Argument(help="Name of the lower node.")],
    organisation: Annotated[str, typer.Argument(help="Credit code of the organisation it acts for.")],
    organisation_name: Annotated[str, typer.Argument(help="Its name.")],
    public_key: KeyFile,
) -> None:
    """Let a lower node speak to this instance; prints the number it signs with."""
    wake_django()
    from onecity.hubs.exchange import api
    from onecity.kernel.actor import Actor
    from onecity.kernel.errors import CityError

    try:
        made = api.admit_node(
            Actor.system("site"), name=name, organisation=organisation, organisation_name=organisation_name,
            public_key=public_key.read_text("ascii"),
        )  # fmt: skip
    except CityError as error:
        _refused(error)
    typer.echo(str(made.id))


@node.command("connect")
def connect(
    name: Annotated[str, typer.Argument(help="A short name for the upper level, e.g. city.")],
    title: Annotated[str, typer.Argument(help="Its full name.")],
    address: Annotated[str, typer.Argument(help="Its web address, https://…")],
    gateway: Annotated[str, typer.Option(help="Its gateway's address.")],
    identity: Annotated[str, typer.Option(help="The number it gave this node.")],
    public_key: KeyFile,
    level: Annotated[str, typer.Option(help="city, province or nation.")] = "city",
) -> None:
    """Connect an upper level that runs this platform; the worker then reports, subscribes and takes data back by itself."""
    wake_django()
    from onecity.hubs.exchange import api
    from onecity.kernel.actor import Actor
    from onecity.kernel.errors import CityError

    try:
        connection = api.Connection(
            name, title, f"{address.rstrip('/')}/api/v1/exchange/node", level=level, kind="node", gateway=gateway.rstrip("/"),
            identity=identity, public_key=public_key.read_text("ascii"),
        )  # fmt: skip
        api.connect_superior(Actor.system("site"), connection=connection)
    except CityError as error:
        _refused(error)
    typer.echo(f"{title} is connected")


@node.command("sync")
def sync(name: Annotated[str, typer.Argument(help="The upper level's short name.")]) -> None:
    """Run an upper level's errands now; exit code 1 when it is not available."""
    wake_django()
    from onecity.hubs.exchange import api
    from onecity.kernel.actor import Actor
    from onecity.kernel.errors import CityError

    try:
        went = api.tend_now(Actor.system("site"), superior=name)
    except CityError as error:
        _refused(error)
    (row,) = [one for one in api.superiors() if one.key == name]
    said = f"{row.reports.accepted} entries accepted above, {row.reports.refused} sent back, {row.offers} resources offered"
    typer.echo(said if went else f"not available: {row.trouble}")
    raise typer.Exit(0 if went else 1)


def _refused(error: Exception) -> NoReturn:
    text = f"{getattr(error, 'text', error)} {getattr(error, 'hint', '')}".strip()
    typer.secho(text, fg="red", err=True)
    raise typer.Exit(2) from None
