"""The opening list at the desk: plan, check results, stage, take down; statistics with crawlers that were slowed."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from pydantic import ValidationError

from onecity.hubs.catalog import api as catalog
from onecity.hubs.catalog.contracts import Lifecycle, OpenType, ResourceFilter
from onecity.hubs.opendata import api
from onecity.hubs.opendata.contracts import CheckView, DatasetState, DatasetView, Permission
from onecity.hubs.opendata.errors import PlanRefused
from onecity.hubs.opendata.ports import DeclaredDataset
from onecity.hubs.opendata.rules.honesty import CYCLE_WORDS, honesty
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now
from onecity.kernel.errors import CityError
from onecity.kernel.paging import Page, PageRequest
from onecity.kernel.policy import allows
from onecity.ui.contracts import Cell, Column, Empty, Fact, Option, Row, Table, TagMark
from onecity.ui.formats import chinese_date, short_datetime
from onecity.ui.pages import render

__all__ = ["check_table", "listed", "one", "plan"]

_TONES = {
    DatasetState.PLANNED: "plain", DatasetState.REFUSED: "alarm", DatasetState.IN_REVIEW: "warn", DatasetState.OPEN: "good",
    DatasetState.TAKEN_DOWN: "still",
}  # fmt: skip


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """The opening list of one's department, or everybody's for the bureau."""
    given = request.GET
    state = given.get("state", "") if given.get("state") in set(DatasetState) else ""
    page = api.desk_datasets(
        _actor(request),
        state=state,
        text=given.get("q", "")[:60],
        page=PageRequest.parse(given.get("page"), given.get("size")),
    )
    states = [
        Option("", _("全部"), not state),
        *(Option(one.value, _(one.label), one.value == state) for one in DatasetState),
    ]
    context = {
        "table": _table(page),
        "states": states,
        "q": given.get("q", "")[:60],
        "may_plan": allows(_actor(request), Permission.MANAGE),
    }
    return render(request, "opendata/desk_datasets.html", context)


def _table(page: Page[DatasetView]) -> Table:
    columns = (
        Column("title", _("数据集")), Column("provider", _("提供部门")), Column("planned", _("计划开放"), narrow=True),
        Column("version", _("版本"), narrow=True),
        Column("rows", _("行数"), numeric=True), Column("update", _("更新")), Column("state", _("状态"), narrow=True),
    )  # fmt: skip
    nothing = Empty(_("开放清单还是空的"), _("从资源目录中选取可开放的资源编入清单"))
    return Table(
        id="datasets",
        caption=_("开放清单"),
        columns=columns,
        rows=[_row(view) for view in page.items],
        paging=page,
        empty=nothing,
        keyboard=True,
    )


def _row(view: DatasetView) -> Row:
    href = reverse("opendata.desk_dataset", args=[view.key])
    said = honesty(view.update_cycle, view.as_of, now())
    cells = (
        Cell(view.title, sub=view.key, href=href, strong=True), Cell(view.provider_name or view.provider_key),
        Cell(chinese_date(view.planned_on) if view.planned_on else "—"), Cell(f"v{view.version}" if view.version else "—"),
        Cell(f"{view.rows:,}" if view.version else "—"), Cell(said.text if view.version else "—", tags=(TagMark(_("逾期"), "warn"),
        ) if said.late else ()),
        Cell("", tags=(TagMark(_(view.state.label), _TONES[view.state]),)),  # type: ignore[arg-type]
    )  # fmt: skip
    return Row(id=view.key, cells=cells, href=href)


@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, key: str) -> HttpResponse:
    """One dataset: what the rules found, and what may be done now."""
    actor = _actor(request)
    if request.method == "POST":
        _act(request, actor, key)
        return HttpResponseRedirect(reverse("opendata.desk_dataset", args=[key]))
    view = api.dataset(key)
    found = api.checks(key)
    context = {
        "view": view, "facts": _facts(view), "checks": [(check, check_table(n, check)) for n, check in enumerate(found)],
        "may_stage": allows(actor, Permission.MANAGE, organisation=view.provider), "state": _(view.state.label),
        "may_take_down": view.state is DatasetState.OPEN and allows(actor, Permission.TAKE_DOWN, organisation=view.provider),
    }  # fmt: skip
    return render(request, "opendata/desk_dataset.html", context)


def _act(request: HttpRequest, actor: Actor, key: str) -> None:
    try:
        if request.POST.get("act") == "stage":
            check = api.stage_dataset(actor, key=key)
            said = _("检查通过，已转保密审查或已发布。") if check.passed else _("检查未通过，请看检查结果。")
            (messages.success if check.passed else messages.error)(request, said)
        elif request.POST.get("act") == "take_down":
            api.take_down(actor, key=key, reason=request.POST.get("reason", "")[:500])
            messages.success(request, _("已下架：门户、接口、目录和文件即时停止提供。"))
    except CityError as refused:
        messages.error(request, f"{refused.text} {refused.hint}".strip())


def _facts(view: DatasetView) -> list[Fact]:
    return [
        Fact(_("提供部门"), view.provider_name or view.provider_key), Fact(_("资源"), view.resource,
        href=reverse("catalog.resource", args=[view.resource])),
        Fact(_("开放方式"), _("有条件开放") if view.conditional else _("无条件开放"), note=view.condition), Fact(_("许可"), view.licence),
        Fact(_("更新周期"), _(CYCLE_WORDS.get(view.update_cycle, view.update_cycle))), Fact(_("计划开放"),
        chinese_date(view.planned_on) if view.planned_on else "—"),
        Fact(_("数据时间"), short_datetime(view.as_of) if view.as_of else "—"), Fact(_("当前版本"),
        f"v{view.version}" if view.version else "—"),
        Fact(_("下载"), f"{view.downloads:,}"), Fact(_("接口调用"), f"{view.calls:,}"), Fact(_("说明"), view.reason or "—"),
    ]  # fmt: skip


def check_table(n: int, check: CheckView) -> Table:
    """Findings as a table: rule, columns, rows, masked samples, accepted or not."""
    columns = (
        Column("text", _("发现")), Column("columns", _("字段")), Column("count", _("行数"), numeric=True), Column("samples",
        _("样例（已遮蔽）")),
        Column("verdict", _("结论"), narrow=True),
    )  # fmt: skip
    rows = [
        Row(
            id=f"{n}-{place}",
            cells=(
                Cell(one.text, sub=one.rule), Cell("、".join(one.columns)), Cell(f"{one.count:,}"), Cell("；".join(one.samples) or "—"),
                Cell(one.accepted, tags=(TagMark(_("不得开放"), "alarm") if one.blocks else TagMark(_("已说明依据"), "info"),)),
            ),
        )
        for place, one in enumerate(check.findings)
    ]  # fmt: skip
    return Table(
        id=f"check-{n}",
        caption=_("发布前检查"),
        columns=columns,
        rows=rows,
        empty=Empty(_("没有发现问题"), _("全部规则通过")),
    )


@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    """Put a resource on the opening list."""
    actor, given = _actor(request), request.POST
    if request.method == "POST":
        try:
            view = api.plan_dataset(actor, declared=_declared(request))
            messages.success(request, _("已编入开放清单。"))
            return HttpResponseRedirect(reverse("opendata.desk_dataset", args=[view.key]))
        except (ValidationError, ValueError):
            messages.error(request, _("请选择资源和主题，日期格式为 2026-01-31"))
        except CityError as refused:
            messages.error(request, refused.text)
    found = catalog.resources(
        ResourceFilter(
            state=Lifecycle.PUBLISHED.value,
            provider=actor.organisation if not allows(actor, Permission.REVIEW_BUREAU) else "",
        ),
        PageRequest(size=500),
    )
    held = [one for one in found.items if one.open_type is not OpenType.NOT_OPEN]
    context = {
        "resources": [Option(one.key, f"{one.name}（{one.provider_name}）", given.get("key") == one.key) for one in held],
        "topics": [Option(one.key, one.zh, given.get("topic") == one.key) for one in api.topics()],
        "licences": [Option(one["key"], one["title"], given.get("licence") == one["key"]) for one in api.licences()], "given": given,
    }  # fmt: skip
    return render(request, "opendata/desk_plan.html", context)


def _declared(request: HttpRequest) -> DeclaredDataset:
    given = request.POST

    def names(field: str) -> tuple[str, ...]:
        return tuple(one.strip() for one in given.get(field, "").replace("，", ",").split(",") if one.strip())

    if not given.get("key"):
        raise PlanRefused(text=_("请选择资源"))
    planned = given.get("planned_on", "")
    return DeclaredDataset(
        key=given["key"], topics=(given.get("topic", ""),), licence=given.get("licence", "city-open-1.0"), indexed=names("indexed"),
        quasi=names("quasi"), counts=names("counts"), tags=names("tags")[:8], planned_on=date.fromisoformat(planned) if planned else None,
        year=date.fromisoformat(planned).year if planned else now().year, interface=given.get("interface", "")[:80],
    )  # fmt: skip
