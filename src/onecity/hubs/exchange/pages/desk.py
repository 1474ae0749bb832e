"""The provider's desk: answer requests, see and revoke grants, watch the sources."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from onecity.hubs.exchange import api
from onecity.hubs.exchange.contracts import (
    GrantState,
    GrantView,
    Permission,
    RefusalCode,
    RequestState,
    RequestView,
    SourceState,
)
from onecity.hubs.exchange.errors import GrantUnknown
from onecity.hubs.exchange.pages.exports import grants_wanted
from onecity.hubs.process import api as process
from onecity.hubs.process.contracts import TimeUnit
from onecity.hubs.support.contracts import Permission as Support
from onecity.kernel.actor import Actor
from onecity.kernel.errors import CityError
from onecity.kernel.paging import PageRequest
from onecity.kernel.policy import allows
from onecity.ui.contracts import Cell, Column, Empty, Fact, Light, Option, Row, Table, TagMark
from onecity.ui.formats import short_datetime
from onecity.ui.pages import render

__all__ = ["grants", "request_page", "requests", "sources"]

_TONES = {
    RequestState.SUBMITTED: "warn", RequestState.GRANTED: "good", RequestState.REFUSED: "alarm",
    GrantState.ACTIVE: "good", GrantState.REVOKED: "still", SourceState.UP: "good", SourceState.STOPPED: "still",
    SourceState.FAILING: "alarm",
}  # fmt: skip


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _tag(state: RequestState | GrantState | SourceState) -> TagMark:
    return TagMark(_(state.label), _TONES[state])  # type: ignore[arg-type]


def _page(request: HttpRequest) -> PageRequest:
    return PageRequest.parse(request.GET.get("page"), request.GET.get("size"))


@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """Requests received and made."""
    state = request.GET.get("state", "")
    page = api.requests(_actor(request), state=state if state in set(RequestState) else "", page=_page(request))
    columns = (
        Column("what", _("申请数据")), Column("who", _("申请单位")), Column("purpose", _("用途")),
        Column("due", _("答复期限")), Column("state", _("状态")),
    )  # fmt: skip
    table = Table(
        id="requests", caption=_("数据申请"), columns=columns, rows=[_request_row(one) for one in page.items], paging=page,
        empty=Empty(_("没有数据申请"), _("其他部门申请本单位数据时会出现在这里和待办中")), keyboard=True,
    )  # fmt: skip
    return render(request, "exchange/requests.html", {"table": table, "states": _options(RequestState, state)})


def _request_row(one: RequestView) -> Row:
    href = reverse("exchange.request", args=[one.id])
    cells = (
        Cell(one.interface_name, sub=one.provider_name, href=href, strong=True),
        Cell(one.consumer_name, sub=short_datetime(one.asked_at)), Cell(one.purpose, sub=one.basis.label),
        _due(one), Cell("", tags=(_tag(one.state),)),
    )  # fmt: skip
    return Row(id=f"request-{one.id}", cells=cells, href=href)


def _due(one: RequestView) -> Cell:
    """The light of an open request, the date of an answered one."""
    if one.due_at is None or one.state is not RequestState.SUBMITTED:
        return Cell(short_datetime(one.due_at) if one.due_at else "—")
    light = process.light_of(one.due_at, TimeUnit.WORK_DAY)
    return Cell(light=Light(light.kind.value, light.days, _(light.unit)), sub=short_datetime(one.due_at))


@require_http_methods(["GET", "POST"])
def request_page(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One request; POST answers it."""
    actor = _actor(request)
    if request.method == "POST":
        try:
            _answer(request, actor, request_id)
        except CityError as error:
            messages.error(request, error.text)
        return HttpResponseRedirect(reverse("exchange.request", args=[request_id]))
    found = api.request(actor, request_id)
    labels = api.interfaces([found.interface])[found.interface].labels
    context = {
        "request_view": found, "facts": _request_facts(found), "refusals": list(RefusalCode),
        "fields": [(name, labels.get(name, name)) for name in found.fields],
        "open": found.state is RequestState.SUBMITTED and allows(actor, Permission.ANSWER),
    }  # fmt: skip
    return render(request, "exchange/request.html", context)


def _answer(request: HttpRequest, actor: Actor, request_id: UUID) -> None:
    granted = request.POST.get("answer") == "grant"
    refusal = request.POST.get("refusal", "")
    api.answer_request(
        actor, request_id=request_id, granted=granted, opinion=request.POST.get("opinion", "")[:1000],
        refusal=None if granted or refusal not in set(RefusalCode) else refusal, fields=request.POST.getlist("field"),
    )  # fmt: skip
    messages.success(request, _("已授权，立即生效") if granted else _("已答复申请单位"))


def _request_facts(found: RequestView) -> list[Fact]:
    return [
        Fact(_("数据"), found.interface_name), Fact(_("提供部门"), found.provider_name),
        Fact(_("申请单位"), found.consumer_name), Fact(_("用途"), found.purpose), Fact(_("理由"), found.reason or "—"),
        Fact(_("依据"), f"{found.basis.label} · {found.legal_basis}"),
        Fact(_("每日调用"), str(found.quota_per_day or _("不限"))),
        Fact(_("使用期限"), f"{found.valid_from.isoformat()} — {found.valid_to.isoformat()}"),
        Fact(_("状态"), _(found.state.label)), Fact(_("答复意见"), found.opinion or "—"),
    ]  # fmt: skip


@require_http_methods(["GET", "POST"])
def grants(request: HttpRequest) -> HttpResponse:
    """Grants given and held; POST revokes the one named."""
    actor = _actor(request)
    if request.method == "POST":
        try:
            api.revoke_grant(
                actor, grant_id=UUID(request.POST.get("grant", "")), reason=request.POST.get("reason", "")[:400]
            )
            messages.success(request, _("授权已撤销，下一次调用即被拒绝"))
        except ValueError:
            raise GrantUnknown() from None
        except CityError as error:
            messages.error(request, error.text)
        return HttpResponseRedirect(reverse("exchange.grants"))
    wanted = grants_wanted(request)
    page = api.grants(actor, wanted, _page(request))
    columns = (
        Column("what", _("数据")), Column("who", _("使用单位")), Column("fields", _("信息项")), Column("until", _("有效期至")),
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


def _options(states: type[RequestState] | type[GrantState], chosen: str) -> list[Option]:
    """全部 and every state."""
    every = Option("", _("全部状态"), not chosen)
    return [every, *(Option(state.value, _(state.label), state.value == chosen) for state in states)]


def _grant_row(one: GrantView) -> Row:
    quota = f"{one.used_today} / {one.quota_per_day}" if one.quota_per_day else _("不限")
    cells = (
        Cell(one.interface_name, sub=one.provider_name, strong=True), Cell(one.consumer_name, sub=one.purpose),
        Cell(str(len(one.fields)), sub=one.basis.label), Cell(one.valid_to.isoformat()), Cell(quota),
        Cell("", tags=(_tag(one.state),), sub=one.reason),
    )  # fmt: skip
    return Row(id=f"grant-{one.id}", cells=cells)


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
