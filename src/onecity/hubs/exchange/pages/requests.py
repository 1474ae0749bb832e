"""The request desk on screen: search first, then ask; check, supplement, answer, dispute; every clock in words."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from onecity.hubs.catalog import api as catalog
from onecity.hubs.catalog.contracts import SearchFilters
from onecity.hubs.exchange import api
from onecity.hubs.exchange.contracts import (
    InterfaceView,
    Mode,
    Permission,
    RefusalCode,
    RequestState,
    RequestTimes,
    RequestView,
    TiedKind,
)
from onecity.hubs.exchange.errors import InterfaceUnknown
from onecity.hubs.exchange.pages import limits_text
from onecity.hubs.process import api as process
from onecity.hubs.process.contracts import TimeUnit
from onecity.kernel.actor import Actor
from onecity.kernel.errors import CityError
from onecity.kernel.paging import PageRequest
from onecity.kernel.policy import allows
from onecity.ui.contracts import Cell, Column, Empty, Fact, Light, Option, Row, Table, TagMark, TimelineEntry
from onecity.ui.formats import short_datetime
from onecity.ui.pages import render

__all__ = ["apply_form", "apply_search", "request_page", "requests"]

_TONES = {
    RequestState.CHECKING: "info", RequestState.SUPPLEMENT: "still", RequestState.SUBMITTED: "warn",
    RequestState.GRANTED: "good", RequestState.REFUSED: "alarm", RequestState.WITHDRAWN: "still",
}  # fmt: skip


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """Requests received, made and, for the bureau, all of them."""
    actor, state = _actor(request), request.GET.get("state", "")
    paging = PageRequest.parse(request.GET.get("page"), request.GET.get("size"))
    page = api.requests(actor, state=state if state in set(RequestState) else "", page=paging)
    columns = (
        Column("what", _("申请数据")), Column("who", _("申请单位")), Column("purpose", _("用途")),
        Column("due", _("答复期限")), Column("state", _("状态")),
    )  # fmt: skip
    table = Table(
        id="requests", caption=_("数据申请"), columns=columns, rows=[_request_row(one) for one in page.items], paging=page,
        empty=Empty(_("没有数据申请"), _("其他部门申请本单位数据时会出现在这里和待办中")), keyboard=True,
    )  # fmt: skip
    every = Option("", _("全部状态"), not state)
    states = [every, *(Option(one.value, _(one.label), one.value == state) for one in RequestState)]
    may_ask = allows(actor, Permission.REQUEST)
    return render(request, "exchange/requests.html", {"table": table, "states": states, "may_ask": may_ask})


def _request_row(one: RequestView) -> Row:
    href = reverse("exchange.request", args=[one.id])
    tags = [TagMark(_(one.state.label), _TONES[one.state])]  # type: ignore[arg-type]
    if one.overdue_at is not None:
        tags.append(TagMark(_("逾期督办"), "alarm"))
    if one.emergency:
        tags.append(TagMark(_("应急"), "alarm"))
    cells = (
        Cell(one.interface_name, sub=one.provider_name, href=href, strong=True),
        Cell(one.consumer_name, sub=short_datetime(one.asked_at)), Cell(one.purpose, sub=one.tied_to or _(one.basis.label)),
        _due(one), Cell("", tags=tuple(tags)),
    )  # fmt: skip
    return Row(id=f"request-{one.id}", cells=cells, href=href)


def _light(one: RequestView) -> Light | None:
    if one.state is RequestState.SUPPLEMENT:
        return Light("grey", None, "", _("补正期间期限中止"))
    if one.due_at is None or one.state not in (RequestState.CHECKING, RequestState.SUBMITTED):
        return None
    light = process.light_of(one.due_at, TimeUnit.WORK_DAY)
    return Light(light.kind.value, light.days, _(light.unit))


def _due(one: RequestView) -> Cell:
    """The light of an open request, the date of an answered one."""
    light = _light(one)
    when = short_datetime(one.due_at) if one.due_at else "—"
    return Cell(light=light, sub=when if one.due_at else "") if light else Cell(when)


@require_safe
def apply_search(request: HttpRequest) -> HttpResponse:
    """Before a form opens: what the catalogue has, and what one's organisation already may use."""
    actor, text = _actor(request), request.GET.get("q", "").strip()[:200]
    found = []
    if text:
        page = catalog.search(text, SearchFilters(), PageRequest.parse(request.GET.get("page"), "20"), fresh=True)
        by_resource: dict[str, list[InterfaceView]] = {}
        for one in api.interfaces().values():
            by_resource.setdefault(one.resource, []).append(one)
        found = [
            (hit, [(one, api.covered_by(actor, one.key)) for one in by_resource.get(hit.key, [])]) for hit in page.items
        ]
    start = Empty(
        _("先说需要什么数据"), _("查到的资源会写明有没有共享接口、本单位有没有授权；没有授权的，从这里直接申请"), _("看本单位已有的授权"),
        reverse("exchange.grants"), icon="search",
    )  # fmt: skip
    nothing = Empty(_("没有找到相关数据"), _("换一个说法，或向数据主管部门提出编目需求"), icon="search")
    return render(request, "exchange/apply.html", {"text": text, "found": found, "nothing": nothing, "start": start})


