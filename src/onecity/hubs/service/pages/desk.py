"""Applications and savings for staff."""

from datetime import date
from itertools import groupby
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from onecity.hubs.process import api as process
from onecity.hubs.service import api
from onecity.hubs.service.contracts import ApplicationFilter, ApplicationRow, BundleView, ItemView, SavingsRow
from onecity.hubs.service.pages.application import steps_of
from onecity.hubs.support import api as support
from onecity.hubs.support.contracts import Permission as Support
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now
from onecity.kernel.paging import PageRequest
from onecity.kernel.policy import allows
from onecity.kernel.slots import fill
from onecity.ui.contracts import (
    Cell,
    Column,
    Empty,
    FigureCard,
    Option,
    Row,
    Table,
    TagMark,
    TimelineEntry,
)
from onecity.ui.exports import ExportFile, send_export

__all__ = ["detail", "export", "index", "savings"]

MOST_EXPORTED = 20_000
LIST_QUERY = ("bundle", "state", "outcome", "category", "text", "submitted_from", "submitted_to", "page", "size")

STATES = (
    ("", "全部状态"), ("waiting_data", "等待部门数据"), ("in_review", "审核中"), ("supplement", "待补正"),
    ("qualified", "已通过资格核验"), ("granted", "已办结"), ("refused", "未通过"), ("withdrawn", "已撤回"),
)  # fmt: skip
OUTCOMES = (("", "全部判定"), ("pass", "规则通过"), ("person", "需人工核对"), ("ineligible", "条件不符，转人工"))


def index(request: HttpRequest) -> HttpResponse:
    """The list of my organisation and area."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    wanted = _wanted(request)
    page = api.applications(actor, wanted, PageRequest.parse(request.GET.get("page"), request.GET.get("size")))
    table = Table(
        id="applications", caption=_("办件列表"), rows=[_row(row, request.GET.urlencode()) for row in page.items], paging=page,
        keyboard=True, persons=True,
        columns=(
            Column("number", _("编号"), narrow=True), Column("matter", _("事由")), Column("state", _("状态"), narrow=True),
            Column("rule", _("判定")), Column("organisation", _("经办单位")),
        ),
        empty=Empty(_("没有符合条件的办件"), _("换一个条件再查，或等待群众提交")),
    )  # fmt: skip
    options = {
        "states": [Option(v, _(label), v == wanted.state) for v, label in STATES],
        "outcomes": [Option(v, _(label), v == wanted.outcome) for v, label in OUTCOMES],
    }
    export = (
        f"{reverse('service.desk_export')}?{request.GET.urlencode()}" if allows(actor, Support.TABLE_EXPORT) else ""
    )
    context = {"table": table, "wanted": wanted, "page": page, "export_href": export, **options}
    return render(request, "service/desk_list.html", context)


def _wanted(request: HttpRequest) -> ApplicationFilter:
    """The filter from the address; days that are none are ignored."""
    given = request.GET
    return ApplicationFilter(
        bundle=given.get("bundle", "")[:60], state=given.get("state", "")[:20], outcome=given.get("outcome", "")[:20],
        category=given.get("category", "")[:20], text=given.get("text", "").strip()[:60],
        submitted_from=_day(given.get("submitted_from", "")), submitted_to=_day(given.get("submitted_to", "")),
    )  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def export(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook: names as the list shows them, traced, watermarked, the reason asked above a thousand rows."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    wanted, title = _wanted(request), _("办件列表")
    return send_export(
        request, title=title, rows=api.applications(actor, wanted, PageRequest(1, 1)).total,
        ask_above=support.REASON_FROM_ROWS, back=f"{reverse('service.desk')}?{request.GET.urlencode()}",
        write=lambda reason: _workbook(actor, wanted, title, reason),
    )  # fmt: skip


def _workbook(actor: Actor, wanted: ApplicationFilter, title: str, reason: str) -> ExportFile:
    columns = (
        _("序"), _("编号"), _("姓名"), _("事项"), _("状态"), _("判定"), _("规则"), _("事由"), _("经办单位"), _("环节"), _("收件"),
    )  # fmt: skip
    rows = api.applications(actor, wanted, PageRequest(1, MOST_EXPORTED)).items
    lines = [
        (
            number, row.number, row.person_name, row.bundle_name, row.state_text, row.category_name, row.rule, row.reason,
            row.organisation_name, row.step, timezone.localtime(row.submitted_at).strftime("%Y-%m-%d %H:%M") if row.submitted_at else "",
        )
        for number, row in enumerate(rows, 1)
    ]  # fmt: skip
    return support.export_table(actor, title=title, columns=columns, rows=lines, reason=reason)


def _row(row: ApplicationRow, query: str) -> Row:
    tone = {"granted": "good", "refused": "alarm", "supplement": "warn", "waiting_data": "plain"}.get(
        row.state.value, "info"
    )
    submitted = timezone.localtime(row.submitted_at).strftime("%m-%d") if row.submitted_at else ""
    href = reverse("service.desk_item", args=[row.id]) + (f"?{urlencode({'list': query})}" if query else "")
    return Row(
        id=str(row.id),
        href=href,
        cells=(
            Cell(row.number, _("%(day)s 收件") % {"day": submitted}),
            Cell(f"{row.person_name} · {row.bundle_name}", row.reason, strong=True, href=href),
            Cell("", tags=(TagMark(row.state_text, tone),)),  # type: ignore[arg-type]
            Cell(row.category_name or "—", row.rule),
            Cell(row.organisation_name, row.step),
        ),
    )


def detail(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """One application with its history and whatever packs add."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    view = api.application(actor, application_id)
    items = process.items_of(view.id)
    pieces = fill("service.application", actor, {"application": view})
    groups = [(group, list(found)) for group, found in groupby(view.fields, key=lambda field: field.group)]
    return render(
        request, "service/desk_item.html",
        {
            "application": view, "steps": steps_of(view.steps), "timeline": _timeline(view.id), "items": items,
            "pieces": pieces, "groups": groups, "list_href": _list_href(request.GET.get("list", "")),
        },
    )  # fmt: skip


