"""Deliveries at the provider's desk: the list, one with its quality and the rows held back, handing in, front machines, lineage."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from onecity.hubs.catalog import api
from onecity.hubs.catalog.contracts import ArrivalDetail, ArrivalFilter, QuarantinedRow, ResourceFilter, RuleResult
from onecity.hubs.support import api as support
from onecity.kernel.actor import Actor
from onecity.kernel.clock import today
from onecity.kernel.errors import CityError
from onecity.kernel.paging import Page, PageRequest
from onecity.ui.contracts import Bar, Cell, Column, Empty, Fact, Light, LightKind, Option, Row, Table, TagMark
from onecity.ui.formats import short_datetime
from onecity.ui.pages import render

__all__ = ["fronts", "hand_in", "held_csv", "held_xlsx", "listed", "one"]

_STATES = ("accepted", "refused", "waiting", "held")
_LABELS = {"position": "行号", "field": "信息项", "rule": "规则", "reason": "原因", "_text": "原文"}


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _ways() -> dict[str, str]:
    return {
        "table": _("系统装载"),
        "file": _("文件"),
        "push": _("接口推送"),
        "pull": _("库表抽取"),
        "agent": _("前置机"),
    }


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Deliveries of the actor's own resources, newest first."""
    given = request.GET
    state = given.get("state", "") if given.get("state", "") in _STATES else ""
    chosen = ArrivalFilter(
        given.get("resource", "")[:60].replace("\x00", ""), state, given.get("q", "").strip()[:60].replace("\x00", "")
    )
    page = api.arrivals_page(_actor(request), chosen, PageRequest.parse(given.get("page"), given.get("size")))
    words = {
        "": _("全部"),
        "accepted": _("已发布"),
        "refused": _("整批退回"),
        "waiting": _("处理中"),
        "held": _("有隔离行"),
    }
    states = [Option(value, label, value == state) for value, label in words.items()]
    late = [
        Row(id=f"late-{one.resource}", href=reverse("catalog.resource", args=[one.resource]), cells=(
            Cell(one.resource_name, strong=True, href=reverse("catalog.resource", args=[one.resource])),
            Cell(short_datetime(one.as_of) if one.as_of else _("还没有报送过")),
            Cell(light=Light(LightKind.RED, one.days, _("天"))),
        ))
        for one in api.lateness(_actor(request))
    ]  # fmt: skip
    columns = (Column("name", _("资源")), Column("as_of", _("最近数据时间")), Column("late", _("逾期")))
    lateness = Table(id="late", caption=_("逾期未更新"), columns=columns, rows=late) if late else None
    context = {"table": _table(page), "states": states, "q": chosen.text, "lateness": lateness}
    return render(request, "catalog/arrivals.html", context)


def _table(page: Page[ArrivalDetail]) -> Table:
    columns = (
        Column("resource", _("资源")), Column("at", _("报送时间")), Column("way", _("方式")), Column("received", _("收到"), numeric=True),
        Column("published", _("入库"), numeric=True), Column("held", _("隔离"), numeric=True),
        Column("score", _("质量得分"), numeric=True), Column("state", _("结果")),
    )  # fmt: skip
    empty = Empty(
        _("还没有报送"), _("点“报送文件”上传，或由前置机、接口自动报送"), _("报送文件"), reverse("catalog.hand_in")
    )
    return Table(
        id="arrivals", caption=_("数据报送"), columns=columns, rows=[_row(one) for one in page.items], paging=page,
        empty=empty, keyboard=True,
    )  # fmt: skip


def _row(one: ArrivalDetail) -> Row:
    view, href = one.view, reverse("catalog.arrival", args=[one.view.id])
    cells = (
        Cell(one.resource_name, sub=one.name, href=href, strong=True), Cell(short_datetime(view.at)),
        Cell(_ways().get(one.way, one.way)), Cell(f"{view.rows_received:,}"), Cell(f"{view.rows_published:,}"),
        Cell(f"{view.rows_quarantined:,}"), Cell(f"{one.score:.1%}" if one.score is not None and one.rules else "—"),
        Cell("" if view.accepted else view.text[:60], tags=(_mark(one),)),
    )  # fmt: skip
    return Row(id=f"arrival-{view.id}", cells=cells, href=href)


def _mark(one: ArrivalDetail) -> TagMark:
    if one.state == "waiting":
        return TagMark(_("处理中"), "info")
    return TagMark(f"v{one.view.version}", "good") if one.view.accepted else TagMark(_("整批退回"), "alarm")