@require_http_methods(["GET", "POST"])
def apply_form(request: HttpRequest, key: str) -> HttpResponse:
    """Ask for one interface: fields, way of delivery, purpose tied to a matter or scenario, period, quota."""
    actor = _actor(request)
    interface = api.interfaces([key]).get(key)
    if interface is None:
        raise InterfaceUnknown(data={"interface": key})
    fault = None
    if request.method == "POST":
        try:
            made = _ask(request, actor, interface)
        except CityError as error:
            fault = error
        else:
            messages.success(request, _("申请已提交，等待形式审查"))
            return HttpResponseRedirect(reverse("exchange.request", args=[made.id]))
    resource = catalog.resource(interface.resource)
    chosen = set(request.POST.getlist("field"))
    context = {
        "interface": interface, "resource": resource, "covered": api.covered_by(actor, key), "fault": fault,
        "times": _time_facts(api.times_if_asked(key)), "kinds": list(TiedKind), "posted": request.POST,
        "fields": [(name, interface.labels.get(name, name), name in chosen) for name in interface.fields],
        "modes": [(one, one.value in request.POST.getlist("mode")) for one in interface.modes],
    }  # fmt: skip
    return render(request, "exchange/apply_form.html", context, status=422 if fault else 200)


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "").strip()
    return int(text) if text.isdigit() and len(text) < 9 else 0


def _ask(request: HttpRequest, actor: Actor, interface: InterfaceView) -> RequestView:
    given = request.POST
    until = given.get("valid_to", "").strip()
    wanted = [mode for mode in interface.modes if mode.value in given.getlist("mode")]
    return api.request_access(
        actor, interface=interface.key, fields=given.getlist("field"), purpose=given.get("purpose", "")[:200],
        reason=given.get("reason", "")[:2000], legal_basis=given.get("legal_basis", "")[:500],
        tied_kind=given.get("tied_kind", "") if given.get("tied_kind", "") in set(TiedKind) else "",
        tied_to=given.get("tied_to", "")[:120], modes=tuple(Mode(one) for one in wanted),
        rows_limit=limits_text.rows(given.get("rows", "")[:20_000]), quota_per_day=_number(request, "quota"),
        rate_per_second=_number(request, "rate"),
        emergency_hours=_number(request, "emergency"), valid_to=_day(until),
        idempotency_key=given.get("once", "")[:64],
    )  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _time_facts(times: RequestTimes) -> list[Fact]:
    return [
        Fact(_("答复期限"), short_datetime(times.answer_due) if times.answer_due else times.answer_note, note=times.answer_rule),
        Fact(_("供数期限"), short_datetime(times.supply_due) if times.supply_due else times.supply_note, note=times.supply_rule),
    ]  # fmt: skip


