"""Errors on the wire: the single mapping of the error family to RFC 9457 problem+json.

Owns: which HTTP status an error of the family has, and the JSON. Refuses: to invent texts; they come with the error.
"""

import json
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from onecity.kernel import errors

__all__ = ["problem", "problem_response", "status_of"]

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


def status_of(error: errors.CityError) -> int:
    """HTTP status of an error; 500 for one outside the tree."""
    return next((status for family, status in _STATUS if isinstance(error, family)), 500)


def problem(error: errors.CityError, instance: str = "") -> dict[str, Any]:
    """The problem document: type, title, status, detail, instance, plus `code`, `hint`, `contact` and `data`."""
    return {
        "type": f"urn:onecity:problem:{error.code}",
        "title": _(str(error.text)),
        "status": status_of(error),
        "detail": _(str(error.hint)) if error.hint else "",
        "instance": instance or f"urn:uuid:{uuid.uuid4()}",
        "code": str(error.code),
        "contact": str(error.contact or "12345"),
        "data": dict(error.data),
    }


def problem_response(request: HttpRequest, error: errors.CityError) -> HttpResponse:
    """The error as `application/problem+json`."""
    body = json.dumps(problem(error, request.path), ensure_ascii=False, default=str)
    response = HttpResponse(body, status=status_of(error), content_type="application/problem+json")
    if isinstance(error, errors.TooMany | errors.Unavailable):
        response["Retry-After"] = str(error.data.get("retry_after", 30))
    return response
