"""Commands that write: the settings at work, and the documentation pages made from declarations."""

import json
from pathlib import Path
from typing import Annotated

import typer

from onecity.site.configuration import configuration, entries

__all__ = ["docs", "settings"]

docs = typer.Typer(help="Documentation made from declarations.", no_args_is_help=True)


def settings(as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False) -> None:
    """Print every setting with the value at work here. Secrets are not shown."""
    at_work = configuration()
    shown = {
        entry.variable: "(set)" if entry.secret and getattr(at_work, entry.name) else str(getattr(at_work, entry.name))
        for entry in entries()
    }
    if as_json:
        typer.echo(json.dumps(shown, ensure_ascii=False))
        return
    for entry in entries():
        typer.secho(f"{entry.variable}={shown[entry.variable]}", bold=True)
        typer.echo(f"    {entry.help}  [{entry.kind}; default {entry.default or 'empty'}]")


@docs.callback()
def _docs() -> None:
    """Documentation made from declarations."""


@docs.command("build")
def build(folder: Annotated[Path, typer.Argument(help="The repository's docs folder.")] = Path("docs")) -> None:
    """Write the pages that are made from the code."""
    from onecity.site.bootstrap import wake_django
    from onecity.site.checks import openapi
    from onecity.site.pages_from_code import PAGES

    wake_django(database=False)
    for name, make in {**PAGES, openapi.SNAPSHOT: openapi.document}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(make(), encoding="utf-8")
        typer.echo(str(path))
