"""One grant on the desk: what it allows, its limits to change, who used it, and the report an ended emergency owes."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from onecity.hubs.exchange import api
from onecity.hubs.exchange.contracts import GrantState, GrantView, InterfaceView, Permission
from onecity.hubs.exchange.contracts.board import GrantUse
from onecity.hubs.exchange.pages import limits_text
from onecity.kernel.actor import Actor
from onecity.kernel.errors import CityError
from onecity.kernel.policy import allows
from onecity.ui.contracts import Cell, Column, Empty, Fact, Row, Table
from onecity.ui.formats import short_datetime
from onecity.ui.pages import render

__all__ = ["grant"]


@require_http_methods(["GET", "POST"])
def grant(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    """POST changes the limits or reports an emergency's use."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if request.method == "POST":
        try:
            _act(request, actor, grant_id)
        except CityError as error:
            messages.error(request, error.text)
        return HttpResponseRedirect(reverse("exchange.grant", args=[grant_id]))
    found = api.grant(actor, grant_id)
    interface = api.interfaces([found.interface]).get(found.interface)
    owns = allows(actor, Permission.REVOKE, organisation=found.provider)
    uses = allows(actor, Permission.REQUEST, organisation=found.consumer)
    owed = found.emergency and found.state is GrantState.ENDED and found.reported_at is None
    context = {
        "grant": found, "facts": _facts(found, interface), "emergency": _emergency(found) if found.emergency else [],
        "report": api.grant_report(actor, grant_id) if found.emergency else "", "to_report": owed and uses, "owed": owed,
        "to_limit": owns and found.state is GrantState.ACTIVE, "uses": _uses(api.grant_uses(actor, grant_id)),
        "rows": limits_text.rows_text(found.rows_limit),
        "items": [(name, interface.labels.get(name, name)) for name in interface.fields] if interface else [],
    }  # fmt: skip
    return render(request, "exchange/grant.html", context)


def _act(request: HttpRequest, actor: Actor, grant_id: UUID) -> None:
    given = request.POST
    if given.get("act") == "report":
        api.report_emergency(actor, grant_id=grant_id, report=given.get("report", "")[:2000])
        messages.success(request, _("已补报使用情况"))
        return
    api.limit_grant(
        actor, grant_id=grant_id, quota_per_day=limits_text.calls(given.get("quota", "")),
        rate_per_second=limits_text.calls(given.get("rate", "")),
        rows_limit=limits_text.rows(given.get("rows", "")), reason=given.get("reason", ""),
    )  # fmt: skip
    messages.success(request, _("限额已调整，下一次调用即按新限额执行"))


def _facts(found: GrantView, interface: InterfaceView | None) -> list[Fact]:
    labels = interface.labels if interface else {}
    quota = f"{found.used_today} / {found.quota_per_day}" if found.quota_per_day else _("不限")
    limits = "；".join(f"{labels.get(name, name)}：{'、'.join(held)}" for name, held in found.rows_limit.items())
    return [
        Fact(_("提供部门"), found.provider_name), Fact(_("使用单位"), found.consumer_name), Fact(_("用途"), found.purpose),
        Fact(_("依据"), f"{_(found.basis.label)} · {found.legal_basis}"),
        Fact(_("信息项"), "、".join(labels.get(name, name) for name in found.fields)),
        Fact(_("提供方式"), "、".join(_(one.label) for one in found.modes) or "—"),
        Fact(_("有效期"), f"{found.valid_from.isoformat()} — {found.valid_to.isoformat()}"),
        Fact(_("今日已领额度/每日"), quota), Fact(_("每秒调用"), str(found.rate_per_second or _("不限"))),
        Fact(_("行范围"), limits or _("不限")), Fact(_("状态"), _(found.state.label), note=found.reason),
    ]  # fmt: skip


def _emergency(found: GrantView) -> list[Fact]:
    began = short_datetime(found.granted_at) if found.granted_at else "—"
    ends = short_datetime(found.ends_at) if found.ends_at else "—"
    ended = found.state is GrantState.ENDED
    told = _("已于 %(time)s 到时自动终止") if ended else _("将于 %(time)s 自动终止")
    return [
        Fact(_("授权时间"), began), Fact(_("终止"), told % {"time": ends}),
        Fact(_("使用情况补报"), short_datetime(found.reported_at) if found.reported_at else (_("待补报") if ended else "—")),
    ]  # fmt: skip


def _uses(found: list[GrantUse]) -> Table:
    columns = (
        Column("who", _("使用人")), Column("why", _("用途与事项")), Column("calls", _("调用次数"), numeric=True),
        Column("rows", _("数据条数"), numeric=True), Column("refused", _("被拒绝"), numeric=True), Column("last", _("最近一次")),
    )  # fmt: skip
    rows = [
        Row(
            id=f"use-{number}",
            cells=(
                Cell(one.who, strong=True), Cell(one.purpose, sub=one.matter), Cell(f"{one.calls:,}"), Cell(f"{one.rows:,}"),
                Cell(f"{one.refused:,}"), Cell(short_datetime(one.last_at)),
            ),
        )
        for number, one in enumerate(found)
    ]  # fmt: skip
    nothing = Empty(_("还没有使用过"), _("每一次使用都会按使用人和事项列在这里"))
    return Table(id="uses", caption=_("谁用过这项授权"), columns=columns, rows=rows, empty=nothing)
