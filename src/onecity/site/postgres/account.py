"""Who the server runs as. PostgreSQL refuses to run as root, so root lends it an unprivileged account."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from onecity.site.postgres.errors import PostgresError

__all__ = ["Account", "choose_account", "made_account", "run_as"]


@dataclass(frozen=True)
class Account:
    """An operating-system account; `switch` says whether this process must change to it."""

    name: str
    uid: int
    gid: int
    switch: bool

    def own(self, path: Path) -> None:
        """Give one path that we made to the account."""
        if self.switch:
            os.chown(path, self.uid, self.gid)


_TO_BE_MADE = Account("onecity", -1, -1, switch=True)


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _known(name: str) -> Account | None:
    try:
        row = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(row.pw_name, row.pw_uid, row.pw_gid, switch=True)


def _created() -> Account | None:
    command = shutil.which("useradd", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if command is None:
        return None
    subprocess.run(
        [command, "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", "onecity"],
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
    )
    return _known("onecity")


def choose_account(data: Path) -> Account:
    """The owner of existing data; else ourselves; as root the account onecity or postgres, else one to be made."""
    if os.geteuid() != 0:
        return Account(pwd.getpwuid(os.geteuid()).pw_name, os.geteuid(), os.getegid(), switch=False)
    if data.exists():
        owner = data.stat()
        if owner.st_uid == 0:
            raise PostgresError(f"{data} belongs to root, and PostgreSQL does not run as root. Move the folder away.")
        return Account(_name(owner.st_uid), owner.st_uid, owner.st_gid, switch=True)
    return _known("onecity") or _known("postgres") or _TO_BE_MADE


def made_account(account: Account) -> Account:
    """The account itself, made now if it does not exist yet; `nobody` where accounts cannot be made."""
    if account is not _TO_BE_MADE:
        return account
    made = _created() or _known("nobody")
    if made is None:
        raise PostgresError("No unprivileged account can run PostgreSQL. Create one: useradd --system onecity")
    return made


def run_as(
    account: Account,
    arguments: Sequence[str | Path],
    *,
    output: IO[bytes] | int = subprocess.DEVNULL,
    timeout: float = 120,
) -> int:
    """Run a program as the account; returns its exit code. Raises PermissionError when it may not be executed.

    Output goes to a file or nowhere: the server inherits it, and a pipe would stay open for as long as it lives.
    """
    done = subprocess.run(
        [str(argument) for argument in arguments],
        check=False,
        cwd="/",
        env={"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C", "TZ": "UTC"},
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output != subprocess.DEVNULL else subprocess.DEVNULL,
        timeout=timeout,
        umask=0o077,
        user=account.uid if account.switch else None,
        group=account.gid if account.switch else None,
        extra_groups=[] if account.switch else None,
    )
    return done.returncode
