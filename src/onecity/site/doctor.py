"""The doctor: says in plain words what is missing or broken on this machine and in this instance, and the mend."""

import glob
import platform
import shutil
import socket
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg

from onecity.site import postgres
from onecity.site.configuration import Configuration, Mode
from onecity.site.postgres.binaries import OLDEST, found_binaries

__all__ = ["Finding", "Grade", "examine"]

_CJK_FONTS = ("NotoSansCJK*", "NotoSerifCJK*", "NotoSansSC*", "wqy-*", "SourceHanSans*", "PingFang*", "STHeiti*")
_FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "/System/Library/Fonts", "/Library/Fonts")
_CALENDAR_MONTH = 12
"""The notice of a year is published in October or November of the year before."""
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class Grade(StrEnum):
    """GOOD: as it should be. NOTE: works, but know it. BAD: mend it before you start."""

    GOOD = "good"
    NOTE = "note"
    BAD = "bad"


@dataclass(frozen=True)
class Finding:
    """One thing the doctor looked at."""

    subject: str
    grade: Grade
    text: str
    mend: str = ""


def chromium() -> str | None:
    """Path of a browser the tests and demonstrations can drive."""
    return next((path for path in map(shutil.which, _BROWSERS) if path), None)


def cjk_font() -> str | None:
    """A font file that has Chinese characters."""
    for folder in _FONT_FOLDERS:
        for pattern in _CJK_FONTS:
            for path in glob.iglob(str(Path(folder).expanduser() / "**" / pattern), recursive=True):
                return path
    return None


def _python(settings: Configuration) -> Iterator[Finding]:
    good = sys.version_info >= (3, 11)
    text = f"Python {platform.python_version()} in {sys.prefix}"
    yield Finding("Python", Grade.GOOD if good else Grade.BAD, text, "" if good else "Install Python 3.11 or newer.")


def _front_end(settings: Configuration) -> Iterator[Finding]:
    folder = Path(__file__).resolve().parents[3]
    if not (folder / "package.json").exists():
        return
    missing = [name for name in ("maplibre-gl", "echarts") if not (folder / "node_modules" / name).is_dir()]
    if missing:
        yield Finding("Front-end packages", Grade.BAD, f"missing: {', '.join(missing)}", "Run `make setup`.")
    else:
        yield Finding("Front-end packages", Grade.GOOD, "installed")


def _database(settings: Configuration) -> Iterator[Finding]:
    if settings.database_url:
        yield _foreign_database(settings.database_url)
        return
    sets = found_binaries()
    if not sets:
        yield Finding("PostgreSQL", Grade.BAD, "no programs found", "Run `make setup`, or set PG_BIN or DATABASE_URL.")
        return
    yield Finding("PostgreSQL", Grade.GOOD, f"programs {sets[0].version} in {sets[0].folder}")
    try:
        state = postgres.status(settings.home)
    except postgres.PostgresError as error:
        yield Finding("Database", Grade.BAD, str(error), "See the sentence.")
        return
    words = "runs" if state.running else "does not run now" if state.initialised else "will be made at the first start"
    yield Finding("Database", Grade.GOOD, f"{words}; files in {state.folder}, as account {state.account}")
    if state.version is not None and all(found.major != state.version for found in sets):
        yield Finding(
            "Database version",
            Grade.BAD,
            f"the data were made by PostgreSQL {state.version}; the programs here are {sets[0].major}",
            f"Set PG_BIN to the bin folder of PostgreSQL {state.version}.",
        )


def _foreign_database(url: str) -> Finding:
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            version = connection.info.server_version
    except psycopg.Error as error:
        said = str(error).strip().splitlines()[0]
        return Finding(
            "Database", Grade.BAD, f"DATABASE_URL does not answer: {said}", "Start it or correct DATABASE_URL."
        )
    if version < OLDEST * 10000:
        return Finding("Database", Grade.BAD, f"it is version {version // 10000}", f"Use PostgreSQL {OLDEST} or newer.")
    return Finding("Database", Grade.GOOD, f"DATABASE_URL answers, version {version // 10000}")


def _disk(settings: Configuration) -> Iterator[Finding]:
    folder = settings.home
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free / 2**30
    need = 2 + settings.residents * 20_000 / 2**30
    if free < need:
        yield Finding(
            "Disk", Grade.BAD, f"{free:.1f} GB free, {need:.1f} GB wanted", "Free some space or lower RESIDENTS."
        )
    else:
        yield Finding("Disk", Grade.GOOD, f"{free:.1f} GB free")


