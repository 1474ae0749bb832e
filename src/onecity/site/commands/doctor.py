"""`onecity doctor`: what is missing or broken, and how to mend it."""

import dataclasses
import json
from typing import Annotated

import typer

from onecity.site.configuration import configuration

__all__ = ["doctor"]

_MARKS = {"good": ("✓", "green"), "note": ("!", "yellow"), "bad": ("✗", "red")}


def doctor(as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False) -> None:
    """Look at the machine and the instance; exit code 1 when something must be mended."""
    from onecity.site.doctor import Grade, examine

    findings = examine(configuration())
    bad = [finding for finding in findings if finding.grade is Grade.BAD]
    if as_json:
        typer.echo(
            json.dumps({"ok": not bad, "findings": [dataclasses.asdict(f) for f in findings]}, ensure_ascii=False)
        )
    else:
        for finding in findings:
            mark, colour = _MARKS[finding.grade]
            typer.secho(f" {mark} {finding.subject}: ", fg=colour, nl=False)
            typer.echo(finding.text + (f"\n     → {finding.mend}" if finding.mend else ""))
        typer.echo("all is well" if not bad else f"{len(bad)} things to mend")
    raise typer.Exit(1 if bad else 0)
