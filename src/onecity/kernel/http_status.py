"""Which HTTP status an error of the family has, and its plain problem document (RFC 9457). Loads no Django.

Owns: the one table, also for edge processes. Refuses: translation; `kernel.problems` adds it for pages and the API.
"""

import uuid
from typing import Any

from onecity.kernel import errors

__all__ = ["PROBLEM_STATUSES", "plain_problem", "status_of"]

_STATUS: tuple[tuple[type[errors.CityError], int], ...] = (
    (errors.Invalid, 422),
    (errors.Unauthenticated, 401),
    (errors.NotPermitted, 403),
    (errors.NotFound, 404),
    (errors.Conflict, 409),
    (errors.Gone, 410),
    (errors.TooLarge, 413),
    (errors.TooMany, 429),
    (errors.Unavailable, 503),
    (errors.Broken, 500),
)

PROBLEM_STATUSES: tuple[tuple[int, str], ...] = tuple(
    (status, (family.__doc__ or family.__name__).strip().partition(".")[0])
    for family, status in _STATUS
    if status != 500
)
"""What any route may refuse with, and in which words; 500 is never promised."""


def status_of(error: errors.CityError) -> int:
    """HTTP status of an error; 500 for one outside the tree."""
    return next((status for family, status in _STATUS if isinstance(error, family)), 500)


def plain_problem(error: errors.CityError, instance: str = "") -> dict[str, Any]:
    """The problem document: type, title, status, detail, instance, plus `code`, `contact` and `data`."""
    return {
        "type": f"urn:onecity:problem:{error.code}",
        "title": str(error.text),
        "status": status_of(error),
        "detail": str(error.hint),
        "instance": instance or f"urn:uuid:{uuid.uuid4()}",
        "code": str(error.code),
        "contact": str(error.contact or "12345"),
        "data": dict(error.data),
    }
