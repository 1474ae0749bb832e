"""Login and the steps after it: second factor, first password, choice of post. Works without scripts, phone first."""

from typing import Any
from uuid import UUID

import segno
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from onecity.hubs.identity import api
from onecity.hubs.identity.contracts import LoginStage
from onecity.hubs.identity.errors import UnknownPost
from onecity.hubs.identity.pages.forms import CodeForm, LoginForm, NewPasswordForm
from onecity.hubs.identity.pages.signing import go_on, home_of, safe_next
from onecity.kernel.errors import CityError
from onecity.kernel.problems import status_of
from onecity.ui.contracts import Tab
from onecity.ui.pages import render

__all__ = ["code", "first_password", "login", "logout", "post"]

KINDS = {
    "person": ("resident", _lazy("个人"), _lazy("手机号、身份证号码或账号名")),
    "firm": ("enterprise", _lazy("法人"), _lazy("统一社会信用代码或账号名")),
    "staff": ("staff", _lazy("工作人员"), _lazy("工作账号")),
}


def _refuse(form: Form, error: CityError) -> int:
    """Show a refusal in the form; returns the status of the page."""
    form.add_error(None, f"{_(str(error.text))}。{_(str(error.hint))}" if error.hint else _(str(error.text)))
    return status_of(error)


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """The login page: three tabs, the form, and in demonstration mode the accounts to try."""
    chosen = request.GET.get("as", "person")
    kind, _label, hint = KINDS.get(chosen, KINDS["person"])
    form, status = LoginForm(request.POST or None), 200
    form.fields["login"].help_text = hint
    if request.method == "POST" and form.is_valid():
        try:
            opened = api.log_in(kind=kind, origin=request.META.get("REMOTE_ADDR", ""), **form.cleaned_data)
        except CityError as error:
            status = _refuse(form, error)
        else:
            return go_on(request, opened)
    shown = [account for account in api.demo_accounts() if account.kind == kind]
    context = {"form": form, "tabs": _tabs(request, chosen), "accounts": shown, "next": safe_next(request)}
    return render(request, "identity/login.html", context, status=status)


def _tabs(request: HttpRequest, chosen: str) -> list[Tab]:
    wanted = safe_next(request)
    rest = f"&next={wanted}" if wanted else ""
    return [Tab(str(label), f"?as={key}{rest}", key == chosen) for key, (_kind, label, _hint) in KINDS.items()]


def _at(request: HttpRequest, stage: LoginStage) -> HttpResponse | None:
    """None when the session stands at `stage`; otherwise where to go instead."""
    sign_in = request.sign_in  # type: ignore[attr-defined]
    if sign_in is None:
        return HttpResponseRedirect(reverse("identity.login"))
    return None if sign_in.stage is stage else HttpResponseRedirect(home_of(sign_in.kind))


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The second factor; the first time it also shows the picture to enrol."""
    if elsewhere := _at(request, LoginStage.SECOND_FACTOR):
        return elsewhere
    form, status = CodeForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        try:
            return go_on(request, api.confirm_code(request.session, code=form.cleaned_data["code"]))
        except CityError as error:
            status = _refuse(form, error)
    offer = api.offer_second_factor(request.session)
    shown = _demo_code(request)
    if shown and not form.is_bound:
        form.fields["code"].initial = shown
    context: dict[str, Any] = {"form": form, "offer": offer, "demo_code": shown, "next": safe_next(request)}
    if offer:
        context["qr"] = mark_safe(segno.make(offer.uri, error="m").svg_inline(scale=4, border=2))
    return render(request, "identity/code.html", context, status=status)


def _demo_code(request: HttpRequest) -> str:
    """The current code of a demonstration account, so that a visitor needs no authenticator."""
    own = request.sign_in.account_id  # type: ignore[attr-defined]
    return api.demo_code(account_id=own)


@never_cache
@sensitive_post_parameters("new", "again")
@require_http_methods(["GET", "POST"])
def first_password(request: HttpRequest) -> HttpResponse:
    """The change a login demands: a password handed out, or one too old."""
    if elsewhere := _at(request, LoginStage.PASSWORD):
        return elsewhere
    form, status = NewPasswordForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        try:
            return go_on(request, api.change_password(request.session, new=form.cleaned_data["new"]))
        except CityError as error:
            status = _refuse(form, error)
    context = {"form": form, "policy": api.policy_entries(), "next": safe_next(request)}
    return render(request, "identity/first_password.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def post(request: HttpRequest) -> HttpResponse:
    """Which of several posts to work in."""
    if elsewhere := _at(request, LoginStage.POST):
        return elsewhere
    if request.method == "POST":
        return go_on(request, api.choose_post(request.session, post_id=posted_id(request, "post")))
    posts = api.posts_of(request.sign_in.account_id)  # type: ignore[attr-defined]
    return render(request, "identity/post.html", {"posts": posts, "next": safe_next(request)})


def posted_id(request: HttpRequest, name: str) -> UUID:
    """A UUID sent by a form. Raises UnknownPost for anything else."""
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError:
        raise UnknownPost() from None


@never_cache
@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """End the session and say so."""
    api.log_out(request.actor, request.session)  # type: ignore[attr-defined]
    messages.success(request, _("您已安全退出"))
    return HttpResponseRedirect(reverse("identity.login"))
