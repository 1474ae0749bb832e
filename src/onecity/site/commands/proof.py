"""`onecity proof …`: the proof log of the exchange, checked by whoever can read it, and single proofs offline."""

import dataclasses
import gzip
import json
import zlib
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from onecity.site.bootstrap import wake_django

__all__ = ["proof"]

proof = typer.Typer(help="The proof log of every data access.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object.")]


@proof.callback()
def _proof() -> None:
    """The proof log of every data access."""


def _finish(faults: list[str], good: str, as_json: bool, **facts: object) -> None:
    if as_json:
        typer.echo(json.dumps({"holds": not faults, "faults": faults, **facts}, ensure_ascii=False))
    elif faults:
        for fault in faults:
            typer.secho(fault, fg=typer.colors.RED)
    else:
        typer.echo(good)
    raise typer.Exit(1 if faults else 0)


@proof.command("verify")
def verify(
    bundle: Annotated[Path | None, typer.Option(help="A downloaded proof; needs only the public key.")] = None,
    key: Annotated[Path | None, typer.Option(help="The city's public key (PEM); default: this instance's.")] = None,
    proof_id: Annotated[UUID | None, typer.Option("--id", help="One record of the log.")] = None,
    log: Annotated[Path | None, typer.Option(help="An exported log; needs only the public key.")] = None,
    whole: Annotated[bool, typer.Option("--all", help="The whole log: every chain and every root.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check proofs; exit code 1 and the altered row when something does not hold."""
    if bundle is not None and key is not None:
        _verify_file(bundle, key.read_text("ascii"), as_json)
    if log is not None and key is not None:
        _verify_export(log, key.read_text("ascii"), as_json)
    wake_django()
    from onecity.hubs.exchange import api
    from onecity.kernel.actor import Actor
    from onecity.kernel.errors import CityError

    if bundle is not None:
        _verify_file(bundle, api.public_key(), as_json)
    if log is not None:
        _verify_export(log, api.public_key(), as_json)
    if proof_id is not None:
        try:
            api.verify_bundle(api.proof_bundle(Actor.system("site"), proof_id), api.public_key())
        except CityError as error:
            _finish([error.text], "", as_json)
        _finish([], f"存证 {proof_id} 完整，未被改动", as_json)
    if not whole:
        raise typer.BadParameter("say --all, --log, --id or --bundle")
    report = api.verify_log()
    facts = dataclasses.asdict(report)
    facts.pop("faults")
    good = f"{report.records} 条存证、{report.chains} 条链、{report.roots} 个根完整；{report.unrooted} 条待封存"
    _finish(list(report.faults), good, as_json, **facts)


def _verify_file(path: Path, public_key: str, as_json: bool) -> None:
    """Offline: no database, no Django."""
    from onecity.hubs.exchange.ports import proof_faults

    try:
        content = json.loads(path.read_bytes())
    except ValueError:
        content = {}
    _finish(proof_faults(content, public_key), "存证完整，未被改动", as_json)


def _verify_export(path: Path, public_keys: str, as_json: bool) -> None:
    """Offline: no database, no Django; line by line, so memory does not grow with the log."""
    from onecity.hubs.exchange.ports import check_log

    with path.open("rb") as probe:
        compressed = probe.read(2) == b"\x1f\x8b"
    try:
        with gzip.open(path) if compressed else path.open("rb") as lines:
            report = check_log(lines, public_keys)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        _finish([f"文件不完整或被改动，无法解压：{error}"], "", as_json)
    facts = {name: getattr(report, name) for name in ("records", "chains", "roots", "unrooted", "ended_at")}
    good = f"{report.records} 条存证、{report.chains} 条链、{report.roots} 个根完整；导出于 {report.ended_at}，{report.unrooted} 条待封存"
    _finish(report.faults, good, as_json, **facts)


@proof.command("export")
def export(
    target: Annotated[Path, typer.Argument(help="File to write; .gz compresses.")], as_json: AsJson = False
) -> None:
    """Write the whole log as one file that `verify --log` checks anywhere with the public key."""
    wake_django()
    from onecity.hubs.exchange import api

    report = api.export_log(target)
    _finish(
        [],
        f"{report.records} 条存证、{report.roots} 个根写入 {target}",
        as_json,
        records=report.records,
        roots=report.roots,
    )


@proof.command("key")
def key() -> None:
    """Print the public key that verifies every proof (PEM)."""
    wake_django()
    from onecity.hubs.exchange import api

    typer.echo(api.public_key(), nl=False)
