"""What every answer of the web process obeys.

Owns: the Content-Security-Policy, the refusal of NUL bytes, and turning an error of the family into a page or a problem document.
Refuses: to know who is logged in; `identity` puts the actor on the request.
"""

import logging
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode

from onecity.kernel.errors import Broken, CityError, Invalid, NotPermitted, Unauthenticated
from onecity.kernel.problems import problem, problem_response, status_of
from onecity.kernel.slots import Face, navigation

logger = logging.getLogger("onecity.web")

Answer = Callable[[HttpRequest], HttpResponse]
DESK = "/desk/"

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-src 'self'; frame-ancestors 'none'"
)


class ContentPolicy:
    """A strict Content-Security-Policy on every answer: nothing inline, nothing from a foreign host."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.answer(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(self), microphone=(self)")
        return response


class ChineseFirst:
    """Chinese unless the person has switched: the browser's own language decides nothing, so one link reads the same to all."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.answer(request)
        response.headers.setdefault("Content-Language", language)
        return response


class RefuseNullBytes:
    """PostgreSQL stores no NUL; a request that carries one is refused with a sentence instead of failing deep inside."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return error_response(request, Invalid("web.null_byte", "请求中含有不允许的字符", hint="请去掉后重试"))
        if request.method == "POST" and not _is_api(request) and any("\x00" in v for v in request.POST.values()):
            return error_response(request, Invalid("web.null_byte", "填写内容中含有不允许的字符", hint="请去掉后重试"))
        return self.answer(request)


class ReadableErrors:
    """Errors of the family become a page with cause, what to do, whom to call and code."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Called by Django when a view raised."""
        if isinstance(error, Unauthenticated) and not _is_api(request) and request.method == "GET":
            return HttpResponseRedirect(f"{reverse('identity.login')}?{urlencode({'next': request.get_full_path()})}")
        if isinstance(error, NotPermitted) and (elsewhere := _other_desk(request)):
            return HttpResponseRedirect(elsewhere)
        if isinstance(error, CityError):
            return error_response(request, error)
        if settings.DEBUG:
            return None
        logger.exception("unhandled error on %s", request.path, exc_info=error)
        return error_response(request, Broken())


def _other_desk(request: HttpRequest) -> str:
    """The desk opens with the to-do list; for staff who have none, with the first page they may open ("" = no such page)."""
    if request.path != DESK or request.method != "GET":
        return ""
    open_to = navigation(Face.DESK, request.actor)  # type: ignore[attr-defined]
    return reverse(open_to[0].name) if open_to else ""


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def error_response(request: HttpRequest, error: CityError) -> HttpResponse:
    """A problem document for machines, a page for people."""
    if _is_api(request) or "application/json" in request.headers.get("Accept", ""):
        return problem_response(request, error)
    page = render_to_string("ui/problem.html", {"problem": problem(error, request.path)}, request=request)
    return HttpResponse(page, status=status_of(error))
