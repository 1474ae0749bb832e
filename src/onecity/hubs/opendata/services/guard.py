"""Crawler defence of the public addresses: budgets per address in the shared store, cheap revalidation, one place for cache headers.

Source: rows `rates` of data/limits.yaml. Facets cost most, so they have the smallest budget and a depth; a refusal says when to come back.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.http import http_date, parse_http_date_safe

from onecity.hubs.opendata.contracts import DatasetFilter
from onecity.hubs.opendata.edge.allowance import MINUTE, window_of
from onecity.hubs.opendata.edge.shelf import digest_of
from onecity.hubs.opendata.errors import BadQuery, Slowly
from onecity.hubs.opendata.services import lookup
from onecity.hubs.opendata.services.machines import web_tables
from onecity.hubs.opendata.services.meter import spend
from onecity.kernel.clock import wall_now
from onecity.kernel.http_status import status_of
from onecity.kernel.problems import problem_response

__all__ = ["address_of", "budget_facets", "budgeted", "fresh", "rest_of_window", "slowed", "unchanged"]

Answer = TypeVar("Answer", bound=HttpResponseBase)
View = Callable[..., HttpResponseBase]


def address_of(request: HttpRequest) -> str:
    """Whom a budget belongs to: the connection's address; a proxy in front sets it (no header of the caller is believed)."""
    return str(request.META.get("REMOTE_ADDR", "") or "local")


def _budget(request: HttpRequest, kind: str) -> tuple[str, int]:
    """Whose budget and how much: a harvester that shows its key has the key's allowance, everybody else the address's."""
    secret = request.headers.get("X-Api-Key", "")
    held = web_tables()[0].keys.get(digest_of(secret)) if secret else None
    if held is not None:
        return f"{kind}:key:{held.id}", held.per_minute
    return f"{kind}:{address_of(request)}", int(lookup.figure("rates", f"{kind}_per_minute"))


def rest_of_window() -> int:
    """Seconds until the next window."""
    return max(1, window_of(MINUTE) + MINUTE - int(wall_now().timestamp()))


def _slowly(limit: int) -> Slowly:
    return Slowly(data={"limit": limit, "seconds": MINUTE, "retry_after": rest_of_window()})


def budgeted(view: View) -> View:
    """Count a request of this address; above the budget 429 with Retry-After."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        subject, limit = _budget(request, "address")
        try:
            if not spend(subject, limit):
                raise _slowly(limit)
            return view(request, *args, **kwargs)
        except Slowly as error:
            return slowed(request, error)

    return guarded


def slowed(request: HttpRequest, error: Slowly) -> HttpResponse:
    """429 with the second at which to come back."""
    answer: HttpResponse = problem_response(request, error)
    answer["Retry-After"] = str(error.data.get("retry_after", MINUTE))
    answer["Cache-Control"] = "no-store"
    answer.status_code = status_of(error)
    return answer


def budget_facets(request: HttpRequest, chosen: DatasetFilter) -> None:
    """Filtered search has a depth and a smaller budget. Raises BadQuery, Slowly."""
    if not (chosen.facets or chosen.text):
        return
    deepest = int(lookup.figure("rates", "facet_depth"))
    if chosen.facets > deepest:
        raise BadQuery(text=f"同时使用的筛选不超过{deepest}个", hint="请减少筛选条件")
    subject, limit = _budget(request, "facets")
    if not spend(subject, limit):
        raise _slowly(limit)


def _tag(*parts: object) -> str:
    return f'W/"{hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:20]}"'


def unchanged(request: HttpRequest, changed: datetime | None, *parts: object) -> HttpResponse | None:
    """304 when the caller holds what is in force; `parts` are what the answer depends on."""
    tag = _tag(request.get_full_path(), getattr(request, "LANGUAGE_CODE", ""), *parts)
    request._opendata_tag = tag  # type: ignore[attr-defined]
    request._opendata_changed = changed  # type: ignore[attr-defined]
    held = request.headers.get("If-None-Match", "")
    since = parse_http_date_safe(request.headers.get("If-Modified-Since", "")) if not held else None
    same = tag in [one.strip() for one in held.split(",")] or bool(
        since and changed and int(changed.timestamp()) <= since
    )
    return fresh(request, HttpResponseNotModified()) if same else None


def fresh(request: HttpRequest, answer: Answer) -> Answer:
    """Validators on an answer. Caches may keep it but ask every time, so that a take-down holds everywhere at once."""
    tag: str = getattr(request, "_opendata_tag", "")
    changed: datetime | None = getattr(request, "_opendata_changed", None)
    if tag:
        answer["ETag"] = tag
    if changed is not None:
        answer["Last-Modified"] = http_date(changed.timestamp())
    answer["Cache-Control"] = "no-cache"
    return answer
