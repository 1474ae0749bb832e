"""Where gateway and worker process meet on disk: below the home, one folder per database, so that neither a test nor a database begun
anew ever meets another's snapshots or proofs."""

from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

__all__ = ["database_name", "proofs_of", "snapshots_of"]


def database_name(database_url: str) -> str:
    """The name in a connection address."""
    return str(conninfo_to_dict(database_url).get("dbname") or "city")


def snapshots_of(home: Path, database: str) -> Path:
    """Look-up files of published versions."""
    return home / "snapshots" / database.replace("/", "_")


def proofs_of(home: Path, database: str) -> Path:
    """Logs of the gateway's workers."""
    return home / "proofs" / database.replace("/", "_")
