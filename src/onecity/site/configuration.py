"""The one place where the outside world configures this instance.

Owns: every entry an operator may set (name, environment variable, type, default, help), read once into one frozen
object. Refuses: to start on a wrong value or an unknown `ONECITY_*` variable, naming it and how to mend it.
Imports no Django, so edge processes and the CLI may read it too.
"""

import difflib
import os
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, get_type_hints

from onecity.site.configuration_checks import check_values, wrong
from onecity.site.failures import ConfigurationError
from onecity.site.kept_secret import kept_secret

__all__ = [
    "Configuration",
    "ConfigurationError",
    "Entry",
    "LogLevel",
    "Mode",
    "configuration",
    "entries",
    "keep_mode",
    "read",
    "use_database",
]


class Mode(StrEnum):
    """What this instance is: a synthetic demonstration or a real, initially empty city."""

    DEMO = "demo"
    REAL = "real"


class LogLevel(StrEnum):
    """Least severity that is written to the log."""

    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


class EngineName(StrEnum):
    """What runs the quality rules of arrivals."""

    DUCKDB = "duckdb"
    SPARK = "spark"


@dataclass(frozen=True)
class Entry:
    """One declared setting as shown by `onecity settings` and its documentation page."""

    name: str
    variable: str
    kind: str
    default: str
    help: str
    secret: bool


def _entry(
    variable: str,
    default: Any,
    help: str,
    *,
    minimum: int | None = None,
    maximum: int | None = None,
    secret: bool = False,
    shown: str | None = None,
) -> Any:
    return field(
        default=default,
        metadata={
            "variable": variable,
            "help": help,
            "minimum": minimum,
            "maximum": maximum,
            "secret": secret,
            "shown": shown,
        },
    )


