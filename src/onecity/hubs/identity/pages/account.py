"""One's own account: what is known, password, post, for whom one acts."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from onecity.hubs.identity import api
from onecity.hubs.identity.contracts import AccountView, MandateKind, SignIn
from onecity.hubs.identity.pages.forms import BehalfForm, PasswordForm
from onecity.hubs.identity.pages.login import posted_id
from onecity.hubs.identity.pages.signing import go_on, safe_next
from onecity.kernel.actor import ActorKind
from onecity.kernel.errors import CityError
from onecity.kernel.problems import status_of
from onecity.kernel.subject import SubjectRef
from onecity.ui.contracts import Fact
from onecity.ui.formats import chinese_datetime
from onecity.ui.pages import render

__all__ = ["MANDATE_WORDS", "behalf", "overview", "password", "switch_post"]

MANDATE_WORDS = {
    MandateKind.GUARDIAN: "监护人",
    MandateKind.AGENT: "委托代理人",
    MandateKind.LEGAL_REPRESENTATIVE: "法定代表人",
}


@never_cache
@require_http_methods(["GET"])
def overview(request: HttpRequest) -> HttpResponse:
    """我的账号."""
    actor, sign_in = request.actor, request.sign_in  # type: ignore[attr-defined]
    own = api.account(actor.account_id)
    context = {
        "facts": _facts(own, sign_in),
        "posts": api.posts_of(own.id),
        "mandates": api.mandates_of(actor.subject),
        "sign_in": sign_in,
        "staff": actor.kind is ActorKind.STAFF,
    }
    return render(request, "identity/account.html", context)


def _facts(own: AccountView, sign_in: SignIn | None) -> list[Fact]:
    facts = [
        Fact(_("姓名（名称）"), own.name_masked),
        Fact(_("证件号码"), own.number_masked or "—"),
        Fact(_("手机号码"), own.mobile_masked or "—"),
        Fact(_("账号"), own.login),
        Fact(_("实名等级"), f"L{own.assurance}"),
        Fact(_("二次验证"), _("已启用") if own.second_factor else _("未启用")),
    ]
    if sign_in and sign_in.last_login_at:
        shown = f"{chinese_datetime(sign_in.last_login_at)} · {sign_in.last_login_origin}"
        facts.append(Fact(_("上次登录"), shown, note=_("如非本人操作，请立即修改密码")))
    return facts


@never_cache
@sensitive_post_parameters("old", "new", "again")
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; every other session of the account ends."""
    form, status = PasswordForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            opened = api.change_password(request.session, new=given["new"], old=given["old"])
        except CityError as error:
            form.add_error(None, f"{_(str(error.text))}。{_(str(error.hint))}")
            status = status_of(error)
        else:
            messages.success(request, _("密码已修改，其他设备上的登录已退出"))
            return go_on(request, opened)
    context = {"form": form, "policy": api.policy_entries()}
    return render(request, "identity/password.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def behalf(request: HttpRequest) -> HttpResponse:
    """Choose the child, the person or the firm one acts for, or go back to oneself."""
    actor = request.actor  # type: ignore[attr-defined]
    if request.method == "POST":
        form = BehalfForm(request.POST)
        principal = form.cleaned_data["principal"] if form.is_valid() else "-"
        opened = api.act_for(request.session, principal=SubjectRef(principal))
        messages.success(request, _("已切换办事身份"))
        return go_on(request, opened)
    rows = [(m, MANDATE_WORDS[m.kind], m.principal == actor.behalf) for m in api.mandates_of(actor.subject)]
    context = {"rows": rows, "sign_in": request.sign_in, "next": safe_next(request)}  # type: ignore[attr-defined]
    return render(request, "identity/behalf.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def switch_post(request: HttpRequest) -> HttpResponse:
    """Work in another of one's posts."""
    sign_in = request.sign_in  # type: ignore[attr-defined]
    if request.method == "POST":
        return go_on(request, api.choose_post(request.session, post_id=posted_id(request, "post")))
    posts = api.posts_of(request.actor.account_id)  # type: ignore[attr-defined]
    if len(posts) < 2:
        messages.info(request, _("您只有一个岗位，无需切换"))
        return HttpResponseRedirect(reverse("identity.account"))
    context = {"posts": posts, "current": sign_in.post_id if sign_in else None, "next": safe_next(request)}
    return render(request, "identity/post.html", context)
