"""What needs a login at the portal: keys, applications and their agreements, feedback, uses."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from onecity.hubs.opendata import api
from onecity.hubs.opendata.contracts import ApplicationState
from onecity.hubs.opendata.errors import KeyRefused, SheetClosed
from onecity.hubs.opendata.pages import dataset
from onecity.kernel.actor import Actor
from onecity.kernel.errors import CityError, Unauthenticated
from onecity.kernel.http_status import status_of
from onecity.kernel.paging import PageRequest
from onecity.ui.contracts import Empty, Option
from onecity.ui.pages import render

__all__ = ["applications", "apply", "feedback", "keys", "uses"]


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise SheetClosed() from None


@require_http_methods(["GET", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    """Take a key (shown once) or end one."""
    actor, made, name = _actor(request), "", ""
    if request.method == "POST":
        name = request.POST.get("name", "")[:80]
        try:
            if "revoke" in request.POST:
                api.revoke_key(actor, key_id=_uuid(request.POST["revoke"]))
                messages.success(request, _("密钥已停用，一秒内在所有节点失效。"))
                return HttpResponseRedirect(reverse("opendata.keys"))
            _view, made = api.make_key(actor, name=name)
        except (KeyRefused, CityError) as refused:
            messages.error(request, refused.text)
    context = {
        "keys": api.keys_of(actor),
        "made": made,
        "name": "" if made else name,
        "nothing": Empty(_("您还没有接口密钥"), _("写明用在哪里，立即领取")),
    }
    answer = render(request, "opendata/keys.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@require_http_methods(["GET", "POST"])
def applications(request: HttpRequest) -> HttpResponse:
    """One's own applications; POST accepts the agreement of the one named."""
    actor = _actor(request)
    if request.method == "POST":
        api.agree(actor, application_id=_uuid(request.POST.get("application", "")))
        messages.success(request, _("协议已签订，可以使用数据了。"))
        return HttpResponseRedirect(reverse("opendata.my_applications"))
    nothing = Empty(_("您还没有申请过有条件开放的数据"), _("在标明“有条件开放”的数据集页面提出"))
    context = {"mine": api.applications_of(actor), "agreed": ApplicationState.AGREED, "nothing": nothing}
    return render(request, "opendata/my_applications.html", context)


@require_POST
def apply(request: HttpRequest, key: str) -> HttpResponse:
    """Ask for a conditionally open dataset."""
    try:
        made = api.apply(
            _actor(request), key=key, purpose=request.POST.get("purpose", ""), safety=request.POST.get("safety", "")
        )
    except Unauthenticated:
        raise
    except CityError as refused:
        return dataset.page(request, key, fault=f"{refused.text} {refused.hint}".strip(), status=status_of(refused))
    messages.success(request, _("申请已提交，编号 %(number)s。") % {"number": made.number})
    return HttpResponseRedirect(reverse("opendata.my_applications"))


@require_POST
def feedback(request: HttpRequest, key: str) -> HttpResponse:
    """Say something about a dataset."""
    try:
        api.give_feedback(
            _actor(request), key=key, kind=request.POST.get("kind", ""), text=request.POST.get("text", "")
        )
    except Unauthenticated:
        raise
    except CityError as refused:
        return dataset.page(request, key, fault=refused.text, status=status_of(refused))
    urgent = request.POST.get("kind") == "take_down"
    messages.success(
        request,
        _("下架请求已送达，一小时内处理；内容不公开。") if urgent else _("意见已送达数据提供部门，答复会公开在本页。"),
    )
    return HttpResponseRedirect(f"{reverse('opendata.dataset', args=[key])}#feedback")


@require_http_methods(["GET", "POST"])
def uses(request: HttpRequest) -> HttpResponse:
    """The gallery; POST submits something of one's own."""
    actor, given = _actor(request), request.POST
    if request.method == "POST":
        if actor.account_id is None:
            raise Unauthenticated()
        try:
            api.submit_use(
                actor,
                title=given.get("title", ""),
                link=given.get("link", ""),
                text=given.get("text", ""),
                datasets=given.getlist("datasets"),
            )
            messages.success(request, _("已提交，审核后展示。"))
            return HttpResponseRedirect(reverse("opendata.uses"))
        except CityError as refused:
            messages.error(request, refused.text)
    page = api.uses(page=PageRequest.parse(request.GET.get("page"), request.GET.get("size")))
    chosen = (given.getlist("datasets") or request.GET.getlist("dataset"))[:10]
    titles = {view.key: view.title for view in (*api.named(chosen), *api.recent(50))}
    choices = [Option(key, title, key in chosen) for key, title in titles.items()]
    nothing = Empty(_("还没有展示的应用成果"), _("用开放数据做了应用、报告或可视化，欢迎提交"), icon="star")
    context = {
        "page": page,
        "choices": choices,
        "given": given,
        "nothing": nothing,
        "logged_in": actor.account_id is not None,
    }
    return render(request, "opendata/uses.html", context)
