"""Views of the design system itself: elder mode, language, the live component page."""

from dataclasses import replace

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST
from django.views.i18n import set_language as set_language

from onecity.ui.contracts import Visitor
from onecity.ui.pages import ELDER_COOKIE, frame_of, render
from onecity.ui.showcase import showcase

_YEAR_SECONDS = 365 * 24 * 3600


@require_POST
def set_elder_mode(request: HttpRequest) -> HttpResponse:
    """Switch large type on or off for a year and return to the page one came from (same host only)."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = "/"
    response = HttpResponseRedirect(target)
    wanted = "on" if request.POST.get("elder") == "on" else "off"
    response.set_cookie(
        ELDER_COOKIE, wanted, max_age=_YEAR_SECONDS, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return response


@require_GET
def components(request: HttpRequest) -> HttpResponse:
    """Every component in every state: usual, empty, long, error."""
    return render(request, "ui/components.html", showcase())


@require_POST
def component_form(request: HttpRequest) -> HttpResponse:
    """The sample form with its errors, so that the error state is a real one."""
    return render(request, "ui/components.html", showcase(request.POST))


def _sample_page(request: HttpRequest, template: str, nav: str, visitor: Visitor) -> HttpResponse:
    sample = showcase()
    frame = replace(frame_of(request), nav=sample.get(nav, ()), visitor=visitor, messages_href="#", search_href="#")
    return render(request, template, {**sample, "frame": frame})


@require_GET
def component_portal(request: HttpRequest) -> HttpResponse:
    """The portal layout with sample content."""
    return _sample_page(request, "ui/components_portal.html", "portal_nav", Visitor("王*", unread=2))


@require_GET
def component_desk(request: HttpRequest) -> HttpResponse:
    """The desk layout with sample content."""
    visitor = Visitor("陈*莉", "区教体局复核岗", "06-19 17:42", 5)
    return _sample_page(request, "ui/components_desk.html", "desk_nav", visitor)


@require_GET
def component_brain(request: HttpRequest) -> HttpResponse:
    """The brain layout with sample content."""
    return _sample_page(request, "ui/components_brain.html", "", Visitor("李*", "市政府"))
