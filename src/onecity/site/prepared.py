"""Whether an instance is prepared already: the same code, packs, choices and database as at its last preparation.

Owns: the mark in the home folder that makes a second start quick. Refuses: to trust it for a foreign database.
"""

import hashlib
from importlib.metadata import entry_points
from pathlib import Path

from onecity.site.configuration import Configuration, Mode

__all__ = ["code_digest", "is_first_day_current", "is_prepared", "mark_prepared", "note_first_day"]

_SOURCE = Path(__file__).resolve().parents[1]
_KINDS = {".py", ".yaml", ".toml", ".sql", ".csv"}


def code_digest() -> str:
    """What this release consists of. Costs a look at each source file, no reading."""
    total = hashlib.sha256()
    for path in sorted(_SOURCE.rglob("*")):
        if path.suffix in _KINDS and "__pycache__" not in path.parts:
            found = path.stat()
            total.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    for entry in entry_points(group="onecity.scenarios"):
        total.update(f"{entry.name} {entry.dist.version if entry.dist else ''}\n".encode())
    return total.hexdigest()


def _fingerprint(settings: Configuration) -> str:
    """What the outcome of a preparation depends on."""
    choices = f"{settings.mode} {settings.residents} {settings.seed} {settings.twin_port}"
    total = hashlib.sha256(f"{choices} {code_digest()}".encode())
    identity = settings.home / "postgres.id"
    total.update(identity.read_bytes() if identity.exists() else settings.home.as_posix().encode())
    return total.hexdigest()


def _first_day(settings: Configuration) -> str:
    twin = settings.home / "twin" / "address"
    return f"{code_digest()} {twin.read_text('ascii') if twin.exists() else ''}"


def note_first_day(settings: Configuration) -> None:
    """Remember with which code and which twin the first day was kept."""
    (settings.home / "first_day").write_text(_first_day(settings), encoding="ascii")


def is_first_day_current(settings: Configuration) -> bool:
    """Whether the kept first day needs nothing but to be brought back."""
    mark = settings.home / "first_day"
    return mark.exists() and mark.read_text(encoding="ascii") == _first_day(settings)


def is_prepared(settings: Configuration, *, embedded: bool) -> bool:
    """Whether nothing changed since `mark_prepared`. Always False for a database that is not ours."""
    mark = settings.home / "prepared"
    if settings.mode is Mode.REAL and not (settings.home / "founded").exists():
        return False  # an empty city: the preparation sees to the code of its wizard
    return embedded and mark.exists() and mark.read_text(encoding="ascii") == _fingerprint(settings)


def mark_prepared(settings: Configuration) -> None:
    """Remember that the preparation of this code on this database succeeded."""
    (settings.home / "prepared").write_text(_fingerprint(settings), encoding="ascii")
