"""The public check: what a second phone opens after scanning, and a form to paste or upload.

A one-time code is redeemed only by a button: a phone that merely previews the address must not use it up.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from onecity.hubs.credential import api
from onecity.hubs.credential.contracts import VerifyResult
from onecity.hubs.credential.pages.words import outcome_tone, outcome_word, result_facts
from onecity.kernel.actor import Actor
from onecity.kernel.errors import CityError
from onecity.ui.contracts import Problem

__all__ = ["verify"]


def verify(request: HttpRequest) -> HttpResponse:
    """GET with `c` checks a printed code at once; with `t` it asks before redeeming; POST takes either or a PDF."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if request.method == "GET" and request.GET.get("t"):
        return _page(request, token=request.GET["t"][:100])
    try:
        result = _result(request, actor)
    except CityError as error:
        problem = Problem(str(error), str(error.hint), code=error.code)
        return _page(request, problem=problem, status=422)
    return _page(request, result=result)


def _result(request: HttpRequest, actor: Actor) -> VerifyResult | None:
    if request.method == "GET":
        return api.verify_payload(request.GET["c"]) if request.GET.get("c") else None
    file = request.FILES.get("file")
    if file is not None:
        return api.verify_pdf(file.read())
    text = request.POST.get("text", "").strip()
    token = request.POST.get("token", "").strip() or _token_in(text)
    if token:
        return api.check_shown(token, actor, request.POST.get("purpose", "").strip() or _("现场核验"))
    return api.verify_payload(text)


def _token_in(text: str) -> str:
    """The one-time code of a pasted address."""
    return text.rsplit("?t=", 1)[1].split("&", 1)[0] if "?t=" in text else ""


def _page(
    request: HttpRequest, *, token: str = "", result: VerifyResult | None = None, problem: Problem | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    context: dict[str, object] = {"token": token, "result": result, "problem": problem}
    if result is not None:
        context |= {
            "word": outcome_word(result.outcome), "text": _(result.text),
            "tone": outcome_tone(result.outcome), "facts": result_facts(result),
        }  # fmt: skip
    response = render(request, "credential/verify.html", context, status=status)
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response
