"""CKAN Action API v3, the read side: what existing clients and harvesters ask. GET, and POST with JSON or a form.

Documents are written when a dataset changes and only concatenated here. Refuses raw SQL (CVE-2026-42031, CVE-2026-42032) and writes.
Errors stand in CKAN's envelope: success false, error.__type, error.message.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from onecity.hubs.opendata import api
from onecity.hubs.opendata.api import budgeted, fresh, rest_of_window, unchanged
from onecity.hubs.opendata.errors import BadQuery, Slowly
from onecity.hubs.opendata.http import ckan_catalogue as catalogue
from onecity.hubs.opendata.http import ckan_datastore as datastore
from onecity.hubs.opendata.http.ckan_answer import Given, NotThere, Raw, WrongParameter
from onecity.kernel.errors import CityError
from onecity.kernel.errors import NotFound as CityNotFound

__all__ = ["action", "versions"]

Handler = Callable[[HttpRequest, Given], object]


def _status(request: HttpRequest, given: Given) -> object:
    return {
        "ckan_version": "2.11.0", "site_title": "青岛市公共数据开放", "site_url": settings.BASE_URL.rstrip("/"), "site_description": "",
        "error_emails_to": None, "locale_default": "zh_Hans_CN", "extensions": ["datastore"],
    }  # fmt: skip


def _site_read(request: HttpRequest, given: Given) -> object:
    return True


def _help(request: HttpRequest, given: Given) -> object:
    name = given.text("name")
    if name not in ACTIONS:
        raise NotThere("Action not found")
    return (ACTIONS[name].__doc__ or name).strip()


ACTIONS: Mapping[str, Handler] = {
    "status_show": _status, "site_read": _site_read, "help_show": _help, "package_list": catalogue.package_list,
    "package_search": catalogue.package_search, "package_show": catalogue.package_show,
    "current_package_list_with_resources": catalogue.current_packages, "organization_list": catalogue.organization_list,
    "organization_show": catalogue.organization_show, "group_list": catalogue.group_list, "group_show": catalogue.group_show,
    "tag_list": catalogue.tag_list, "tag_show": catalogue.tag_show, "resource_show": catalogue.resource_show,
    "resource_search": catalogue.resource_search, "license_list": catalogue.license_list, "vocabulary_list": catalogue.vocabulary_list,
    "vocabulary_show": catalogue.vocabulary_show, "package_autocomplete": catalogue.package_autocomplete,
    "recently_changed_packages_activity_list": catalogue.recent, "group_package_show": catalogue.group_packages,
    "organization_list_for_user": catalogue.nothing, "datastore_search": datastore.search, "datastore_info": datastore.info,
}  # fmt: skip


def _parameters(request: HttpRequest) -> Given:
    """Query parameters; for POST the JSON body or form. Raises WrongParameter."""
    values: dict[str, Any] = {name: request.GET[name] for name in request.GET}
    if request.method == "POST":
        if request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data") and request.POST:
            values |= {name: request.POST[name] for name in request.POST}
        elif request.body:
            try:
                body = json.loads(request.body)
            except (ValueError, UnicodeError):
                raise WrongParameter("JSON Error: Error decoding JSON data.") from None
            if not isinstance(body, dict):
                raise WrongParameter("Request data JSON decoded to something that is not a dictionary.")
            values |= body
    return Given(values)


@csrf_exempt
@budgeted
def action(request: HttpRequest, name: str) -> HttpResponse:
    """One action."""
    if request.method not in ("GET", "POST", "HEAD"):
        return _refused(name, 405, "Method Not Allowed", "Method not allowed")
    handler = ACTIONS.get(name)
    if handler is None:
        return _refused(name, 400, "", f"Bad request - Action name not known: {name[:60]}", bare=True)
    if request.method != "POST" and (held := unchanged(request, None, api.generation(), name)):
        return held
    try:
        result = handler(request, _parameters(request))
    except WrongParameter as wrong:
        return _refused(name, 409, "Validation Error", wrong.said, more=wrong.fields)
    except NotThere as missing:
        return _refused(name, 404, "Not Found Error", missing.said)
    except BadQuery as bad:
        return _refused(name, 409, "Validation Error", bad.text)
    except Slowly as slowly:
        answer = _refused(name, 429, "Too Many Requests", slowly.text)
        answer["Retry-After"] = str(rest_of_window())
        return answer
    except CityNotFound as missing:
        return _refused(name, 404, "Not Found Error", missing.text)
    except CityError as refused:
        return _refused(name, 403, "Authorization Error", refused.text)
    inside = (
        result.text
        if isinstance(result, Raw)
        else json.dumps(result, ensure_ascii=False, separators=(",", ":"), default=str)
    )
    body = f'{{"help":{json.dumps(_help_address(name))},"success":true,"result":{inside}}}'
    return fresh(request, HttpResponse(body, content_type="application/json; charset=utf-8"))


def _help_address(name: str) -> str:
    return f"{settings.BASE_URL.rstrip('/')}/api/3/action/help_show?name={name}"


def _refused(
    name: str, status: int, kind: str, said: str, *, bare: bool = False, more: Mapping[str, Any] | None = None
) -> HttpResponse:
    if bare:
        return HttpResponse(
            json.dumps(said, ensure_ascii=False), status=status, content_type="application/json; charset=utf-8"
        )
    error = {"__type": kind, "message": said, **(more or {})}
    body = {"help": _help_address(name), "success": False, "error": error}
    return HttpResponse(
        json.dumps(body, ensure_ascii=False), status=status, content_type="application/json; charset=utf-8"
    )


def versions(request: HttpRequest) -> HttpResponse:
    """GET /api/3: which version speaks."""
    return HttpResponse('{"version": 3}', content_type="application/json")