def _list_href(query: str) -> str:
    """Back to the list with its filters: only known query names, encoded anew."""
    kept = [(name, value) for name, value in parse_qsl(query[:500]) if name in LIST_QUERY]
    return reverse("service.desk") + (f"?{urlencode(kept)}" if kept else "")


def _timeline(application_id: UUID) -> list[TimelineEntry]:
    return [
        TimelineEntry(step.node_name, step.at, f"{step.organisation_name} {step.who}".strip(), step.opinion)
        for step in process.history(application_id)
    ]


def savings(request: HttpRequest) -> HttpResponse:
    """Papers, visits and days saved, per 一件事 and per item, computed from definitions."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    rows = api.savings(actor)
    bundles = {view.key: view for view in api.bundles()}
    shown = [(row, _items(bundles[row.bundle])) for row in rows if row.bundle in bundles]
    return render(request, "service/savings.html", {"rows": shown, "cards": _cards(rows), "as_of": now()})


def _items(bundle: BundleView) -> list[tuple[ItemView, int, int]]:
    """Each item with its papers before and after."""
    return [
        (item, sum(m.copies for m in item.materials), sum(m.copies for m in item.materials if not m.replaced_by))
        for item in bundle.items
    ]


def _cards(rows: list[SavingsRow]) -> list[FigureCard]:
    if not rows:
        return []
    totals = (
        (_("免交材料"), sum(row.papers_saved for row in rows), _("份")),
        (_("少跑"), sum(row.visits_saved for row in rows), _("次")),
        (_("压缩时限"), sum(row.days_saved for row in rows), _("个工作日")),
        (_("免交材料办理"), sum(row.applications for row in rows), _("件")),
    )
    return [
        FigureCard(title, f"{value:,}", unit, definition=rows[0].definition, source=_("事项定义计算"), as_of=now())
        for title, value, unit in totals
    ]
