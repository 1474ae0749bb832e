"""Commands that check what must not have changed: the audit chain, undelivered events, packs."""

import dataclasses
import json
from typing import Annotated

import typer

from onecity.site.bootstrap import wake_django

__all__ = ["audit", "events", "pack"]

audit = typer.Typer(help="The audit trail.", no_args_is_help=True)
events = typer.Typer(help="The event log.", no_args_is_help=True)
pack = typer.Typer(help="Scenario packs.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object.")]


@audit.callback()
def _audit() -> None:
    """The audit trail."""


@audit.command("verify")
def verify_audit(as_json: AsJson = False) -> None:
    """Recompute the hash chain; exit code 1 and the place of the first altered row when it does not hold."""
    wake_django()
    from onecity.kernel.audit import verify

    found = verify()
    if as_json:
        typer.echo(json.dumps(dataclasses.asdict(found) | {"holds": found.holds}, ensure_ascii=False))
    else:
        typer.echo(f"{found.rows} rows hold, {found.unsealed} not sealed yet" if found.holds else found.fault)
    raise typer.Exit(0 if found.holds else 1)


@events.callback()
def _events() -> None:
    """The event log."""


@events.command("dead-letters")
def dead_letters(as_json: AsJson = False) -> None:
    """List events a subscriber could not handle; exit code 1 when there are any."""
    wake_django()
    from onecity.kernel.models import DeadLetter

    letters = list(
        DeadLetter.objects.order_by("first_failed_at").values("id", "subscriber", "topic", "key", "attempts", "error")
    )
    if as_json:
        typer.echo(json.dumps({"dead_letters": letters}, default=str, ensure_ascii=False))
    else:
        for letter in letters:
            reason = (letter["error"].strip().splitlines() or [""])[-1]
            typer.echo(f"{letter['id']}  {letter['subscriber']}  {letter['topic']}  {letter['key']}  {reason}")
        typer.echo(f"{len(letters)} dead letters")
    raise typer.Exit(1 if letters else 0)


@pack.callback()
def _pack() -> None:
    """Scenario packs."""


@pack.command("check")
def check(as_json: AsJson = False) -> None:
    """Validate every installed pack without applying it; names file, key and hint of each mistake."""
    wake_django(database=False)
    from onecity.kernel.packs import check_all

    problems = check_all()
    if as_json:
        typer.echo(json.dumps({"problems": [dataclasses.asdict(p) for p in problems]}, default=str, ensure_ascii=False))
    else:
        for problem in problems:
            typer.echo(str(problem))
        typer.echo("all packs are sound" if not problems else f"{len(problems)} mistakes")
    raise typer.Exit(1 if problems else 0)
