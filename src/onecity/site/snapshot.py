"""The first day of a demonstration, kept as a second database, so that a reset is a copy and not a rebuild."""

from urllib.parse import unquote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from onecity.site.failures import SiteFailure

__all__ = ["SnapshotError", "exists", "restore", "take"]


class SnapshotError(SiteFailure):
    """The first day cannot be kept or brought back. The message names the cause and the mend."""


def _names(url: str) -> tuple[str, str, str]:
    name = unquote(urlsplit(url).path.lstrip("/")) or "onecity"
    return name, f"{name}_first_day", f"{name}_being_restored"


def _beside(url: str) -> psycopg.Connection[tuple[object, ...]]:
    """A connection to the server that is not to the city's own database."""
    parts = urlsplit(url)
    return psycopg.connect(
        urlunsplit((parts.scheme, parts.netloc, "/postgres", parts.query, "")), autocommit=True, connect_timeout=10
    )


def _copy(connection: psycopg.Connection[tuple[object, ...]], source: str, target: str) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(target)))
    connection.execute(
        sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
            sql.Identifier(target), sql.Identifier(source)
        )
    )


def exists(url: str) -> bool:
    """Whether a first day was kept."""
    with _beside(url) as connection:
        kept = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [_names(url)[1]]).fetchone()
        return kept is not None


def take(url: str) -> None:
    """Keep the database as it is now. Nobody may be connected to it. Raises SnapshotError."""
    name, kept, _ = _names(url)
    try:
        with _beside(url) as connection:
            _copy(connection, name, kept)
    except psycopg.Error as error:
        raise SnapshotError(
            f"The first day could not be kept ({str(error).strip()}). Give the database user CREATEDB; "
            "until then `onecity demo reset` has nothing to go back to."
        ) from error


def restore(url: str) -> None:
    """Put the kept first day in the place of the database; open connections are cut and come back by themselves."""
    name, kept, draft = _names(url)
    if not exists(url):
        raise SnapshotError("There is no first day to go back to. Start the demonstration once with `onecity run`.")
    try:
        with _beside(url) as connection:
            _copy(connection, kept, draft)
            old, new = sql.Identifier(name), sql.Identifier(draft)
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(old))
            connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(new, old))
    except psycopg.Error as error:
        raise SnapshotError(f"The reset failed ({str(error).strip()}). Run it again.") from error