def _ports(settings: Configuration) -> Iterator[Finding]:
    for variable, port in (("PORT", settings.port), ("GATEWAY_PORT", settings.gateway_port)):
        with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((settings.host, port))
            except OSError as error:
                text = f"{settings.host}:{port} is in use or not ours ({error.strerror})"
                yield Finding(variable, Grade.NOTE, text, f"Fine if OneCity runs now; else set {variable}.")
            else:
                yield Finding(variable, Grade.GOOD, f"{settings.host}:{port} is free")


def _secrets(settings: Configuration) -> Iterator[Finding]:
    open_files = []
    for folder in (settings.home / "secrets", settings.home / "keys"):
        for path in folder.rglob("*") if folder.is_dir() else ():
            if path.is_file() and stat.S_IMODE(path.stat().st_mode) & 0o077:
                open_files.append(path)
    if open_files:
        listed = " ".join(map(str, open_files))
        yield Finding("Secrets", Grade.BAD, f"others may read {listed}", f"chmod 600 {listed}")
    else:
        yield Finding("Secrets", Grade.GOOD, "only their owner may read them")


def _tests(settings: Configuration) -> Iterator[Finding]:
    browser, font = chromium(), cjk_font()
    mend = (
        "apt-get install --no-install-recommends chromium fonts-noto-cjk (only `make test` and `make demos` need it)."
    )
    yield Finding("Browser", Grade.GOOD if browser else Grade.NOTE, browser or "no Chromium", "" if browser else mend)
    yield Finding("Chinese font", Grade.GOOD if font else Grade.NOTE, font or "none found", "" if font else mend)


def _keys(settings: Configuration) -> Iterator[Finding]:
    """Whether private keys lie encrypted, and whether this process could open them."""
    files = sorted((settings.home / "keys").glob("*.[0-9][0-9][0-9][0-9].json"))
    plain = [path.name for path in files if b'"secret":' in path.read_bytes()]
    given = bool(settings.key_passphrase or settings.key_passphrase_file)
    if given and plain:
        text = f"{len(plain)} of {len(files)} lie unencrypted although a passphrase is set"
        yield Finding("Private keys", Grade.NOTE, text, "Run `onecity keys protect`.")
    elif given:
        yield Finding("Private keys", Grade.GOOD, "encrypted under the passphrase")
    elif len(plain) < len(files):
        text = "they are encrypted and no passphrase is set: nothing can be signed or opened"
        yield Finding("Private keys", Grade.BAD, text, "Set KEY_PASSPHRASE_FILE.")
    elif settings.mode is Mode.REAL:
        mend = "Write a passphrase to a file (chmod 600), set KEY_PASSPHRASE_FILE, run `onecity keys protect`."
        yield Finding("Private keys", Grade.NOTE, "they lie unencrypted in the home folder", mend)


def _calendar(settings: Configuration) -> Iterator[Finding]:
    """From December on next year's working calendar is looked for, all year round this year's."""
    url = settings.database_url or _running_embedded(settings)
    if not url:
        return
    day = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    wanted = (day.year, day.year + 1) if day.month == _CALENDAR_MONTH else (day.year,)
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            have = {row[0] for row in connection.execute("SELECT year FROM process_calendaryear")}
    except psycopg.Error:
        return
    for year in wanted:
        if year not in have:
            yield Finding(
                f"Working calendar {year}",
                Grade.NOTE,
                "has no rows: limits that reach into it have no end",
                "Import the State Council's notice: desk, 系统管理, 工作日历 (/desk/process/calendar).",
            )
            return
    yield Finding("Working calendar", Grade.GOOD, f"imported up to {max(have)}")


def _running_embedded(settings: Configuration) -> str:
    """Address of the embedded database while it runs; looking starts nothing."""
    try:
        return postgres.ensure_running(settings.home).url if postgres.status(settings.home).running else ""
    except postgres.PostgresError:
        return ""


_LOOKS: tuple[Callable[[Configuration], Iterator[Finding]], ...] = (
    _python,
    _front_end,
    _database,
    _disk,
    _ports,
    _secrets,
    _keys,
    _calendar,
    _tests,
)


def examine(settings: Configuration) -> list[Finding]:
    """Look at everything; changes nothing."""
    return [finding for look in _LOOKS for finding in look(settings)]