@dataclass(frozen=True)
class Configuration:
    """Everything that may differ between two instances of the same release."""

    home: Path = _entry(
        "ONECITY_HOME",
        Path(".onecity"),
        "Folder of this instance: database, secrets, files, logs. Relative paths start at the current folder.",
    )
    mode: Mode = _entry(
        "ONECITY_MODE",
        Mode.DEMO,
        "demo = a synthetic city with demonstration accounts; real = an empty city for `onecity init`. "
        "Kept in the home folder at the first start and not changeable afterwards.",
    )
    engine: EngineName = _entry(
        "ENGINE",
        EngineName.DUCKDB,
        "duckdb = rules of arrivals run in the worker itself; spark = the same rules on Spark (extra `spark`, Java 17).",
    )
    database_url: str = _entry(
        "DATABASE_URL",
        "",
        "postgresql://user:password@host:5432/name of any PostgreSQL of version 15 or newer. "
        "Empty = the embedded PostgreSQL, started by us.",
        secret=True,
        shown="(embedded)",
    )
    pg_bin: str = _entry(
        "PG_BIN",
        "",
        "Folder of the programs postgres, initdb and pg_ctl (15 or newer) that the embedded server shall use.",
        shown="(found)",
    )
    database_pool: int = _entry(
        "DATABASE_POOL", 8, "Largest number of database connections each web process keeps.", minimum=1, maximum=100
    )
    host: str = _entry(
        "HOST", "127.0.0.1", "Address web and gateway listen on. 0.0.0.0 opens them to the network: put TLS in front."
    )
    port: int = _entry("PORT", 8000, "Port of the web face.", minimum=1, maximum=65535)
    gateway_port: int = _entry("GATEWAY_PORT", 8100, "Port of the data-exchange gateway.", minimum=1, maximum=65535)
    twin_port: int = _entry(
        "TWIN_PORT", 8200, "Port of the demonstration's provincial systems (local only).", minimum=1, maximum=65535
    )
    public_url: str = _entry(
        "PUBLIC_URL",
        "",
        "Address under which people reach the web face; printed in documents and QR codes.",
        shown="http://HOST:PORT",
    )
    allowed_hosts: tuple[str, ...] = _entry(
        "ALLOWED_HOSTS",
        ("localhost", "127.0.0.1", "[::1]"),
        "Host names the web face answers to, separated by commas. HOST and the host of PUBLIC_URL are added.",
    )
    secure_cookies: bool = _entry(
        "SECURE_COOKIES", False, "yes = cookies travel over HTTPS only. Set it wherever TLS stands in front."
    )
    trusted_proxies: tuple[str, ...] = _entry(
        "TRUSTED_PROXIES",
        (),
        "Addresses or networks of reverse proxies in front of the web face (e.g. 10.0.0.5,10.1.0.0/16), separated by "
        "commas. Only they may say in X-Forwarded-For and X-Forwarded-Proto who asked and whether over HTTPS; from "
        "anybody else both are ignored.",
        shown="(none)",
    )
    secret_key: str = _entry(
        "SECRET_KEY",
        "",
        "Key that signs sessions and forms, at least 32 characters. Empty = made once, kept in the home folder (0600).",
        secret=True,
        shown="(generated)",
    )
    key_passphrase: str = _entry(
        "KEY_PASSPHRASE",
        "",
        "Passphrase (12 characters or more) under which private keys lie encrypted in the home folder. Prefer the file.",
        secret=True,
        shown="(none)",
    )
    key_passphrase_file: str = _entry(
        "KEY_PASSPHRASE_FILE",
        "",
        "File that holds the passphrase of the private keys, readable by its owner only, best on another medium. "
        "`onecity keys protect` encrypts keys made before.",
        shown="(none)",
    )
    web_workers: int = _entry("WEB_WORKERS", 2, "Number of web processes.", minimum=1, maximum=128)
    web_threads: int = _entry("WEB_THREADS", 4, "Threads that run requests in each web process.", minimum=1, maximum=64)
    gateway_workers: int = _entry("GATEWAY_WORKERS", 2, "Number of gateway processes.", minimum=1, maximum=128)
    worker_jobs: int = _entry(
        "WORKER_JOBS", 4, "Background jobs the worker process runs at the same time.", minimum=1, maximum=64
    )
    gap_folder: str = _entry(
        "GAP_FOLDER",
        "",
        "Folder a one-way gap lays batches of front machines into; the worker takes them in. Empty = none.",
        shown="(none)",
    )
    log_level: LogLevel = _entry("LOG_LEVEL", LogLevel.INFO, "Least severity written to the log.")
    debug: bool = _entry(
        "ONECITY_DEBUG", False, "yes = error pages show code and data. For development on synthetic data only."
    )
    residents: int = _entry(
        "RESIDENTS",
        100_000,
        "Size of the synthetic city built in demonstration mode.",
        minimum=1_000,
        maximum=10_000_000,
    )
    seed: int = _entry(
        "SEED", 370299, "Seed of the synthetic city: the same seed gives the same city.", minimum=0, maximum=2**63 - 1
    )

    @property
    def base_url(self) -> str:
        """Address people type, without a trailing slash."""
        if self.public_url:
            return self.public_url.rstrip("/")
        shown = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host
        return f"http://{shown}:{self.port}"

    @property
    def files_folder(self) -> Path:
        """Where uploaded and produced files are stored."""
        return self.home / "files"

    def secret(self, name: str) -> str:
        """A named random secret of 256 bits (hex), made on first use and kept in the home folder with mode 0600."""
        return kept_secret(self.home, name)


def _declared() -> tuple[Field[Any], ...]:
    return fields(Configuration)


def _shown_default(declared: Field[Any]) -> str:
    if declared.metadata["shown"] is not None:
        return str(declared.metadata["shown"])
    assert declared.default is not MISSING
    if isinstance(declared.default, bool):
        return "yes" if declared.default else "no"
    if isinstance(declared.default, tuple):
        return ",".join(declared.default)
    return str(declared.default)


def _kind(hint: Any) -> str:
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return " | ".join(hint)
    return {Path: "folder", str: "text", int: "whole number", bool: "yes | no"}.get(hint, "list")


