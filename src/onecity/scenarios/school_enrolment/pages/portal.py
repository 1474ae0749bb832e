"""Public pages: schools and catchments, published lists with objections, and the draw anybody can recompute."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from onecity.hubs.basemap import api as basemap
from onecity.kernel.actor import Actor
from onecity.kernel.clock import today
from onecity.kernel.errors import CityError
from onecity.kernel.paging import PageRequest
from onecity.kernel.policy import allows
from onecity.scenarios.school_enrolment import api
from onecity.scenarios.school_enrolment.contracts import CATCHMENT_KIND, Permission
from onecity.scenarios.school_enrolment.rules.drawing import digest
from onecity.ui.contracts import Cell, Column, Empty, Row, Table

__all__ = ["draws", "home", "lists", "published"]

MOST_TEXT = 2_000_000


def home(request: HttpRequest) -> HttpResponse:
    """What there is, and which school an address belongs to."""
    text = request.GET.get("address", "").strip()[:120]
    accepts, sentence = api.accepting(today())
    return render(
        request,
        "school_enrolment/home.html",
        {"address": text, "found": _schools_at(text) if text else None, "accepts": accepts, "sentence": sentence},
    )


def _schools_at(text: str) -> list[tuple[str, str, str]]:
    """(address, school, school's address) of the best matches; an address without a school says so."""
    found = []
    for match in basemap.match_address(text)[:5]:
        code = basemap.catchment_of(
            kind=CATCHMENT_KIND, year=today().year, division_code=match.address.division, address=match.address.full
        )
        school = api.school(code) if code else None
        found.append((match.address.full, school.name if school else "", school.address if school else ""))
    return found


def lists(request: HttpRequest) -> HttpResponse:
    """Published lists."""
    text = request.GET.get("q", "").strip()[:60]
    page = api.published(PageRequest.parse(request.GET.get("page"), request.GET.get("size")), text=text)
    table = Table(
        id="lists", caption=_("公示名单"), paging=page,
        columns=(Column("heading", _("名单")), Column("period", _("公示期"), narrow=True), Column("count", _("人数"), numeric=True)),
        rows=[
            Row(
                id=str(one.id), href=reverse("school_enrolment.list", args=[one.id]),
                cells=(
                    Cell(one.heading, href=reverse("school_enrolment.list", args=[one.id])),
                    Cell(f"{one.published_from:%m-%d} — {one.published_to:%m-%d}"), Cell(len(one.rows)),
                ),
            )
            for one in page.items
        ],
        empty=Empty(_("还没有公示"), _("区教体局复核后，拟录取名单会在这里公示"), icon="clipboard-list"),
    )  # fmt: skip
    return render(request, "school_enrolment/lists.html", {"table": table, "page": page, "text": text})


def published(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """One list; POST raises an objection (after logging in)."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = api.published_list(list_id)
    if request.method == "POST":
        try:
            number, text = request.POST.get("number", ""), request.POST.get("text", "")
            api.raise_objection(actor, list_id=list_id, number=number, text=text)
            messages.success(request, _("异议已收到，公示期内由区教体局答复"))
        except CityError as refusal:
            messages.error(request, f"{refusal} {refusal.hint}".strip())
        return HttpResponseRedirect(reverse("school_enrolment.list", args=[list_id]))
    columns = (
        Column("rank", _("排序"), numeric=True), Column("number", _("办件编号"), narrow=True), Column("name", _("姓名")),
        Column("category", _("类别")), Column("date", _("落户（购房）日期"), narrow=True), Column("to", _("去向")),
    )  # fmt: skip
    rows = [
        Row(id=line[1], cells=(*(Cell(value) for value in line[:5]), Cell(line[5], line[6] if len(line) > 6 else "")))
        for line in found.rows
    ]
    table = Table(id="published", caption=found.heading, columns=columns, rows=rows, numbered=False)
    open_now = found.published_from <= today() <= found.published_to
    return render(
        request, "school_enrolment/published.html",
        {"list": found, "table": table, "may_object": open_now and allows(actor, Permission.OBJECT), "open_now": open_now},
    )  # fmt: skip


def draws(request: HttpRequest) -> HttpResponse:
    """All draws; POST recomputes from a pasted list and seed, without trusting us."""
    text, seed = request.POST.get("list", "")[:MOST_TEXT], request.POST.get("seed", "").strip().lower()
    result, fault = None, ""
    if request.method == "POST":
        try:
            result = api.recompute(text, seed)
        except ValueError as refusal:
            fault = str(refusal)
    return render(
        request, "school_enrolment/public_draws.html",
        {
            "draws": api.draws_of(), "text": text, "seed": seed, "result": result, "fault": fault,
            "digest": digest(text) if text else "",
        },
    )  # fmt: skip
