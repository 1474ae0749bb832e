"""`onecity bench NAME`: measure, print one JSON object."""

import contextlib
import json
import sys
from typing import Annotated

import typer

__all__ = ["bench"]


def bench(
    name: Annotated[str, typer.Argument(help="Which bench; leave out to list them.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Only one JSON object on standard output.")] = False,
    size: Annotated[
        int | None, typer.Option("--size", "-n", min=1, help="How much; each bench has its default.")
    ] = None,
    clients: Annotated[int | None, typer.Option(min=1, help="Concurrent clients.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of the data.")] = 370299,
) -> None:
    """Measure with its own database, servers and data. Progress goes to standard error; a low number is no failure."""
    from onecity.site.bench import Options, bench_names, find_bench

    if not name:
        typer.echo("\n".join(bench_names()))
        return
    try:
        run = find_bench(name)
    except KeyError:
        raise typer.BadParameter(f"there is no bench {name!r}; there are: {', '.join(bench_names())}") from None
    with contextlib.redirect_stdout(sys.stderr):  # nothing but the result may reach standard output
        result = run(Options(size, clients, seed), lambda line: typer.secho(line, dim=True, err=True))
    if as_json:
        typer.echo(json.dumps({"bench": name, **result}, ensure_ascii=False))
    else:
        for key, value in result.items():
            typer.echo(f"{key:<24} {value}")
