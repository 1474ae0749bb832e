"""Credit on the desk: a file with the reason for looking, the printed report, and the answers to repairs and objections."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from onecity.hubs.registers import api
from onecity.hubs.registers.contracts import CreditEntry, CreditFile, CreditMatterView, MatterState
from onecity.hubs.registers.pages.look import TONES, actor_of
from onecity.kernel.actor import Actor
from onecity.kernel.errors import CityError
from onecity.kernel.slots import SlotPiece
from onecity.kernel.subject import SubjectRef
from onecity.ui.contracts import Cell, Column, Empty, Fact, FigureCard, Row, Table, TagMark
from onecity.ui.formats import short_datetime
from onecity.ui.pages import render

__all__ = ["cards_of", "entry_table", "file", "item_panel", "matter", "matters", "pdf_response", "report"]


@require_http_methods(["GET", "POST"])
def file(request: HttpRequest) -> HttpResponse:
    """The reason is asked first; then the file, once."""
    subject = SubjectRef(request.POST.get("id", request.GET.get("id", ""))[:64])
    context: dict[str, Any] = {"id": subject}
    if request.method == "POST":
        try:
            found = api.credit_file(actor_of(request), subject=subject, reason=request.POST.get("reason", "")[:200])
            context |= {
                "found": found,
                "cards": cards_of(found),
                "table": entry_table(found),
                "reason": request.POST["reason"][:60],
            }
        except CityError as error:
            messages.error(request, f"{error.text} {error.hint}")
    return render(request, "registers/credit.html", context)


def cards_of(found: CreditFile) -> list[FigureCard]:
    """Totals of what is published today."""
    totals, words = found.totals, _("公示期内的条数")
    shown = (
        (_("行政许可"), totals.permits), (_("行政处罚"), totals.penalties), (_("守信名单"), totals.red), (_("失信名单"), totals.black),
        (_("信用承诺"), totals.commitments), (_("未履行承诺"), totals.broken),
    )  # fmt: skip
    return [
        FigureCard(label, str(count), definition=words, source=_("公共信用基础库"), as_of=found.day)
        for label, count in shown
    ]


def entry_table(found: CreditFile, act: str = "") -> Table:
    """Entries with their publication periods; `act` is a page name where the subject may apply or object."""
    columns = (
        Column("what", _("内容")), Column("detail", _("说明")), Column("body", _("机关")), Column("on", _("日期"), narrow=True),
        Column("until", _("公示至"), narrow=True), Column("state", _("状态")),
    )  # fmt: skip
    rows = [_row(one, act) for one in found.entries]
    return Table("credit", _("信用记录"), columns, rows, empty=Empty(_("没有公示期内的记录"), icon="shield-check"))


def _row(one: CreditEntry, act: str) -> Row:
    marks = [TagMark(_("公示中") if one.published else _("不再公示"), TONES[one.tone] if one.published else "still")]
    marks += [TagMark(_("已修复"), "good")] if one.repaired else []
    marks += [TagMark(_("异议处理中"), "info")] if one.disputed else []
    marks += [TagMark(_("逾期公示"), "warn")] if one.late_publication else []
    href = f"{reverse(act)}?{urlencode({'file': one.file, 'id': one.entity})}" if act else ""
    note = _("%(day)s 起可申请修复") % {"day": one.repairable_from} if one.published and one.repairable_from else ""
    cells = (
        Cell(one.title, one.kind, href=href, strong=True), Cell(one.detail), Cell(one.body_name), Cell(one.on or "—"),
        Cell(one.published_until or "—", note), Cell("", tags=tuple(marks)),
    )  # fmt: skip
    return Row(f"{one.file}-{one.entity}", cells, href=href)


@require_POST
def report(request: HttpRequest) -> HttpResponse:
    """The printed report; its purpose is told to the subject."""
    return pdf_response(
        actor_of(request), SubjectRef(request.POST.get("id", "")[:64]), request.POST.get("reason", "")[:60]
    )


def pdf_response(actor: Actor, subject: SubjectRef, purpose: str) -> HttpResponse:
    """The PDF to keep."""
    printed = api.credit_report(actor, subject=subject, purpose=purpose)
    response = HttpResponse(printed.pdf, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="credit-report.pdf"'
    return response


@require_safe
def matters(request: HttpRequest) -> HttpResponse:
    """Repairs and objections at the actor's body."""
    columns = (
        Column("what", _("申请")), Column("reason", _("理由")), Column("raised", _("提出"), narrow=True),
        Column("due", _("期限"), narrow=True),
        Column("state", _("状态")),
    )  # fmt: skip
    rows = [_matter_row(one) for one in api.credit_matters(actor_of(request))]
    table = Table(
        "matters",
        _("信用修复与异议"),
        columns,
        rows,
        keyboard=True,
        empty=Empty(_("没有待办理的申请"), _("当事人申请后会出现在这里和待办中")),
    )
    return render(request, "registers/matters.html", {"table": table})


def _matter_row(one: CreditMatterView) -> Row:
    href = reverse("registers.credit_matter", args=[one.id])
    tone = {MatterState.OPEN: "warn", MatterState.GRANTED: "good", MatterState.REFUSED: "still"}[one.state]
    cells = (
        Cell(one.title, _(one.kind.label), href=href, strong=True), Cell(one.reason[:80]), Cell(short_datetime(one.raised_at)),
        Cell(short_datetime(one.due_at) if one.due_at else "—"), Cell("", tags=(TagMark(_(one.state.label), tone),)),  # type: ignore[arg-type]
    )  # fmt: skip
    return Row(str(one.id), cells, href=href)


@require_http_methods(["GET", "POST"])
def matter(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    """One repair or objection; POST answers it."""
    actor = actor_of(request)
    if request.method == "POST":
        try:
            api.answer_credit_matter(
                actor,
                matter_id=matter_id,
                granted=request.POST.get("answer") == "grant",
                opinion=request.POST.get("opinion", "")[:2000],
            )
            messages.success(request, _("已答复并告知当事人"))
        except CityError as error:
            messages.error(request, f"{error.text} {error.hint}")
        return HttpResponseRedirect(reverse("registers.credit_matter", args=[matter_id]))
    found = api.credit_matter(actor, matter_id)
    return render(
        request,
        "registers/matter.html",
        {"matter": found, "facts": _facts(found), "open": found.state is MatterState.OPEN},
    )


def _facts(found: CreditMatterView) -> list[Fact]:
    facts = [
        Fact(_("申请"), _(found.kind.label)), Fact(_("记录"), found.title), Fact(_("作出机关"), found.body_name),
        Fact(_("理由"), found.reason),
        Fact(_("信用承诺"), found.commitment), Fact(_("依据"), found.rule), Fact(_("提出"), short_datetime(found.raised_at)),
        Fact(_("期限"), short_datetime(found.due_at) if found.due_at else "—"), Fact(_("状态"), _(found.state.label)),
    ]  # fmt: skip
    return [*facts, Fact(_("答复意见"), found.opinion)] if found.answered_at else facts


def item_panel(actor: Actor, context: Mapping[str, Any]) -> SlotPiece | None:
    """What a work item of ours is about, beside the common to-do list."""
    item = context.get("item")
    if item is None or getattr(item.matter, "kind", "") != api.CREDIT_MATTER:
        return None
    try:
        found = api.credit_matter(actor, item.matter.id)
    except CityError:
        return None
    return SlotPiece("registers/item_panel.html", {"matter": found, "open": found.state is MatterState.OPEN})
