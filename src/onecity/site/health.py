"""`GET /healthz`: is this process able to work.

Owns: version, database and backlog in one small JSON. Refuses: anything that needs a login.
"""

from importlib.metadata import version

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from onecity.kernel import events, jobs

__all__ = ["healthz"]


def healthz(request: HttpRequest) -> JsonResponse:
    """{"status": "ok", "version", "database", "backlog": {"events", "dead_letters", "jobs"}}; 503 when the database is away."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            database = f"PostgreSQL {cursor.fetchone()[0].split()[0]}"
        backlog = events.backlog() | {"jobs": jobs.backlog()}
    except DatabaseError as error:
        return JsonResponse(
            {"status": "failing", "version": version("onecity"), "database": str(error)[:200]}, status=503
        )
    return JsonResponse({"status": "ok", "version": version("onecity"), "database": database, "backlog": backlog})