@require_safe
def one(request: HttpRequest, arrival_id: UUID) -> HttpResponse:
    """One delivery: figures, six dimensions, rules, the rows held back."""
    actor = _actor(request)
    found = api.arrival(actor, arrival_id)
    held = api.quarantined(actor, arrival_id, PageRequest.parse(request.GET.get("page"), request.GET.get("size")))
    view = found.view
    facts = [
        Fact(_("资源"), found.resource_name, href=reverse("catalog.resource", args=[view.resource])), Fact(_("文件"), found.name or "—"),
        Fact(_("方式"), _ways().get(found.way, found.way), note=_("增量，主键 %s") % "、".join(found.merging) if found.merging else ""),
        Fact(_("数据时间"), short_datetime(view.as_of)), Fact(_("报送时间"), short_datetime(view.at)),
        Fact(_("收到"), f"{view.rows_received:,}"), Fact(_("入库"), f"{view.rows_published:,}"),
        Fact(_("隔离"), f"{view.rows_quarantined:,}", note=_("其中 %s 行无法读取") % f"{found.lost:,}" if found.lost else ""),
        Fact(_("用时"), _("%s 秒") % view.seconds), Fact(_("版本"), f"v{view.version}" if view.accepted else "—"),
    ]  # fmt: skip
    bars = [
        Bar(_(dimension.label), score, f"{score:.1%}", tone="good" if score >= 0.95 else "warn")
        for dimension, score in found.scores
    ]
    context = {
        "arrival": found, "facts": facts, "bars": bars, "rules": _rules(found.rules), "held": _held(found, held),
        "score": f"{found.score:.1%}" if found.score is not None and found.rules else "",
    }  # fmt: skip
    return render(request, "catalog/arrival.html", context)


def _rules(rules: tuple[RuleResult, ...]) -> Table:
    columns = (
        Column("rule", _("规则")), Column("dimension", _("维度")), Column("checked", _("检查"), numeric=True),
        Column("failed", _("不符"), numeric=True), Column("effect", _("处理")),
    )  # fmt: skip
    ordered = sorted(rules, key=lambda rule: -rule.failed)
    rows = [
        Row(id=f"rule-{number}", cells=(
            Cell(rule.reason, sub=rule.field), Cell(_(rule.dimension.label)), Cell(f"{rule.checked:,}"),
                Cell(f"{rule.failed:,}", strong=bool(rule.failed)),
            Cell(_("隔离") if rule.severity == "error" else _("只提示")),
        ))
        for number, rule in enumerate(ordered)
    ]  # fmt: skip
    return Table(
        id="rules",
        caption=_("规则与结果"),
        columns=columns,
        rows=rows,
        empty=Empty(_("没有执行规则"), _("文件整体无法读取")),
    )


def _labels_of(resource: str) -> dict[str, str]:
    """Headings of a sheet of rows, in the order of the entry: a corrected sheet with these headings is taken again."""
    return _LABELS | {field.name: field.label for field in api.resource(resource).fields}


def _held(found: ArrivalDetail, page: Page[QuarantinedRow]) -> Table:
    labels = _labels_of(found.view.resource)
    met = dict.fromkeys(name for row in page.items for name in row.content)
    items = [*(name for name in labels if name in met), *(name for name in met if name not in labels)]
    columns = (
        Column("position", _("行号"), numeric=True), Column("reason", _("原因")),
            *(Column(name, labels.get(name, name)) for name in items),
    )  # fmt: skip
    rows = [
        Row(id=f"held-{row.position}", cells=(
            Cell(f"{row.position:,}"), Cell(row.reason, sub=row.field, strong=True),
                *(Cell(row.content.get(name, "")[:80]) for name in items),
        ))
        for row in page.items
    ]  # fmt: skip
    empty = Empty(
        _("没有隔离的行"),
        _("所有数据行都已入库") if found.view.accepted else _("文件整体退回，没有逐行隔离"),
        icon="check",
    )
    return Table(id="held", caption=_("隔离的行"), columns=columns, rows=rows, paging=page, empty=empty, persons=True)


