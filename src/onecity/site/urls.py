"""All addresses: the pages that hubs and packs registered, the API, health.

Owns: mounting and the login and permission gate before every page. Refuses: views of its own beyond health.
"""

from collections.abc import Callable
from functools import wraps
from importlib.util import find_spec
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path

from onecity.kernel.api_mount import api
from onecity.kernel.errors import NotFound, Unauthenticated
from onecity.kernel.packs import enabled
from onecity.kernel.policy import require
from onecity.kernel.slots import Page, pages
from onecity.site.health import healthz

__all__ = ["handler404", "handler500", "urlpatterns"]


def _gated(page: Page) -> Callable[..., HttpResponse]:
    """The page's view behind its pack switch, login and permission."""

    @wraps(page.view)
    def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if page.pack and not enabled(page.pack):
            raise NotFound("web.pack_off", "该服务未启用", hint="请从首页选择其他服务")
        if page.permission is not None:
            if request.actor.account_id is None:  # type: ignore[attr-defined]
                raise Unauthenticated()
            if page.permission:
                require(request.actor, page.permission)  # type: ignore[attr-defined]
        response: HttpResponse = page.view(request, *args, **kwargs)
        return response

    return view


def _page_patterns() -> list[URLPattern]:
    return [path(page.path.lstrip("/"), _gated(page), name=page.name) for page in pages()]


def _extra() -> list[URLPattern | URLResolver]:
    return [path("", include("onecity.ui.urls"))] if find_spec("onecity.ui.urls") else []


urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("api/v1/", api.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    *_extra(),
    *_page_patterns(),
]

handler404 = "onecity.site.error_pages.not_found"
handler500 = "onecity.site.error_pages.broken"
handler403 = "onecity.site.error_pages.denied"
