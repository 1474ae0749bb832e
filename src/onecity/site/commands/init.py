"""`onecity init`: a real, empty city. Without a workbook the wizard in the browser; with one, everything from the terminal."""

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from onecity.site.configuration import Mode, configuration, keep_mode

__all__ = ["init"]


def init(
    workbook: Annotated[
        Path | None, typer.Argument(help="XLSX with 行政区划, 组织机构, 人员, 字典.", exists=True, dir_okay=False)
    ] = None,
    template: Annotated[
        Path | None, typer.Option(help="Write an empty workbook here and stop.", dir_okay=False)
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Judge the workbook, write nothing.")] = False,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Write the good rows although others are wrong.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Make a real, empty city: no demonstration account, no badge.

    Without a workbook: starts the instance and prints the one-time address of the wizard, which imports divisions,
    organisations, people and dictionaries step by step. With one: imports it here and stops.

    Nothing is written while a row is wrong, unless --skip-bad. One-time passwords are printed once: keep them safe.
    """
    from onecity.site.bootstrap import wake_django

    _become_real()
    if template is None and workbook is None:
        from onecity.site.commands.processes import run

        run()
        return
    wake_django(database=template is None)
    if template is not None:
        _write_template(template)
        return
    assert workbook is not None
    _import(workbook.read_bytes(), check, skip_bad, as_json)


def _become_real() -> None:
    """A home folder that has been a demonstration stays one; a fresh one becomes a real city."""
    settings = configuration()
    chosen = os.environ.get("ONECITY_MODE", "")
    if settings.mode is Mode.DEMO and ((settings.home / "mode").exists() or chosen):
        typer.secho(
            f"{settings.home} is a demonstration. Choose another ONECITY_HOME for the real city, e.g. "
            "ONECITY_HOME=.realcity .venv/bin/onecity init",
            fg="red", err=True,
        )  # fmt: skip
        raise typer.Exit(2)
    os.environ["ONECITY_MODE"] = Mode.REAL
    configuration.cache_clear()


def _write_template(path: Path) -> None:
    from onecity.web.init_city.workbook import template

    path.write_bytes(template())
    typer.echo(f"wrote {path}; fill it in and run: onecity init {path}")


def _import(content: bytes, check: bool, skip_bad: bool, as_json: bool) -> None:
    from onecity.kernel.actor import Actor
    from onecity.kernel.errors import CityError
    from onecity.site.preparation import apply_packs, migrate_database
    from onecity.web.init_city import draft, gate
    from onecity.web.init_city.importing import judge, write

    migrate_database()
    apply_packs(lambda line: typer.secho(line, dim=True, err=True))
    try:
        judged = judge(content)
        if check or (judged.errors and not skip_bad):
            _report(judged.errors, as_json)
            raise typer.Exit(1 if judged.errors else 0)
        done = write(Actor.system("site"), judged, skip_bad=skip_bad)
    except CityError as error:
        typer.secho(f"{error.text} {error.hint}", fg="red", err=True)
        raise typer.Exit(1) from None
    if isinstance(done, tuple):
        _report(done, as_json)
        raise typer.Exit(1)
    keep_mode(configuration().home, Mode.REAL)
    gate.close()
    draft.discard()
    _show(asdict(done), as_json)


def _report(errors: object, as_json: bool) -> None:
    rows = [asdict(error) for error in errors]  # type: ignore[attr-defined]
    if as_json:
        typer.echo(json.dumps({"errors": rows}, ensure_ascii=False))
        return
    for row in rows:
        typer.echo(f"{row['sheet']} 第{row['row']}行 {row['column']}：{row['cause']}。{row['remedy']}")
    typer.echo(f"{len(rows)} 处需要改正，未写入任何数据。" if rows else "没有发现问题。")


def _show(done: dict[str, object], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(done, ensure_ascii=False))
        return
    city = done["city"]
    assert isinstance(city, dict)
    typer.echo(f"divisions {done['divisions']}, organisations {city['organisations']}, staff {city['staff']}")
    typer.secho("One-time passwords, shown only now; each must be changed at the first login:", bold=True)
    for login, name, password in (*city["administrators"], *city["staff_passwords"]):
        typer.echo(f"  {login:<20} {password:<20} {name}")
