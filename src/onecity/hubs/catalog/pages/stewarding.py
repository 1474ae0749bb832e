"""The steward's one page, files of entries, authoritative sources, handing over, stock, editions and steps of an entry."""

import hashlib
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from onecity.hubs.catalog import api
from onecity.hubs.catalog.contracts import Change, HandoverView, ImportOutcome, ImportReport, ItemSources, Permission
from onecity.hubs.catalog.errors import SheetRefused
from onecity.hubs.catalog.pages.compiling import impact_table
from onecity.hubs.catalog.pages.finding import amount, size_in_words
from onecity.hubs.process import api as process
from onecity.hubs.process.contracts import TimeUnit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now
from onecity.kernel.errors import CityError
from onecity.kernel.policy import scopes
from onecity.ui.contracts import Cell, Column, Empty, FigureCard, Light, Option, Row, Table, TagMark, TimelineEntry
from onecity.ui.pages import render

__all__ = ["board", "editions", "files", "handover", "sources", "step", "stock"]

_KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "json": "application/json", "zip": "application/zip",
}  # fmt: skip
_MOST_BYTES = 20 << 20
_TONES = {
    ImportOutcome.NEW: "good", ImportOutcome.CHANGED: "info", ImportOutcome.SAME: "still", ImportOutcome.REFUSED: "alarm",
}  # fmt: skip


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """待编目, 待答复, 待校核, 逾期更新, 质量工单: a count, a light, a list each."""
    found = api.steward_board(_actor(request))
    may_review = bool(scopes(_actor(request), Permission.REVIEW))
    entries, raised = reverse("catalog.resources"), reverse("catalog.corrections") + "?state=raised"
    due = process.light_of(found.due, TimeUnit.WORK_DAY) if found.due else None
    answer = Light(due.kind.value, due.days, _(due.unit)) if due else Light("green", None, "", "")
    columns = (
        Column("what", _("事项")),
        Column("count", _("数量"), numeric=True),
        Column("light", _("状态")),
        Column("words", _("口径")),
    )
    red, yellow = TagMark(_("逾期"), "alarm"), TagMark(_("待整改"), "warn")
    lines = (
        (_("待编目"), found.to_compile, entries + "?state=draft", None, _("草稿状态、等本单位补充并提交审核的条目")),
        (_("待审核发布"), found.to_review, entries + "?state=reviewed", None, _("已审核、等发布的条目")),
        (_("待答复"), found.to_answer, raised, answer, _("别人对本单位数据提出的校核，按工作日计；灯为最近一件的期限")),
        (_("其中已超期"), found.to_answer_late, raised, red, _("超过答复期限仍未答复")),
        (_("逾期更新"), found.late, entries + "?late=1", red, _("数据时间早于条目声明的更新周期")),
        (_("质量工单"), found.quality, entries + "?quality=1", yellow, _("最近一次报送被整批退回、隔离行超过2%，或质量得分低于本市要求")),
    )  # fmt: skip
    rows = [
        Row(
            f"board-{n}",
            (Cell(title, href=href, strong=True), Cell(f"{count:,}"), _state(count, light), Cell(words)),
            href,
        )
        for n, (title, count, href, light, words) in enumerate(lines)
    ]
    table = Table(id="board", caption=_("我的目录工作"), columns=columns, rows=rows, numbered=False, keyboard=True)
    return render(request, "catalog/steward.html", {"table": table, "as_of": now(), "may_review": may_review})


def _state(count: int, sign: Light | TagMark | None) -> Cell:
    if not count:
        return Cell("", tags=(TagMark(_("没有"), "good"),))
    return Cell(light=sign) if isinstance(sign, Light) else Cell("", tags=(sign or TagMark(_("待办"), "info"),))


@require_http_methods(["GET", "POST"])
def files(request: HttpRequest) -> HttpResponse:
    """Entries in and out as files. A file is tried first; only the very file that was tried is taken."""
    actor, context = _actor(request), dict[str, Any]()
    if request.method == "POST" and request.POST.get("export"):
        if request.POST["export"] == "province":
            return _sent(api.provincial_report(actor), "信息资源目录上报包.zip")
        form = "json" if request.POST["export"] == "json" else "xlsx"
        return _sent(api.export_entries(actor, form=form), f"信息资源目录.{form}")
    if request.method == "POST" and request.POST.get("template"):
        return _sent(api.template_sheet(), "信息资源目录模板.xlsx")
    if request.method == "POST":
        try:
            context["report"] = report = _imported(request, actor)
            context |= {
                "lines": _lines(report),
                "counts": [(_(kind.label), report.count(kind)) for kind in ImportOutcome],
            }
        except CityError as error:
            context["fault"] = error
    context["for_the_city"] = any(not scope.organisation for scope in scopes(actor, Permission.REVIEW))
    return render(request, "catalog/files.html", context, status=422 if "fault" in context else 200)


