"""The number that moves with every change of what may be read. Readers in other processes hear of it at commit."""

from django.db import connection

from onecity.hubs.opendata.edge.sql import CHANNEL

__all__ = ["current", "touch"]


def touch() -> None:
    """Move it in the current transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO opendata_generation (id, number) VALUES (1, 1) ON CONFLICT (id) "
            "DO UPDATE SET number = opendata_generation.number + 1"
        )
        cursor.execute(f"NOTIFY {CHANNEL}")


def current() -> int:
    """Where it stands."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce((SELECT number FROM opendata_generation WHERE id = 1), 0)")
        return int(cursor.fetchone()[0])
