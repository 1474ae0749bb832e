"""级联: the levels above (what was reported and its state, subscriptions, quota, outages, batches that came down) and the nodes below."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from onecity.hubs.exchange import api
from onecity.hubs.exchange.contracts import Permission
from onecity.hubs.exchange.contracts.cascade import (
    DownflowState,
    DownflowView,
    ReportedView,
    ReportState,
    SubscriptionState,
    SubscriptionView,
    SuperiorView,
)
from onecity.kernel.actor import Actor
from onecity.kernel.errors import CityError
from onecity.kernel.paging import PageRequest
from onecity.kernel.policy import allows
from onecity.ui.contracts import Cell, Column, Empty, Option, Row, Table, TagMark
from onecity.ui.formats import short_datetime
from onecity.ui.pages import render

__all__ = ["cascade", "subscribe"]

_TONES = {
    ReportState.WAITING: "plain", ReportState.ACCEPTED: "good", ReportState.REFUSED: "alarm",
    SubscriptionState.WAITING: "plain", SubscriptionState.PENDING: "warn", SubscriptionState.APPROVED: "good",
    SubscriptionState.REFUSED: "alarm", SubscriptionState.ENDED: "still",
    DownflowState.ARRIVED: "good", DownflowState.REFUSED: "alarm", DownflowState.BROKEN: "warn",
}  # fmt: skip


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _tag(state: ReportState | SubscriptionState | DownflowState) -> TagMark:
    return TagMark(_(state.label), _TONES[state])  # type: ignore[arg-type]


@require_http_methods(["GET", "POST"])
def cascade(request: HttpRequest) -> HttpResponse:
    """Everything between this city and the levels above and below; POST runs an upper level's errands now, or admits a node."""
    actor = _actor(request)
    if request.method == "POST":
        try:
            _act(request, actor)
        except CityError as error:
            messages.error(request, f"{error.text} {error.hint}".strip())
        return HttpResponseRedirect(reverse("exchange.cascade"))
    paging = PageRequest.parse(request.GET.get("page"), request.GET.get("size"))
    above, state = api.superiors(), request.GET.get("state", "")
    context = {
        "superiors": [(one, _mark(one)) for one in above],
        "reported": [(one, _reported(one.key, one.name, state, paging)) for one in above],
        "states": [Option("", _("全部状态"), not state), *(Option(s.value, _(s.label), s.value == state) for s in ReportState)],
        "subscriptions": _subscriptions(), "downflows": _downflows(), "nodes": api.nodes(),
        "nothing": Empty(_("还没有接入上级平台"), _("由管理员用 onecity node connect 登记上级的地址和公钥"), icon="activity"),
        "may_admit": allows(actor, Permission.REGISTER_CLIENT), "own_key": api.own_node_key(),
    }  # fmt: skip
    return render(request, "exchange/cascade.html", context)


def _act(request: HttpRequest, actor: Actor) -> None:
    given = request.POST
    if given.get("act") == "admit":
        made = api.admit_node(
            actor, name=given.get("name", "").strip()[:120], organisation=given.get("organisation", "").strip()[:18],
            organisation_name=given.get("organisation_name", "").strip()[:120], public_key=given.get("public_key", "").strip(),
        )  # fmt: skip
        messages.success(request, _("已登记下级节点，编号 %(id)s") % {"id": made.id})
    elif given.get("act") == "dismiss":
        api.dismiss_node(actor, node_id=_number(given.get("node", "")))
        messages.success(request, _("已停用该节点，其请求和会话不再受理"))
    elif api.tend_now(actor, superior=given.get("superior", "")[:20]):
        messages.success(request, _("已与上级平台同步"))
    else:
        messages.warning(request, _("上级平台暂时不可用，已排队，恢复后自动继续"))