def _imported(request: HttpRequest, actor: Actor) -> ImportReport:
    given = request.FILES.get("file")
    if given is None or isinstance(given, list):
        raise SheetRefused(text=_("请选择文件"))
    content = given.read(_MOST_BYTES + 1)
    form = "json" if (given.name or "").lower().endswith(".json") else "xlsx"
    apply, digest = request.POST.get("act") == "apply", hashlib.sha256(content).hexdigest()
    if apply and request.session.get("catalog.tried") != digest:
        raise SheetRefused(text=_("这个文件还没有试导入，或试导入后改动过"), hint=_("请先点“试导入”核对结果"))
    report = api.import_entries(actor, content=content, form=form, apply=apply)
    request.session["catalog.tried"] = "" if apply else digest
    return report


def _lines(report: ImportReport) -> Table:
    columns = (
        Column("line", _("行"), numeric=True),
        Column("name", _("资源")),
        Column("outcome", _("结果")),
        Column("faults", _("说明")),
    )
    ordered = sorted(report.lines, key=lambda one: (one.outcome is not ImportOutcome.REFUSED, one.line))[:500]
    rows = [
        Row(
            f"line-{n}",
            (
                Cell(str(one.line)), Cell(one.name or "—", sub=one.key),
                Cell("", tags=(TagMark(_(one.outcome.label), _TONES[one.outcome]),)), Cell("；".join(one.faults) or "—"),  # type: ignore[arg-type]
            ),
        )
        for n, one in enumerate(ordered)
    ]  # fmt: skip
    return Table(id="lines", caption=_("逐条结果"), columns=columns, rows=rows, numbered=False)


def _sent(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=_KINDS[name.rsplit(".", 1)[-1]])
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer["Cache-Control"] = "no-store"
    return answer


@require_http_methods(["GET", "POST"])
def sources(request: HttpRequest) -> HttpResponse:
    """多源: items several resources offer; the bureau names the authoritative one with its reason."""
    if request.method == "POST":
        try:
            given = request.POST
            api.name_source(
                _actor(request),
                item=given.get("item", "")[:90],
                resource=given.get("resource", "")[:60],
                reason=given.get("reason", ""),
            )
            messages.success(request, _("已确定权威来源；其他来源的同名信息项不再标为权威"))
        except CityError as error:
            messages.error(request, str(error.text))
        return HttpResponseRedirect(request.get_full_path())
    text = request.GET.get("q", "")[:60]
    found = api.second_sources(text, limit=30)
    return render(request, "catalog/sources.html", {"found": [(one, _choices(one)) for one in found], "q": text})


def _choices(one: ItemSources) -> list[Option]:
    return [
        Option(key, f"{name}（{provider}）" if provider else name, key == one.named)
        for key, name, provider in one.sources
    ]


@require_http_methods(["GET", "POST"])
def handover(request: HttpRequest) -> HttpResponse:
    """Handing over on a change of post: entries and tasks with a list to sign."""
    actor, given = _actor(request), request.POST
    if request.method == "POST":
        try:
            if given.get("sign"):
                api.sign_handover(actor, handover_id=UUID(given["sign"]))
                messages.success(request, _("已签收"))
            else:
                api.hand_over(
                    actor, from_account=UUID(given.get("from", "")), to_account=UUID(given.get("to", "")),
                    organisation=actor.organisation, reason=given.get("reason", ""),
                )  # fmt: skip
                messages.success(request, _("已移交，等接收人签收"))
        except ValueError:
            messages.error(request, _("请选择交接人和接收人"))
        except CityError as error:
            messages.error(request, str(error.text))
        return HttpResponseRedirect(reverse("catalog.handover"))
    people = [Option(str(account), f"{name}（{login}）") for account, name, login in api.successors(actor)]
    made = [
        (one, _handed(one), actor.account_id == one.to_account and one.signed_at is None)
        for one in api.handovers(actor)
    ]
    nothing = Empty(
        _("还没有移交记录"), _("选定交接人和接收人后，名下目录条目和在办校核一并移交，清单会列在这里，由接收人签收")
    )
    choices = [Option("", _("请选择")), *people]
    return render(request, "catalog/handover.html", {"people": choices, "made": made, "nothing": nothing})


def _handed(one: HandoverView) -> Table:
    columns = (Column("kind", _("类别"), narrow=True), Column("name", _("名称")), Column("key", _("标识")))
    rows = [
        Row(f"e-{n}", (Cell(_("目录条目")), Cell(name, href=reverse("catalog.resource", args=[key])), Cell(key)))
        for n, (key, name) in enumerate(one.entries)
    ]
    rows += [
        Row(
            f"t-{n}", (Cell(_("待答复校核")), Cell(name, href=reverse("catalog.correction", args=[key])), Cell(key[:8]))
        )
        for n, (key, name) in enumerate(one.tasks)
    ]
    return Table(
        id=f"handed-{one.id}",
        caption=_("移交清单"),
        columns=columns,
        rows=rows,
        empty=Empty(_("没有需要移交的条目和待办")),
    )


