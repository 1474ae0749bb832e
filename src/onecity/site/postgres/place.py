"""Where one embedded server lives: folders, password and lock that belong to one home folder."""

import contextlib
import fcntl
import hashlib
import os
import secrets
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from onecity.site.postgres.account import Account, choose_account, made_account
from onecity.site.postgres.errors import PostgresError

__all__ = ["Place", "is_bound_elsewhere", "locate", "locked", "prepare"]

_LONGEST_SOCKET_FOLDER = 85  # the kernel allows 107 characters for folder and socket name together
_ROOT_SHELF = Path("/var/lib")


@dataclass(frozen=True)
class Place:
    """Paths of one server. `folder` is ours; `data` and `run` belong to the account the server runs as."""

    home: Path
    folder: Path
    run: Path
    account: Account

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def password_file(self) -> Path:
        return self.folder / "password"

    @property
    def log(self) -> Path:
        return self.run / "server.log"

    @property
    def password(self) -> str:
        try:
            return self.password_file.read_text(encoding="ascii").strip()
        except OSError as error:
            raise PostgresError(
                f"The database password {self.password_file} cannot be read ({error.strerror}). "
                "Restore it from the backup, or run as the user that made it."
            ) from error

    @property
    def data_major(self) -> int | None:
        """Major version that made the data, None when there are none yet."""
        try:
            return int((self.data / "PG_VERSION").read_text(encoding="ascii").strip())
        except FileNotFoundError:
            return None


def _run_folder(folder: Path, mark: str) -> Path:
    inside = folder / "run"
    if len(os.fsencode(inside)) <= _LONGEST_SOCKET_FOLDER:
        return inside
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if runtime and len(os.fsencode(runtime)) <= _LONGEST_SOCKET_FOLDER - 24 and os.access(runtime, os.W_OK):
        return Path(runtime) / f"onecity-{mark}"
    return Path("/tmp") / f"onecity-{os.geteuid()}-{mark}"


def locate(home: Path) -> Place:
    """Work out the place of a home folder; makes nothing."""
    home = home.absolute()
    mark = hashlib.sha256(os.fsencode(home.resolve())).hexdigest()[:12]
    folder = _ROOT_SHELF / f"onecity-{mark}" if os.geteuid() == 0 else home / "pg"
    return Place(home, folder, _run_folder(folder, mark), choose_account(folder / "data"))


def _private_folder(path: Path, account: Account) -> None:
    with contextlib.suppress(FileExistsError):
        path.mkdir(mode=0o700)
        account.own(path)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid or stat.S_IMODE(found.st_mode) != 0o700:
        raise PostgresError(
            f"{path} is not a private folder (0700) of account {account.name}. Remove it and start again."
        )


def is_bound_elsewhere(place: Place) -> bool:
    """Whether the database here was made for an earlier home folder of the same path, which is gone."""
    inside, outside = place.home / "postgres.id", place.folder / "home.id"
    if not outside.exists():
        return False
    return not inside.exists() or inside.read_text(encoding="ascii") != outside.read_text(encoding="utf-8").split()[0]


def _bind_to_home(place: Place) -> None:
    """A database outside the home folder must not be picked up by a stranger of the same path."""
    inside, outside = place.home / "postgres.id", place.folder / "home.id"
    if not outside.exists():
        identity = secrets.token_hex(16)
        inside.write_text(identity, encoding="ascii")
        outside.write_text(f"{identity} {place.home}", encoding="utf-8")
    elif is_bound_elsewhere(place):
        raise PostgresError(
            f"{place.folder} holds the database of an earlier {place.home} that is gone. "
            "Put the old home folder back, or remove the old database with `onecity db erase`."
        )


def prepare(place: Place) -> Place:
    """Make account and folders. `folder` lets the account pass through but holds a password only its maker can read."""
    place = replace(place, account=made_account(place.account))
    place.folder.mkdir(mode=0o711 if place.account.switch else 0o700, parents=True, exist_ok=True)
    _bind_to_home(place)
    _private_folder(place.run, place.account)
    if not place.password_file.exists():
        descriptor = os.open(place.password_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(secrets.token_urlsafe(32))
    return place


@contextlib.contextmanager
def locked(home: Path) -> Iterator[None]:
    """One starter at a time; the system frees the lock of a starter that was killed."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        with (home / "postgres.lock").open("w") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            yield
    except PermissionError as error:
        raise PostgresError(
            f"{error.filename or home} may not be written. Run as its owner or set ONECITY_HOME to another folder."
        ) from error
