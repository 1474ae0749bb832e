"""Errors on the wire: the single mapping of the error family to RFC 9457 problem+json.

Owns: the translated JSON; statuses stand in `kernel.http_status`. Refuses: to invent texts; they come with the error.
"""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from onecity.kernel import errors
from onecity.kernel.http_status import plain_problem, status_of

__all__ = ["problem", "problem_response", "status_of"]


def problem(error: errors.CityError, instance: str = "") -> dict[str, Any]:
    """The problem document: type, title, status, detail, instance, plus `code`, `hint`, `contact` and `data`."""
    plain = plain_problem(error, instance)
    return {**plain, "title": _(plain["title"]), "detail": _(plain["detail"]) if plain["detail"] else ""}


def problem_response(request: HttpRequest, error: errors.CityError) -> HttpResponse:
    """The error as `application/problem+json`."""
    body = json.dumps(problem(error, request.path), ensure_ascii=False, default=str)
    response = HttpResponse(body, status=status_of(error), content_type="application/problem+json")
    if isinstance(error, errors.TooMany | errors.Unavailable):
        response["Retry-After"] = str(error.data.get("retry_after", 30))
    return response
