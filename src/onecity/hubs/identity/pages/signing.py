"""What the login pages share: taking over a new session, where to go next, the facts about the sign-in."""

from importlib import import_module

from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from onecity.hubs.identity.contracts import LoginStage, OpenedSession
from onecity.kernel.actor import ActorKind

__all__ = ["go_on", "home_of", "safe_next", "take_over"]

STEPS = {
    LoginStage.SECOND_FACTOR: "identity.code",
    LoginStage.PASSWORD: "identity.first_password",
    LoginStage.POST: "identity.post",
}


def take_over(request: HttpRequest, opened: OpenedSession) -> None:
    """Let the browser carry the new session from the next answer on; an anonymous one is forgotten."""
    if request.session.session_key:
        request.session.delete()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(opened.token)
    request.session.modified = True


def safe_next(request: HttpRequest) -> str:
    """The page somebody wanted, if it is ours; never a foreign address."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    fine = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if fine and wanted.startswith("/") and not wanted.startswith("/log") else ""


def home_of(kind: ActorKind | str) -> str:
    """Where this kind of person starts."""
    return "/desk/home" if kind == ActorKind.STAFF else "/"


def go_on(request: HttpRequest, opened: OpenedSession) -> HttpResponseRedirect:
    """Take over the session and go to the next step, or in."""
    wanted = safe_next(request)
    take_over(request, opened)
    if step := STEPS.get(opened.stage):
        return HttpResponseRedirect(reverse(step) + (f"?next={wanted}" if wanted else ""))
    return HttpResponseRedirect(wanted or home_of(opened.account.kind))