@require_safe
def held_csv(request: HttpRequest, arrival_id: UUID) -> StreamingHttpResponse:
    """All rows that were held back, as CSV with BOM; cells that a spreadsheet would run are made plain text."""
    columns, rows = api.held_rows(_actor(request), arrival_id)
    labels = _labels_of(api.arrival(_actor(request), arrival_id).view.resource)
    answer = StreamingHttpResponse(
        _lines([labels.get(name, name) for name in columns], rows), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="quarantine-{arrival_id}.csv"'
    return answer


def _lines(columns: Iterable[str], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield "\ufeff"
    yield _line(columns)
    for values in rows:
        yield _line(values)


def _line(values: Iterable[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(
        [f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value for value in values]
    )
    return buffer.getvalue()


@require_safe
def held_xlsx(request: HttpRequest, arrival_id: UUID) -> HttpResponse:
    """Rows that were held back as XLSX with watermark and trace."""
    actor = _actor(request)
    columns, rows = api.held_rows(actor, arrival_id)
    labels = _labels_of(api.arrival(actor, arrival_id).view.resource)
    try:
        made = support.export_table(
            actor, title=_("隔离的行"), columns=[labels.get(name, name) for name in columns], rows=rows,
            reason=request.GET.get("reason", "")[:200] or _("核对并整改本单位报送的问题数据"),
        )  # fmt: skip
    except CityError as error:
        messages.error(request, error.text)
        return HttpResponseRedirect(reverse("catalog.arrival", args=[arrival_id]))
    answer = HttpResponse(made.content, content_type=made.media_type)
    answer["Content-Disposition"] = f'attachment; filename="quarantine-{arrival_id}.xlsx"'
    return answer


@require_http_methods(["GET", "POST"])
def hand_in(request: HttpRequest) -> HttpResponse:
    """Hand in a file; POST keeps it and shows the delivery, which a worker takes."""
    actor = _actor(request)
    resource, day = request.POST.get("resource", request.GET.get("resource", ""))[:60].replace("\x00", ""), today()
    if request.method == "POST":
        try:
            day = date.fromisoformat(request.POST.get("as_of", ""))
        except ValueError:
            messages.error(request, _("请填写数据时间"))
            return HttpResponseRedirect(reverse("catalog.hand_in"))
        file = request.FILES.get("file")
        if file is None or file.file is None or not resource:
            messages.error(request, _("请选择资源和文件"))
            return HttpResponseRedirect(reverse("catalog.hand_in"))
        try:
            made = api.hand_in(actor, resource=resource, content=file.file, name=file.name or "", as_of=day)
        except CityError as error:
            messages.error(request, error.text)
            return HttpResponseRedirect(f"{reverse('catalog.hand_in')}?resource={resource}")
        messages.success(request, _("文件已收下，正在检查；刷新可看结果"))
        return HttpResponseRedirect(reverse("catalog.arrival", args=[made.id]))
    own = api.resources(ResourceFilter(provider=actor.organisation, state="published"), PageRequest(1, 100))
    options = [
        Option("", _("请选择"), not resource),
        *(Option(one.key, one.name, one.key == resource) for one in own.items if not one.live),
    ]
    return render(request, "catalog/hand_in.html", {"options": options, "day": day.isoformat()})


@require_safe
def fronts(request: HttpRequest) -> HttpResponse:
    """Front machines and the daily reconciliation."""
    actor = _actor(request)
    machines = [
        Row(id=f"agent-{one.name}", cells=(
            Cell(one.name, sub="、".join(one.resources), strong=True), Cell(f"{one.sequence:,}"),
            Cell(short_datetime(one.seen_at) if one.seen_at else "—"),
            Cell("", tags=(TagMark(_("已停用"), "still") if one.stopped else TagMark(_("可报送"), "good"),)),
        ))
        for one in api.agents(actor)
    ]  # fmt: skip
    lines = [
        Row(id=f"reconciliation-{number}", cells=(
            Cell(one.resource_name, sub=one.source, strong=True), Cell(short_datetime(one.at)), Cell(f"{one.front_rows:,}"),
            Cell(f"{one.here_rows:,}"), Cell(one.front_latest or "—"),
            Cell(one.text, tags=(TagMark(_("一致"), "good") if one.matches else TagMark(_("不符"), "alarm"),)),
        ))
        for number, one in enumerate(api.reconciliations(actor))
    ]  # fmt: skip
    context = {
        "machines": Table(
            id="agents", caption=_("前置机"), rows=machines, empty=Empty(_("没有登记前置机"), _("运维人员用 onecity agent register 登记")),
            columns=(Column("name", _("名称")), Column("sequence", _("已收批次"), numeric=True), Column("seen", _("最近一次")),
                Column("state", _("状态"))),
        ),
        "reconciliations": Table(
            id="reconciliations", caption=_("每日对账"), rows=lines,
                empty=Empty(_("还没有对账"), _("前置机每天报送一次行数、摘要和最近更新")),
            columns=(
                Column("name", _("资源")), Column("at", _("对账时间")), Column("front", _("前置库行数"), numeric=True),
                Column("here", _("已到达行数"), numeric=True), Column("latest", _("前置库最近更新")), Column("result", _("结果")),
            ),
        ),
    }  # fmt: skip
    return render(request, "catalog/fronts.html", context)
