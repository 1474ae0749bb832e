"""The provider's desk: see and revoke grants, watch the sources."""

import time
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from onecity.hubs.exchange import api
from onecity.hubs.exchange.contracts import (
    GrantState,
    GrantView,
    Permission,
    SourceState,
)
from onecity.hubs.exchange.errors import GrantUnknown
from onecity.hubs.exchange.pages.exports import grants_wanted
from onecity.hubs.support.contracts import Permission as Support
from onecity.kernel.actor import Actor
from onecity.kernel.errors import CityError
from onecity.kernel.paging import PageRequest
from onecity.kernel.policy import allows
from onecity.ui.contracts import Cell, Column, Empty, Option, Row, Table, TagMark
from onecity.ui.formats import short_datetime
from onecity.ui.pages import render

__all__ = ["grants", "sources"]

_TONES = {
    GrantState.ACTIVE: "good",
    GrantState.REVOKING: "warn",
    GrantState.REVOKED: "still",
    GrantState.ENDED: "still",
    SourceState.UP: "good",
    SourceState.STOPPED: "still",
    SourceState.FAILING: "alarm",
}


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _tag(state: GrantState | SourceState) -> TagMark:
    return TagMark(_(state.label), _TONES[state])  # type: ignore[arg-type]


def _page(request: HttpRequest) -> PageRequest:
    return PageRequest.parse(request.GET.get("page"), request.GET.get("size"))


@require_http_methods(["GET", "POST"])
def grants(request: HttpRequest) -> HttpResponse:
    """Grants given and held; POST revokes the one named."""
    actor = _actor(request)
    if request.method == "POST":
        try:
            began = time.monotonic()
            gone = api.revoke_grant(
                actor, grant_id=UUID(request.POST.get("grant", "")), reason=request.POST.get("reason", "")[:400]
            )
            took = {"seconds": f"{time.monotonic() - began:.2f}"}
            if gone.state is GrantState.REVOKED:
                messages.success(
                    request, _("授权已撤销：全部网关进程在 %(seconds)s 秒内确认，下一次调用即被拒绝") % took
                )
            else:
                messages.warning(request, _("撤销中：已等待 %(seconds)s 秒，仍有网关进程未确认") % took)
        except ValueError:
            raise GrantUnknown() from None
        except CityError as error:
            messages.error(request, error.text)
        return HttpResponseRedirect(reverse("exchange.grants"))
    wanted = grants_wanted(request)
    page = api.grants(actor, wanted, _page(request))
    columns = (
        Column("what", _("数据")), Column("who", _("使用单位")), Column("fields", _("信息项")), Column("modes", _("提供方式")),
        Column("until", _("有效期至")),
        Column("quota", _("今日已领额度/每日"), numeric=True), Column("state", _("状态")),
    )  # fmt: skip
    table = Table(
        id="grants", caption=_("授权"), columns=columns, rows=[_grant_row(one) for one in page.items], paging=page,
        empty=Empty(_("没有授权"), _("答复数据申请后，授权会列在这里")),
    )  # fmt: skip
    revocable = [one for one in page.items if one.state is GrantState.ACTIVE and allows(actor, Permission.REVOKE)]
    may_export = allows(actor, Support.TABLE_EXPORT)
    context = {
        "table": table, "revocable": revocable, "states": _options(GrantState, wanted.state),
        "export_href": f"{reverse('exchange.grants_export')}?{request.GET.urlencode()}" if may_export else "",
    }  # fmt: skip
    return render(request, "exchange/grants.html", context)


def _options(states: type[GrantState], chosen: str) -> list[Option]:
    """全部 and every state."""
    every = Option("", _("全部状态"), not chosen)
    return [every, *(Option(state.value, _(state.label), state.value == chosen) for state in states)]


def _grant_row(one: GrantView) -> Row:
    href = reverse("exchange.grant", args=[one.id])
    quota = f"{one.used_today} / {one.quota_per_day}" if one.quota_per_day else _("不限")
    cells = (
        Cell(one.interface_name, sub=one.provider_name, href=href, strong=True), Cell(one.consumer_name, sub=one.purpose),
        Cell(str(len(one.fields)), sub=_(one.basis.label)),
        Cell("、".join(_(mode.label) for mode in one.modes) or "—", sub=_("应急") if one.emergency else ""),
        Cell(one.valid_to.isoformat(), sub=short_datetime(one.ends_at) if one.ends_at else ""), Cell(quota),
        Cell("", tags=(_tag(one.state),), sub=one.reason),
    )  # fmt: skip
    return Row(id=f"grant-{one.id}", cells=cells, href=href)


@require_http_methods(["GET", "POST"])
def sources(request: HttpRequest) -> HttpResponse:
    """How every provider's supply stands; in demonstration mode it can be stopped and started."""
    actor = _actor(request)
    if request.method == "POST":
        stopped = request.POST.get("act") == "stop"
        provider = request.POST.get("provider", "")[:18]
        try:
            api.switch_source(actor, provider=provider, stopped=stopped, reason=_("演示：人为停用"))
            messages.success(request, _("数据来源已停用") if stopped else _("数据来源已恢复"))
        except CityError as error:
            messages.error(request, error.text)
        return HttpResponseRedirect(reverse("exchange.sources"))
    shown = [(one, _tag(one.state)) for one in api.source_status()]
    nothing = Empty(_("还没有接入数据来源"), _("场景包声明接口后会列在这里"))
    return render(request, "exchange/sources.html", {"sources": shown, "demo": settings.DEMO_MODE, "nothing": nothing})
