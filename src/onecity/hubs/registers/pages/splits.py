"""Undoing a wrong merge on the desk: all records of a person with a box each, and the proposal a second person confirms."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from onecity.hubs.registers.api import resolution, splitting
from onecity.hubs.registers.contracts.resolution import SplitState
from onecity.hubs.registers.pages.review import department
from onecity.kernel.actor import Actor
from onecity.kernel.errors import CityError
from onecity.ui.contracts import TagMark
from onecity.ui.pages import render

__all__ = ["one", "person"]

_TONES = {SplitState.PROPOSED: "info", SplitState.DONE: "good", SplitState.REFUSED: "still"}


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@require_http_methods(["GET", "POST"])
def person(request: HttpRequest, entity: UUID) -> HttpResponse:
    """A person's records; POST proposes to part those that are ticked."""
    actor = _actor(request)
    if request.method == "POST":
        chosen = [int(text) for text in request.POST.getlist("record") if text.isdecimal() and len(text) < 19]
        try:
            made = splitting.propose_split(actor, records=chosen, reason=request.POST.get("reason", ""))
        except CityError as error:
            messages.error(request, f"{error.text}。{error.hint}")
            return HttpResponseRedirect(reverse("registers.person", args=[entity]))
        messages.success(request, _("已提出拆分，等另一人确认"))
        return HttpResponseRedirect(reverse("registers.split", args=[made.id]))
    view = resolution.identity_by_id(actor, entity=entity)
    records = [(record, department(record.department)) for record in view.records]
    return render(request, "registers/person.html", {"person": view, "records": records, "several": len(records) > 1})


@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, split_id: UUID) -> HttpResponse:
    """A proposed split; POST confirms or refuses it."""
    actor = _actor(request)
    if request.method == "POST":
        return _decide(request, actor, split_id)
    view = splitting.split(actor, split_id=split_id)
    parts = (
        (_("分出的记录"), [(record, department(record.department)) for record in view.parted]),
        (_("留下的记录"), [(record, department(record.department)) for record in view.rest]),
    )
    context = {
        "split": view, "parts": parts, "open": view.state is SplitState.PROPOSED,
        "state": TagMark(_(view.state.label), _TONES[view.state]),  # type: ignore[arg-type]
    }  # fmt: skip
    return render(request, "registers/split.html", context)


def _decide(request: HttpRequest, actor: Actor, split_id: UUID) -> HttpResponse:
    agree = request.POST.get("verdict") == "agree"
    try:
        splitting.decide_split(actor, split_id=split_id, agree=agree, opinion=request.POST.get("opinion", ""))
        messages.success(request, _("已拆分，可在撤销清单中撤销") if agree else _("已记录：不拆分"))
    except CityError as error:
        messages.error(request, f"{error.text}。{error.hint}")
    return HttpResponseRedirect(reverse("registers.split", args=[split_id]))