def _number(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def _mark(one: SuperiorView) -> TagMark:
    if one.trouble:
        return TagMark(_("暂时不可用"), "alarm")
    return TagMark(_("正常") if one.last_at else _("等待首次同步"), "good" if one.last_at else "plain")


def _reported(key: str, name: str, state: str, paging: PageRequest) -> Table:
    page = api.reported(superior=key, state=state, page=paging)
    columns = (
        Column("entry", _("目录条目")),
        Column("state", _("状态")),
        Column("why", _("退回原因")),
        Column("at", _("答复时间"), narrow=True),
    )
    rows = [_reported_row(one) for one in page.items]
    return Table(
        id=f"reported-{key}", caption=_("向%(name)s上报的目录") % {"name": name}, columns=columns, rows=rows, paging=page,
        empty=Empty(_("没有上报的目录"), _("发布的目录会自动上报")),
    )  # fmt: skip


def _reported_row(one: ReportedView) -> Row:
    return Row(
        id=f"report-{one.resource}",
        cells=(
            Cell(one.name, sub=one.resource, strong=True), Cell("", tags=(_tag(one.state),)),
            Cell("；".join(one.reasons) or "—"), Cell(short_datetime(one.answered_at) if one.answered_at else "—"),
        ),
    )  # fmt: skip


def _subscriptions() -> Table:
    columns = (
        Column("what", _("上级资源")), Column("for", _("使用单位和用途")), Column("state", _("状态")),
        Column("quota", _("今日已用 / 上级日限额"), numeric=True), Column("until", _("有效期至"), narrow=True),
    )  # fmt: skip
    return Table(
        id="subscriptions", caption=_("订阅的上级资源"), columns=columns, rows=[_subscription(one) for one in api.subscriptions()],
        empty=Empty(_("还没有订阅上级资源"), _("打开“上级目录与订阅”，选择资源提出订阅")),
    )  # fmt: skip


def _subscription(one: SubscriptionView) -> Row:
    quota = f"{one.used_today:,} / {one.quota_per_day:,}" if one.quota_per_day else f"{one.used_today:,} / {_('不限')}"
    return Row(
        id=f"subscription-{one.id}",
        cells=(
            Cell(one.name, sub=f"{one.superior_name} · {one.interface or one.remote}", strong=True),
            Cell(one.consumer_name or _("本市各部门"), sub=one.purpose), Cell("", tags=(_tag(one.state),), sub=one.reason),
            Cell(quota), Cell(one.valid_to.isoformat() if one.valid_to else "—"),
        ),
    )  # fmt: skip


def _downflows() -> Table:
    page = api.downflows(page=PageRequest(1, 50))
    columns = (
        Column("batch", _("批次")), Column("state", _("状态")), Column("rows", _("入库 / 隔离"), numeric=True),
        Column("text", _("说明")), Column("at", _("收到时间"), narrow=True),
    )  # fmt: skip
    return Table(
        id="downflows", caption=_("数据回流批次"), columns=columns, rows=[_downflow(one) for one in page.items],
        empty=Empty(_("还没有回流批次"), _("上级持有的本市数据回流后会列在这里，并成为资源的新版本")),
    )  # fmt: skip


def _downflow(one: DownflowView) -> Row:
    version = f" · v{one.version}" if one.version else ""
    return Row(
        id=f"downflow-{one.remote}",
        cells=(
            Cell(one.name, sub=f"{one.remote} · {one.resource}{version}", strong=True), Cell("", tags=(_tag(one.state),)),
            Cell(f"{one.rows:,} / {one.rows_bad:,}"), Cell(one.text or "—"), Cell(short_datetime(one.received_at)),
        ),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def subscribe(request: HttpRequest, superior: str) -> HttpResponse:
    """What an upper level offers, and asking for it."""
    actor = _actor(request)
    if request.method == "POST":
        try:
            _ask(request, actor, superior)
            return HttpResponseRedirect(reverse("exchange.cascade"))
        except CityError as error:
            messages.error(request, f"{error.text} {error.hint}".strip())
            return HttpResponseRedirect(reverse("exchange.cascade_offers", args=[superior]))
    paging = PageRequest.parse(request.GET.get("page"), request.GET.get("size"))
    text = request.GET.get("q", "").strip()[:60]
    page = api.offers(superior=superior, text=text, page=paging)
    nothing = Empty(_("上级平台没有提供资源"), _("同步上级目录后会列在这里"))
    return render(request, "exchange/cascade_offers.html", {"page": page, "text": text, "nothing": nothing})


def _ask(request: HttpRequest, actor: Actor, superior: str) -> None:
    given = request.POST
    quota = given.get("quota", "0")
    api.subscribe(
        actor, superior=superior, remote=given.get("remote", "")[:64], fields=tuple(given.getlist("field")),
        purpose=given.get("purpose", "")[:200], reason=given.get("reason", "")[:2000],
        quota_per_day=int(quota) if quota.isdecimal() and len(quota) < 9 else 0, consumer="data_bureau",
        consumer_name=actor.organisation_name,
    )  # fmt: skip
    messages.success(request, _("已提出订阅，送上级平台审核"))
