"""`onecity new`: a hub or a pack in the image of the house, ready to pass its own tests."""

from pathlib import Path
from typing import Annotated

import typer

from onecity.site import scaffold

__all__ = ["new"]

new = typer.Typer(help="Make a new hub or pack in the image of the house.", no_args_is_help=True)
ROOT = Path(__file__).resolve().parents[4]

_Key = Annotated[str, typer.Argument(help="Folder name: lower-case letters, digits and _.")]
_Zh = Annotated[str, typer.Option("--zh", help="Chinese label.", prompt="Chinese label")]
_En = Annotated[str, typer.Option("--en", help="English label.", prompt="English label")]
_Root = Annotated[Path, typer.Option("--root", help="The repository.")]


@new.command("hub")
def hub(
    name: _Key, zh: _Zh, en: _En,
    after: Annotated[str, typer.Option("--after", help="The hub directly below the new one.", prompt="Above which hub")],
    why: Annotated[str, typer.Option("--why", help="Why it stands there, one line.", prompt="Why there")],
    root: _Root = ROOT,
) -> None:  # fmt: skip
    """A hub with contracts, errors, events, a table, one verb, reads, routes, README and tests, placed in the order of hubs."""
    for path in scaffold.make_hub(root, scaffold.Name(name, zh, en), after=after, why=why):
        typer.echo(str(path.relative_to(root)))
    typer.echo(f"\nNext: make docs && .venv/bin/pytest src/onecity/hubs/{name}")


@new.command("pack")
def pack(
    name: _Key, zh: _Zh, en: _En,
    owner: Annotated[str, typer.Option("--owner", help="Key of the department that operates it.")] = "data_bureau",
    root: _Root = ROOT,
) -> None:  # fmt: skip
    """A pack of level 1: manifest, one declaration, one rule over rows, README and tests."""
    for path in scaffold.make_pack(root, scaffold.Name(name, zh, en, owner)):
        typer.echo(str(path.relative_to(root)))
    typer.echo(f"\nNext: .venv/bin/onecity pack check && .venv/bin/pytest src/onecity/scenarios/{name}")
