"""Where hubs mount their HTTP routers: /api/v1/<hub or pack>/…

Owns: the one NinjaAPI, its JSON (Chinese unescaped) and its error answers. Refuses: routes of its own.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Router
from ninja.errors import ValidationError
from ninja.renderers import JSONRenderer

from onecity.kernel import errors
from onecity.kernel.problems import problem_response

__all__ = ["api", "mount"]


class _Readable(JSONRenderer):
    json_dumps_params = {"ensure_ascii": False, "separators": (",", ":")}


api = NinjaAPI(title="OneCity", version="1", urls_namespace="api", renderer=_Readable(), docs_url="/docs")
_mounted: set[str] = set()


def mount(prefix: str, router: Router) -> None:
    """Serve `router` under /api/v1/<prefix>/ (called in `ready()`)."""
    if prefix not in _mounted:
        _mounted.add(prefix)
        api.add_router(f"/{prefix}", router, tags=[prefix])


@api.exception_handler(errors.CityError)
def _city_error(request: HttpRequest, error: Any) -> HttpResponse:
    return problem_response(request, error)


@api.exception_handler(ValidationError)
def _validation(request: HttpRequest, error: Any) -> HttpResponse:
    details = [{"where": ".".join(map(str, e["loc"])), "what": e["msg"]} for e in error.errors]
    return problem_response(request, errors.Invalid("api.invalid", "请求内容不符合接口定义", data={"errors": details}))


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Any) -> HttpResponse:
    return problem_response(request, errors.NotFound())


@api.exception_handler(PermissionDenied)
def _denied(request: HttpRequest, error: Any) -> HttpResponse:
    return problem_response(request, errors.NotPermitted())
