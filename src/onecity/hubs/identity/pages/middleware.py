"""From a request to its actor, before any view runs.

Owns: the session by cookie or by bearer token, the actor on the request, the redirect of a half-finished login to its
next step, the end of sessions that rested too long, the CSRF check of API calls made with a cookie.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.sessions.middleware import SessionMiddleware as CookieSessionMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import CsrfViewMiddleware
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from onecity.hubs.identity import api
from onecity.hubs.identity.contracts import LoginStage
from onecity.kernel.errors import NotPermitted
from onecity.kernel.problems import problem_response

__all__ = ["ActorMiddleware", "SessionMiddleware"]

SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
STEPS = {
    LoginStage.SECOND_FACTOR: "identity.code",
    LoginStage.PASSWORD: "identity.first_password",
    LoginStage.POST: "identity.post",
}
ENDED = {
    "idle": _lazy("您较长时间没有操作，已自动退出，请重新登录"),
    "expired": _lazy("登录已到期，请重新登录"),
    "revoked": _lazy("您的岗位或账号有变动，请重新登录"),
}
OPEN_PATHS = ("/login", "/logout", "/static/", "/healthz", "/i18n/", "/ui/", "/api/")
"""Reachable while a login is half finished; everything else leads to its next step."""


class SessionMiddleware(CookieSessionMiddleware):
    """Django's session middleware that also takes `Authorization: Bearer <token>`; such a session sets no cookie."""

    def process_request(self, request: HttpRequest) -> None:
        """Find the key; nothing is read before it is needed."""
        scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
        request.bearer = scheme.lower() == "bearer"  # type: ignore[attr-defined]
        key = token.strip() if request.bearer else request.COOKIES.get(settings.SESSION_COOKIE_NAME)  # type: ignore[attr-defined]
        request.session = self.SessionStore(key)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Save; a bearer's answer carries no cookie."""
        if not request.bearer:  # type: ignore[attr-defined]
            return super().process_response(request, response)
        if request.session.modified and request.session.session_key:
            request.session.save()
        return response


class ActorMiddleware:
    """Puts `request.actor` and `request.sign_in` on every request."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        resumed = api.resume_session(request.session)  # type: ignore[arg-type]
        request.actor = resumed.actor  # type: ignore[attr-defined]
        request.sign_in = resumed.sign_in  # type: ignore[attr-defined]
        if resumed.ended and not _is_api(request):
            messages.warning(request, str(ENDED[resumed.ended]))
        step = STEPS.get(resumed.sign_in.stage) if resumed.sign_in else None
        if step and not request.path.startswith(OPEN_PATHS):
            return HttpResponseRedirect(reverse(step))
        return self.answer(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """API views are exempt from Django's CSRF check because tokens need none; cookies do, so it is made here."""
        if request.bearer or request.method in SAFE or not _is_api(request):  # type: ignore[attr-defined]
            return None
        if request.actor.account_id is None:  # type: ignore[attr-defined]
            return None
        check = CsrfViewMiddleware(self.answer)
        check.process_request(request)
        if check.process_view(request, _no_exemption, args, kwargs) is None:
            return None
        refused = NotPermitted("identity.csrf", _("请求缺少防伪标记"), hint=_("请刷新页面后重试，或改用令牌调用"))
        return problem_response(request, refused)


def _no_exemption(*args: Any, **kwargs: Any) -> HttpResponse:
    """Stands for the view in the CSRF check, without the view's exemption; it is never called."""
    return HttpResponse()


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")
