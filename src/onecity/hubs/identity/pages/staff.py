"""Staff and posts on the desk: the system administrator places people and hands work over, the security administrator
gives roles and opens locks."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from onecity.hubs.identity import api
from onecity.hubs.identity.contracts import Permission, PostSpec, StaffFilter, StaffView
from onecity.hubs.identity.pages.forms import PostForm, StaffForm
from onecity.hubs.identity.pages.login import posted_id
from onecity.kernel.errors import CityError
from onecity.kernel.paging import Page, PageRequest
from onecity.kernel.policy import allows
from onecity.kernel.problems import status_of
from onecity.ui.contracts import Cell, Column, Empty, Row, Table, TagMark
from onecity.ui.formats import chinese_datetime
from onecity.ui.pages import render

__all__ = ["new", "one", "people"]

ADMINISTRATORS = {"system": "系统管理员", "security": "安全管理员", "audit": "审计管理员"}


@require_http_methods(["GET"])
def people(request: HttpRequest) -> HttpResponse:
    """The list of staff."""
    wanted = StaffFilter(
        text=request.GET.get("q", "")[:80],
        organisation=request.GET.get("organisation", "")[:40],
        role=request.GET.get("role", "")[:64],
    )
    asked = PageRequest.parse(request.GET.get("page"), request.GET.get("size"))
    found = api.staff_list(request.actor, filter=wanted, page=asked)  # type: ignore[attr-defined]
    may_edit = allows(request.actor, Permission.STAFF_EDIT)  # type: ignore[attr-defined]
    return render(request, "identity/staff.html", {"table": _table(found), "filter": wanted, "may_edit": may_edit})


def _table(found: Page[StaffView]) -> Table:
    return Table(
        id="staff",
        caption=_("人员与岗位"),
        columns=(
            Column("name", _("姓名")),
            Column("posts", _("岗位")),
            Column("roles", _("角色")),
            Column("state", _("状态")),
            Column("last", _("上次登录")),
        ),
        rows=[_row(row) for row in found.items],
        paging=found,
        empty=Empty(_("没有符合条件的人员"), _("请换个姓名、账号或机构再查")),
        keyboard=True,
        persons=True,
    )


def _row(row: StaffView) -> Row:
    href = reverse("identity.staff_member", args=[row.id])
    cells = (
        Cell(row.name, sub=row.login, href=href, strong=True),
        Cell(
            "、".join(f"{post.organisation_name} {post.title}" for post in row.posts) or _("无在岗岗位"),
            sub="、".join(post.area for post in row.posts if post.area),
        ),
        Cell("、".join(role for post in row.posts for role in post.roles) or "—"),
        Cell(tags=(_state(row),)),
        Cell(chinese_datetime(row.last_login_at) if row.last_login_at else "—"),
    )
    return Row(id=f"staff-{row.id}", cells=cells, href=href)


def _state(row: StaffView) -> TagMark:
    if not row.active:
        return TagMark(_("已停用"), "still")
    if row.locked_until:
        return TagMark(_("已锁定"), "alarm")
    if row.administrator:
        return TagMark(_(ADMINISTRATORS[row.administrator]), "info")
    return TagMark(_("待改初始密码"), "warn") if row.must_change_password else TagMark(_("正常"), "good")


@never_cache
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """One person: posts, roles, and what the visitor's own administrator role allows to do."""
    actor = request.actor  # type: ignore[attr-defined]
    form = PostForm(request.POST if request.POST.get("verb") == "give_post" else None)
    if request.method == "POST" and (request.POST.get("verb") != "give_post" or form.is_valid()):
        secret = _act(request, account_id, form)
        if not secret:
            return HttpResponseRedirect(reverse("identity.staff_member", args=[account_id]))
    else:
        secret = ""
    person = api.staff_member(actor, account_id=account_id)
    may_authorise = allows(actor, Permission.POST_AUTHORISE)
    context = {
        "person": person,
        "state": _state(person),
        "administrator": ADMINISTRATORS.get(person.administrator or "", ""),
        "form": form,
        "secret": secret,
        "roles": api.roles(actor) if may_authorise else (),
        "may_edit": allows(actor, Permission.STAFF_EDIT),
        "may_authorise": may_authorise,
        "may_unlock": allows(actor, Permission.SECURITY_EDIT),
    }
    return render(request, "identity/staff_member.html", context)


def _act(request: HttpRequest, account_id: UUID, form: PostForm) -> str:
    """Do the verb of the pressed button; returns a one-time password to show, or ""."""
    actor, verb = request.actor, request.POST.get("verb")  # type: ignore[attr-defined]
    if verb == "reset_password":
        return api.reset_password(actor, account_id=account_id)
    if verb == "give_post":
        api.give_post(actor, account_id=account_id, post=PostSpec(roles=(), **form.cleaned_data))
    elif verb == "authorise":
        api.authorise_post(actor, post_id=posted_id(request, "post"), roles=request.POST.getlist("role"))
    elif verb == "end_post":
        heir = posted_id(request, "successor") if request.POST.get("successor") else None
        api.end_post(
            actor, post_id=posted_id(request, "post"), successor_post=heir, reason=request.POST.get("reason", "")
        )
    elif verb == "close":
        api.close_account(actor, account_id=account_id, reason=request.POST.get("reason", "")[:200])
    elif verb == "unlock":
        api.unlock_account(actor, account_id=account_id)
    messages.success(request, _("已保存"))
    return ""


@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new staff account; its one-time password is shown once."""
    form, status = StaffForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            person, secret = api.enter_staff(
                request.actor,  # type: ignore[attr-defined]
                login=given["login"],
                name=given["name"],
                number=given["number"],
                mobile=given["mobile"],
                post=PostSpec(given["organisation"], given["title"], (), given["area"]),
            )
        except CityError as error:
            form.add_error(None, f"{_(str(error.text))}。{_(str(error.hint))}")
            status = status_of(error)
        else:
            return render(request, "identity/staff_made.html", {"person": person, "secret": secret})
    return render(request, "identity/staff_new.html", {"form": form}, status=status)