def entries() -> tuple[Entry, ...]:
    """All settings in declaration order, for `onecity settings` and the documentation."""
    hints = get_type_hints(Configuration)
    return tuple(
        Entry(
            name=declared.name,
            variable=declared.metadata["variable"],
            kind=_kind(hints[declared.name]),
            default=_shown_default(declared),
            help=declared.metadata["help"],
            secret=declared.metadata["secret"],
        )
        for declared in _declared()
    )


def _whole_number(declared: Field[Any], text: str) -> int:
    low, high = declared.metadata["minimum"], declared.metadata["maximum"]
    try:
        number = int(text.replace("_", ""))
    except ValueError:
        number = low - 1
    if not low <= number <= high:
        raise wrong(declared.metadata["variable"], text, f"a whole number from {low} to {high}")
    return number


def _yes_or_no(variable: str, text: str) -> bool:
    if text.lower() in ("yes", "true", "on", "1"):
        return True
    if text.lower() in ("no", "false", "off", "0"):
        return False
    raise wrong(variable, text, "yes or no")


def _parsed(declared: Field[Any], hint: Any, text: str) -> Any:
    variable = declared.metadata["variable"]
    if hint is Path:
        return Path(text)
    if hint is int:
        return _whole_number(declared, text)
    if hint is bool:
        return _yes_or_no(variable, text)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        try:
            return hint(text)
        except ValueError:
            raise wrong(variable, text, "one of " + ", ".join(hint)) from None
    if hint is str:
        return text
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _refuse_unknown(environment: Mapping[str, str]) -> None:
    known = [declared.metadata["variable"] for declared in _declared()]
    for variable in environment:
        if variable.startswith("ONECITY_") and variable not in known:
            near = difflib.get_close_matches(variable, known, n=1)
            meant = f" Did you mean {near[0]}?" if near else " `onecity settings` lists all names."
            raise ConfigurationError(f"{variable} is not a setting of OneCity.{meant} Unset {variable}.")


def _persisted_mode(home: Path, wanted: Mode | None) -> Mode:
    kept = home / "mode"
    try:
        text = kept.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return wanted or Mode.DEMO
    except OSError as error:
        raise ConfigurationError(f"{kept} cannot be read ({error.strerror}). Run as the owner of {home}.") from error
    try:
        mode = Mode(text)
    except ValueError:
        raise ConfigurationError(f"{kept} holds {text!r}; it must hold demo or real. Restore the file.") from None
    if wanted is not None and wanted is not mode:
        raise ConfigurationError(
            f"ONECITY_MODE={wanted}, but {home} was made in {mode} mode. "
            "Unset ONECITY_MODE or choose another ONECITY_HOME."
        )
    return mode


def keep_mode(home: Path, mode: Mode) -> None:
    """Write the mode into the home folder at the first start; refuses to change it later."""
    home.mkdir(parents=True, exist_ok=True)
    _persisted_mode(home, mode)
    (home / "mode").write_text(mode + "\n", encoding="ascii")


def read(environment: Mapping[str, str]) -> Configuration:
    """Build the settings object from variables. Raises ConfigurationError naming the wrong one."""
    _refuse_unknown(environment)
    hints = get_type_hints(Configuration)
    values: dict[str, Any] = {}
    given: set[str] = set()
    for declared in _declared():
        text = environment.get(declared.metadata["variable"], "").strip()
        values[declared.name] = _parsed(declared, hints[declared.name], text) if text else declared.default
        if text:
            given.add(declared.name)
    values["home"] = Path(values["home"]).expanduser().absolute()
    values["mode"] = _persisted_mode(values["home"], values["mode"] if "mode" in given else None)
    if not values["secret_key"]:
        values["secret_key"] = kept_secret(values["home"], "secret_key")
    check_values(values)
    return Configuration(**values)


@cache
def configuration() -> Configuration:
    """The settings of this process, read once from its environment."""
    return read(os.environ)


def use_database(url: str) -> None:
    """Tell this process and its children which database to use; settings read earlier are read anew."""
    os.environ["DATABASE_URL"] = url
    configuration.cache_clear()
