"""Complaints about accesses: raised by a person on the portal, answered by the department on its desk."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from onecity.hubs.exchange import api
from onecity.hubs.exchange.contracts import ComplaintFinding, ComplaintState, ComplaintView
from onecity.hubs.process import api as process
from onecity.hubs.process.contracts import TimeUnit
from onecity.kernel.actor import Actor
from onecity.kernel.errors import CityError
from onecity.kernel.paging import PageRequest
from onecity.ui.contracts import Cell, Column, Empty, Fact, Light, Option, Row, Table, TagMark
from onecity.ui.formats import short_datetime
from onecity.ui.pages import render

__all__ = ["complaint_page", "complaints", "mine", "raise_one"]


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@require_POST
def raise_one(request: HttpRequest, proof_id: UUID) -> HttpResponse:
    """From the page of an access."""
    try:
        made = api.raise_complaint(_actor(request), proof_id=proof_id, text=request.POST.get("text", "")[:2000])
    except CityError as error:
        messages.error(request, error.text)
        return HttpResponseRedirect(reverse("exchange.access", args=[proof_id]))
    messages.success(
        request, _("已转%(name)s办理，编号%(number)s") % {"name": made.organisation_name, "number": made.number}
    )
    return HttpResponseRedirect(reverse("exchange.my_complaints"))


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What a person asked and what was answered."""
    nothing = Empty(
        _("您还没有提出过疑问"), _("对任何一次数据使用有疑问，都可以在“谁用过我的数据”里提出。"), icon="shield-check"
    )
    context = {"complaints": api.complaints_of(_actor(request)), "nothing": nothing}
    return render(request, "exchange/my_complaints.html", context)


@require_safe
def complaints(request: HttpRequest) -> HttpResponse:
    """Those about one's organisation."""
    state = request.GET.get("state", "")
    paging = PageRequest.parse(request.GET.get("page"), request.GET.get("size"))
    page = api.complaints(_actor(request), state=state if state in set(ComplaintState) else "", page=paging)
    columns = (
        Column("number", _("编号")),
        Column("about", _("所问的使用")),
        Column("due", _("答复期限")),
        Column("state", _("状态")),
    )
    table = Table(
        id="complaints", caption=_("数据使用疑问"), columns=columns, rows=[_row(one) for one in page.items], paging=page,
        empty=Empty(_("没有疑问"), _("群众对本单位使用数据的疑问会出现在这里和待办中")), keyboard=True,
    )  # fmt: skip
    states = [Option("", _("全部状态"), not state)]
    states += [Option(one.value, _(one.label), one.value == state) for one in ComplaintState]
    return render(request, "exchange/complaints.html", {"table": table, "states": states})


def _row(one: ComplaintView) -> Row:
    href = reverse("exchange.complaint", args=[one.id])
    light = process.light_of(one.due_at, TimeUnit.WORK_DAY) if one.due_at and one.answered_at is None else None
    due = Cell(light=Light(light.kind.value, light.days, _(light.unit)), sub=short_datetime(one.due_at)) if light else Cell(
        short_datetime(one.answered_at) if one.answered_at else "—"
    )  # fmt: skip
    cells = (
        Cell(one.number, href=href, strong=True, sub=short_datetime(one.raised_at)), Cell(one.about, sub=one.text[:60]), due,
        Cell("", tags=(TagMark(_(one.state.label), "good" if one.state is ComplaintState.ANSWERED else "warn"),), sub=one.finding),
    )  # fmt: skip
    return Row(id=f"complaint-{one.id}", cells=cells, href=href)


@require_http_methods(["GET", "POST"])
def complaint_page(request: HttpRequest, complaint_id: UUID) -> HttpResponse:
    """One complaint; POST answers it."""
    actor = _actor(request)
    if request.method == "POST":
        finding = request.POST.get("finding", "")
        try:
            if finding not in set(ComplaintFinding):
                messages.error(request, _("请选择核查结论"))
            else:
                api.answer_complaint(
                    actor, complaint_id=complaint_id, finding=finding, answer=request.POST.get("text", "")[:2000]
                )
                messages.success(request, _("已答复，本人可以看到"))
        except CityError as error:
            messages.error(request, error.text)
        return HttpResponseRedirect(reverse("exchange.complaint", args=[complaint_id]))
    found = api.complaint(actor, complaint_id)
    facts = [
        Fact(_("编号"), found.number), Fact(_("所问的使用"), found.about), Fact(_("疑问"), found.text),
        Fact(_("提出时间"), short_datetime(found.raised_at)),
        Fact(_("答复期限"), short_datetime(found.due_at) if found.due_at else "—"), Fact(_("存证"), str(found.proof_id or "—")),
        Fact(_("核查结论"), found.finding or "—"), Fact(_("答复"), found.answer or "—"), Fact(_("答复人"), found.answered_by or "—"),
    ]  # fmt: skip
    context = {
        "complaint": found,
        "facts": facts,
        "findings": list(ComplaintFinding),
        "open": found.answered_at is None,
    }
    return render(request, "exchange/complaint.html", context)
