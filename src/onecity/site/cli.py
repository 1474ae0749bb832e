"""The `onecity` command: one door for operators. Groups live in `commands/`; only those that need Django wake it."""

import sys

import typer

from onecity.site.commands import (
    agent,
    benches,
    database,
    demo,
    doctor,
    init,
    keys,
    new,
    node,
    processes,
    proof,
    trust,
    writing,
)
from onecity.site.failures import SiteFailure

__all__ = ["app", "main"]

app = typer.Typer(
    name="onecity",
    help="OneCity（全市一个）: the open platform a city government runs on.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("run")(processes.run)
app.command("init")(init.init)
app.command("doctor")(doctor.doctor)
app.command("settings")(writing.settings)
app.command("migrate")(processes.migrate)
app.command("prepare", hidden=True)(processes.prepare)
app.command("web")(processes.web)
app.command("gateway")(processes.gateway)
app.command("worker")(processes.worker)
app.command("bench")(benches.bench)
app.add_typer(database.app, name="db")
app.add_typer(demo.app, name="demo")
app.add_typer(trust.audit, name="audit")
app.add_typer(trust.events, name="events")
app.add_typer(trust.pack, name="pack")
app.add_typer(proof.proof, name="proof")
app.add_typer(keys.keys, name="keys")
app.add_typer(agent.agent, name="agent")
app.add_typer(node.node, name="node")
app.add_typer(writing.docs, name="docs")
app.add_typer(new.new, name="new")


@app.command("version")
def version() -> None:
    """Print the version."""
    from importlib.metadata import version as installed

    typer.echo(installed("onecity"))


def main() -> None:
    """Entry point: an expected failure is one sentence and exit code 2, never a stack trace."""
    try:
        app()
    except SiteFailure as error:
        typer.secho(f"onecity: {error}", fg=typer.colors.RED, err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