@require_safe
def stock(request: HttpRequest) -> HttpResponse:
    """总量: every figure says what it counts; what outside holders say stands apart."""
    found, lake, at, source = api.stock(), api.stock_facts(), now(), _("资源目录")
    figures = (
        (_("目录条目"), f"{found.published:,}", _("条"), _("已发布的目录条目，含外部持有"), ""),
        (_("数据集"), f"{lake.datasets:,}", _("个"), _("至少有一个现行数据版本的资源，含停用后仍保存的"), ""),
        (_("数据量"), amount(lake.rows), _("行"), _("各资源现行版本行数之和，历史版本不计"), f"{lake.rows:,}"),
        (_("存储量"), size_in_words(lake.bytes), "", _("各资源现行版本 Parquet 文件字节数之和（压缩后）"), f"{lake.bytes:,}"),
        (_("数据版本"), f"{lake.versions:,}", _("个"), _("历次报送发布过的版本，含已被替换的"), ""),
        (_("隔离数据"), amount(lake.held), _("行"), _("历次报送中未通过检查、没有发布的行数之和"), f"{lake.held:,}"),
        (_("可共享"), f"{found.shareable:,}", _("条"), _("无条件和有条件共享的条目，不予共享的不计"), ""),
        (_("可开放"), f"{found.open:,}", _("条"), _("无条件和有条件开放的条目"), ""),
        (_("提供部门"), f"{found.providers:,}", _("个"), _("有已发布条目的部门"), ""),
    )  # fmt: skip
    outside = (
        (_("外部持有"), amount(found.quoted_rows), _("行"), _("外部持有单位自报的数量，只描述不汇聚，不与实测相加"), found.quoted_rows),
        (_("外部存储"), size_in_words(found.quoted_bytes), "", _("外部持有单位自报的存储量，不与实测相加"), found.quoted_bytes),
    )  # fmt: skip
    scope = _("全市")
    cards = [
        FigureCard(title, value, unit, definition=words, scope=scope, source=source, as_of=at, raw=raw)
        for title, value, unit, words, raw in figures
    ]
    quoted = [
        FigureCard(
            title, value, unit, definition=words, scope=scope, source=source, as_of=at, raw=f"{raw:,}", quoted=True
        )
        for title, value, unit, words, raw in outside
    ]
    columns = (
        Column("name", _("资源")), Column("holder", _("持有单位")), Column("rows", _("数量（转引）"), numeric=True),
        Column("bytes", _("存储量（转引）"), numeric=True), Column("source", _("出处")),
    )  # fmt: skip
    rows = [
        Row(
            f"holder-{n}",
            (
                Cell(name, href=reverse("catalog.resource", args=[key]), strong=True), Cell(holder),
                Cell(amount(count) if count else "—"), Cell(size_in_words(size) if size else "—"), Cell(said),
            ),
        )
        for n, (key, name, holder, count, size, said) in enumerate(found.holders)
    ]  # fmt: skip
    table = Table(
        id="holders", caption=_("外部持有的数据"), columns=columns, rows=rows, empty=Empty(_("没有登记外部持有的数据"))
    )
    return render(request, "catalog/stock.html", {"cards": cards, "quoted": quoted, "table": table})


@require_safe
def editions(request: HttpRequest, key: str) -> HttpResponse:
    """What the entry said before, and what each edition changed."""
    entries = [
        TimelineEntry(
            _("第 %(n)s 版") % {"n": one.number} + (f" · {_('现行')}" if one.current else ""), one.at, one.by,
            "；".join(_change(change) for change in one.changes) or (_("首次编制") if one.number == 1 else _("没有记录到内容变化")),
            "good" if one.current else "plain",
        )
        for one in api.editions(key)
    ]  # fmt: skip
    return render(request, "catalog/editions.html", {"resource": api.resource(key), "entries": entries})


def _change(change: Change) -> str:
    return f"{_(change.what)}：{change.before or '（无）'} → {change.after or '（无）'}"


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, key: str) -> HttpResponse:
    """Review, publish, return, revise; withdrawing shows first who stands on the entry."""
    act = request.POST.get("step", request.GET.get("step", ""))
    if request.method == "POST" and (act != "withdraw" or request.POST.get("confirmed") == "1"):
        try:
            api.take_step(_actor(request), resource=key, step=act, reason=request.POST.get("reason", "")[:500])
            messages.success(request, _("已办理"))
        except CityError as error:
            messages.error(request, str(error.text))
        return HttpResponseRedirect(reverse("catalog.resource", args=[key]))
    impact = api.impact_of(key, withdrawn=True)
    return render(
        request,
        "catalog/withdraw.html",
        {"resource": api.resource(key), "impact": impact, "table": impact_table(impact)},
    )
