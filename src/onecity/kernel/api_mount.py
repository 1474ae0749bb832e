"""Where hubs mount their HTTP routers: /api/v1/<hub or pack>/…

Owns: the one NinjaAPI, its JSON (Chinese unescaped), its error answers. Refuses: routes of its own.
"""

import json
import re
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Router
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser
from ninja.renderers import JSONRenderer

from onecity.kernel import errors
from onecity.kernel.api_description import Description
from onecity.kernel.problems import problem_response

__all__ = ["api", "mount"]


class _Readable(JSONRenderer):
    json_dumps_params = {"ensure_ascii": False, "separators": (",", ":")}


_SUSPICIOUS = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")


class _Storable(Parser):
    """JSON whose texts can be stored: no NUL, no half of a surrogate pair. What cannot is unreadable for us."""

    def parse_body(self, request: HttpRequest) -> Any:
        content = json.loads(request.body.decode())
        if _SUSPICIOUS.search(request.body) and not _storable(content):
            raise ValueError("NUL or lone surrogate")
        return content


def _storable(content: Any) -> bool:
    text = json.dumps(content, ensure_ascii=False)
    return "\\u0000" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


class _CityAPI(NinjaAPI):
    """Describes itself our way."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        return Description(self, self.get_root_path(path_params or {}) if path_prefix is None else path_prefix)


api = _CityAPI(
    title="OneCity", version="1", urls_namespace="api", renderer=_Readable(), parser=_Storable(), docs_url="/docs"
)
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


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: Any) -> HttpResponse:
    """A body that is no JSON; our own routes raise the error family instead."""
    return problem_response(request, errors.Invalid("api.unreadable", "请求内容无法解析", hint="请按接口文档发送 JSON"))


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Any) -> HttpResponse:
    return problem_response(request, errors.NotFound())


@api.exception_handler(PermissionDenied)
def _denied(request: HttpRequest, error: Any) -> HttpResponse:
    return problem_response(request, errors.NotPermitted())
