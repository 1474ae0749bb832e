"""`onecity keys …`: the private keys of this instance at rest."""

import typer

from onecity.site.configuration import configuration

__all__ = ["keys"]

keys = typer.Typer(help="Private keys of this instance.", no_args_is_help=True)


@keys.callback()
def _keys() -> None:
    """Private keys of this instance."""


@keys.command("protect")
def protect() -> None:
    """Encrypt key files that lie plain, under the passphrase of KEY_PASSPHRASE_FILE. Running processes go on."""
    from onecity.kernel.crypto import KeyRing

    settings = configuration()
    if not (settings.key_passphrase or settings.key_passphrase_file):
        typer.secho("Set KEY_PASSPHRASE_FILE first; `onecity settings` explains it.", fg="red", err=True)
        raise typer.Exit(2)
    typer.echo(
        f"encrypted {KeyRing(settings.home / 'keys').protect()} key files; keep the passphrase apart from the data"
    )