@require_http_methods(["GET", "POST"])
def request_page(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One request; POST checks, supplements, answers, withdraws or disputes it."""
    actor = _actor(request)
    if request.method == "POST":
        try:
            _act(request, actor, request_id)
        except CityError as error:
            messages.error(request, error.text)
        return HttpResponseRedirect(reverse("exchange.request", args=[request_id]))
    found = api.request(actor, request_id)
    interface = api.interfaces([found.interface]).get(found.interface)
    labels = interface.labels if interface else {}
    mine = allows(actor, Permission.REQUEST) and actor.organisation == found.consumer
    disputes = api.disputes_of(request_id)
    open_rung = next((one for one in disputes if one.answered_at is None), None)
    context = {
        "request_view": found, "facts": _request_facts(found), "refusals": list(RefusalCode),
        "fields": [(name, labels.get(name, name)) for name in found.fields], "light": _light(found),
        "times": _time_facts(api.times_of(actor, request_id)),
        "history": [TimelineEntry(_(one.verb), one.at, one.who, one.text) for one in api.steps_of(actor, request_id)],
        "to_check": found.state is RequestState.CHECKING and allows(actor, Permission.CHECK_FORM),
        "to_supplement": found.state is RequestState.SUPPLEMENT and mine, "kinds": list(TiedKind),
        "open": found.state is RequestState.SUBMITTED and allows(actor, Permission.ANSWER),
        "may_withdraw": mine and found.answered_at is None,
        "next_rung": api.next_dispute(request_id) if mine else "", "disputes": disputes, "open_rung": open_rung,
        "may_settle": open_rung is not None and (allows(actor, Permission.SUPERVISE) or allows(actor, Permission.ANSWER)),
    }  # fmt: skip
    return render(request, "exchange/request.html", context)


def _act(request: HttpRequest, actor: Actor, request_id: UUID) -> None:
    given, act = request.POST, request.POST.get("answer", "")
    text = given.get("opinion", "")[:1000]
    if act in ("pass", "notice"):
        api.check_form(actor, request_id=request_id, complete=act == "pass", notice=text)
        messages.success(request, _("已转提供部门") if act == "pass" else _("已一次告知补正，期限中止"))
    elif act == "supplement":
        changes = {
            name: given.get(name, "")[:2000] for name in ("purpose", "reason", "legal_basis", "tied_kind", "tied_to")
        }
        api.supplement_request(actor, request_id=request_id, **changes)
        messages.success(request, _("已补正，期限继续计算"))
    elif act == "withdraw":
        api.withdraw_request(actor, request_id=request_id, reason=text)
        messages.success(request, _("申请已撤回"))
    elif act == "dispute":
        api.raise_dispute(actor, request_id=request_id, reason=text)
        messages.success(request, _("争议已提出"))
    elif act in ("support", "uphold"):
        rung = UUID(given.get("rung", "")) if len(given.get("rung", "")) == 36 else request_id
        api.answer_dispute(actor, dispute_id=rung, supported=act == "support", opinion=text)
        messages.success(request, _("争议已办结"))
    else:
        _answer(request, actor, request_id)


def _answer(request: HttpRequest, actor: Actor, request_id: UUID) -> None:
    granted = request.POST.get("answer") == "grant"
    refusal = request.POST.get("refusal", "")
    api.answer_request(
        actor, request_id=request_id, granted=granted, opinion=request.POST.get("opinion", "")[:1000],
        refusal=None if granted or refusal not in set(RefusalCode) else refusal, fields=request.POST.getlist("field"),
        quota_per_day=limits_text.calls(given) if (given := request.POST.get("quota", "").strip()) else None,
    )  # fmt: skip
    messages.success(request, _("已授权，立即生效") if granted else _("已答复申请单位"))


def _request_facts(found: RequestView) -> list[Fact]:
    limits = "；".join(f"{name}：{'、'.join(values)}" for name, values in found.rows_limit.items())
    return [
        Fact(_("数据"), found.interface_name), Fact(_("提供部门"), found.provider_name),
        Fact(_("申请单位"), found.consumer_name), Fact(_("用途"), found.purpose),
        Fact(_("对应事项或场景"), found.tied_to or "—"), Fact(_("理由"), found.reason or "—"),
        Fact(_("依据"), f"{_(found.basis.label)} · {found.legal_basis}"),
        Fact(_("提供方式"), "、".join(_(one.label) for one in found.modes) or "—"), Fact(_("行范围"), limits or _("不限")),
        Fact(_("每日调用"), str(found.quota_per_day or _("不限"))),
        Fact(_("使用期限"), f"{found.valid_from.isoformat()} — {found.valid_to.isoformat()}"),
        Fact(_("状态"), _(found.state.label)),
        Fact(_("未同意的理由"), _(RefusalCode(found.refusal).label) if found.refusal else "—"),
        Fact(_("答复意见"), found.opinion or "—"),
    ]  # fmt: skip
