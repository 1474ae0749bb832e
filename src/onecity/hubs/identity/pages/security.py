"""Roles, thresholds and mandates on the desk."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from onecity.hubs.identity import api
from onecity.hubs.identity.contracts import MandateView, Permission, RoleView
from onecity.hubs.identity.errors import UnknownRole
from onecity.hubs.identity.pages.account import MANDATE_WORDS
from onecity.hubs.identity.pages.forms import MandateForm, PolicyForm
from onecity.kernel import policy
from onecity.kernel.policy import allows
from onecity.ui.contracts import Cell, Column, Empty, Row, Table, TagMark
from onecity.ui.pages import render

__all__ = ["mandates", "role", "role_list"]

POLICY_WORDS = {
    "password_length": "密码最短长度",
    "password_kinds": "密码至少包含字符种类",
    "password_history": "不得与最近几次密码相同",
    "password_days": "密码有效期",
    "lock_failures": "连续输错几次锁定",
    "lock_minutes": "锁定时长",
    "idle_minutes": "无操作自动退出",
    "idle_minutes_administrator": "管理员无操作自动退出",
    "session_hours": "一次登录最长时间",
    "origin_failures": "同一来源失败次数上限",
    "origin_minutes": "来源失败统计时段",
    "second_factor_staff": "工作人员二次验证",
    "second_factor_administrator": "管理员二次验证",
}


@require_http_methods(["GET", "POST"])
def role_list(request: HttpRequest) -> HttpResponse:
    """All roles, and the thresholds of login and session."""
    actor = request.actor  # type: ignore[attr-defined]
    if request.method == "POST":
        form = PolicyForm(request.POST)
        if form.is_valid():
            api.set_policy(actor, **form.cleaned_data)
            messages.success(request, _("安全策略已更新"))
            return HttpResponseRedirect(reverse("identity.roles"))
        messages.error(request, _("请填写取值和依据"))
    table = Table(
        id="roles",
        caption=_("角色"),
        columns=(
            Column("name", _("角色")),
            Column("from", _("来源")),
            Column("count", _("权限数"), numeric=True),
            Column("holders", _("在岗人数"), numeric=True),
        ),
        rows=[_role_row(found) for found in api.roles(actor)],
        empty=Empty(_("还没有角色")),
    )
    context = {
        "table": table,
        "policy": [(entry, POLICY_WORDS[entry.key]) for entry in api.policy_entries()],
        "may_edit": allows(actor, Permission.SECURITY_EDIT),
    }
    return render(request, "identity/roles.html", context)


def _label(found: RoleView) -> str:
    language = "en" if (get_language() or "").startswith("en") else "zh"
    return found.labels.get(language) or found.labels.get("zh") or found.key


def _role_row(found: RoleView) -> Row:
    href = reverse("identity.role", args=[found.key])
    tags = (TagMark(_("三员"), "info"),) if found.administrator else ()
    cells = (
        Cell(_label(found), sub=found.key, href=href, strong=True, tags=tags),
        Cell(found.pack or _("平台")),
        Cell(len(found.permissions)),
        Cell(found.holders),
    )
    return Row(id=f"role-{found.key}", cells=cells, href=href)


@require_http_methods(["GET", "POST"])
def role(request: HttpRequest, key: str) -> HttpResponse:
    """One role: every permission of the house, ticked or not; saving writes the operator's overlay."""
    actor = request.actor  # type: ignore[attr-defined]
    found = next((entry for entry in api.roles(actor) if entry.key == key), None)
    if found is None:
        raise UnknownRole()
    if request.method == "POST":
        wanted = set(request.POST.getlist("permission"))
        api.adjust_role(actor, key=key, added=wanted, removed=_unticked(found, wanted))
        messages.success(request, _("角色已保存，在线人员立即生效"))
        return HttpResponseRedirect(reverse("identity.role", args=[key]))
    english = (get_language() or "").startswith("en")
    entries = [
        (entry.code, entry.en if english else entry.zh, entry.code in found.permissions)
        for entry in policy.permissions()
    ]
    context = {"role": found, "label": _label(found), "entries": entries}
    context["may_edit"] = allows(actor, Permission.ROLE_EDIT)
    return render(request, "identity/role.html", context)


def _unticked(found: RoleView, wanted: set[str]) -> set[str]:
    """Everything not ticked is taken away, also what an earlier overlay had taken already."""
    return {entry.code for entry in policy.permissions()} - wanted


@require_http_methods(["GET", "POST"])
def mandates(request: HttpRequest) -> HttpResponse:
    """Look up who may act for whom; the number is sent by POST so that it stays out of addresses and logs."""
    actor = request.actor  # type: ignore[attr-defined]
    form = MandateForm(request.POST or None)
    table = None
    if request.method == "POST" and form.is_valid():
        found = api.mandates_by_number(actor, number=form.cleaned_data["number"])
        table = Table(
            id="mandates",
            caption=_("代理关系"),
            columns=(
                Column("kind", _("关系")),
                Column("principal", _("被代理人")),
                Column("source", _("来源")),
                Column("period", _("有效期")),
            ),
            rows=[_mandate_row(entry) for entry in found],
            empty=Empty(_("没有登记代理关系"), _("监护关系来自人口库，委托代理由本人或窗口登记")),
        )
    return render(request, "identity/mandates.html", {"form": form, "table": table})


def _mandate_row(entry: MandateView) -> Row:
    until = entry.valid_to.isoformat() if entry.valid_to else _("长期")
    cells = (
        Cell(_(MANDATE_WORDS[entry.kind])),
        Cell(entry.principal_name or entry.principal[:8] + "…"),
        Cell(entry.source, sub=entry.ended_reason),
        Cell(f"{entry.valid_from.isoformat()} — {until}"),
    )
    return Row(id=f"mandate-{entry.id}", cells=cells)
