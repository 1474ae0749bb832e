"""The last-resort pages of Django in the words of the house. Owns: 403, 404, 500. Refuses: details of faults."""

from django.http import HttpRequest, HttpResponse

from onecity.kernel.errors import Broken, NotFound, NotPermitted
from onecity.site.middleware import error_response

__all__ = ["broken", "denied", "not_found"]


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404"""
    return error_response(request, NotFound("web.no_such_page", "没有这个页面", hint="请检查地址，或从首页重新进入"))


def denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403"""
    return error_response(request, NotPermitted())


def broken(request: HttpRequest) -> HttpResponse:
    """500"""
    return error_response(request, Broken())
