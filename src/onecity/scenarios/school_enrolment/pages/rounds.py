"""One round: where it stands, its next act, objections; and the draw with the notary."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from onecity.kernel.actor import Actor
from onecity.kernel.errors import CityError
from onecity.kernel.paging import PageRequest
from onecity.kernel.policy import allows
from onecity.scenarios.school_enrolment import api
from onecity.scenarios.school_enrolment.contracts import Permission, RoundView
from onecity.scenarios.school_enrolment.pages.wording import act_word
from onecity.scenarios.school_enrolment.rules.lifecycle import STATE_WORDS, RoundState
from onecity.ui.contracts import Step

__all__ = ["detail", "draws"]

ACTS = {"close_collection": api.close_collection, "publish": api.approve, "admit": api.admit, "close": api.close_round}


def detail(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """GET shows, POST takes one act; refusals are said on the page."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if request.method == "POST":
        return _act(request, actor, round_id)
    found = api.round_view(actor, round_id)
    may = allows(actor, Permission.RUN, area=found.district)
    return render(
        request, "school_enrolment/round.html",
        {
            "round": found, "steps": _steps(found), "act": found.next_act if may else "", "act_label": act_word(found.next_act),
            "objections": api.objections(actor, round_id), "drawable": api.drawable(actor, round_id),
            "may_answer": allows(actor, Permission.ANSWER, area=found.district), "may_send_back": may and found.state == "district_review",
            "schools": [one for one in api.schools(found.district) if one.qualified],
            "lists": api.published(PageRequest(1, 200), round_id=round_id).items,
        },
    )  # fmt: skip


def _act(request: HttpRequest, actor: Actor, round_id: UUID) -> HttpResponse:
    act = request.POST.get("act", "")
    try:
        if act in ACTS:
            ACTS[act](actor, round_id=round_id)
        elif act == "send_back":
            api.send_back(actor, round_id=round_id, reason=request.POST.get("reason", ""))
        elif act == "answer":
            answer = request.POST.get("answer", "")
            api.answer_objection(actor, objection_id=UUID(request.POST.get("objection", "")), answer=answer)
        messages.success(request, _("已办理"))
    except (CityError, ValueError) as refusal:
        hint = getattr(refusal, "hint", "")
        messages.error(request, f"{refusal} {hint}".strip())
    return HttpResponseRedirect(reverse("school_enrolment.round", args=[round_id]))


def _steps(found: RoundView) -> list[Step]:
    order = list(RoundState)
    at = order.index(RoundState(found.state))
    return [
        Step(_(STATE_WORDS[state][0]), "done" if n < at else "current" if n == at else "waiting")
        for n, state in enumerate(order)
    ]


def draws(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """The notary's page: which schools draw, the list's digest, and the drawn numbers."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = api.round_view(actor, round_id)
    if request.method == "POST":
        try:
            seed, notary = request.POST.get("seed", "").strip().lower(), request.POST.get("notary", "").strip()
            api.draw(actor, round_id=round_id, school=request.POST.get("school", ""), seed=seed, notary=notary)
            messages.success(request, _("摇号完成，种子与名单摘要已一并固定"))
        except CityError as refusal:
            messages.error(request, f"{refusal} {refusal.hint}".strip())
        return HttpResponseRedirect(reverse("school_enrolment.draws", args=[round_id]))
    done = api.draws_of(round_id)
    names = {one.code: one.name for one in api.schools(found.district)}
    waiting = [
        (c, names.get(c, c), n) for c, n in api.drawable(actor, round_id).items() if c not in {d.school for d in done}
    ]
    may = allows(actor, Permission.WITNESS) and found.state == "publicity"
    return render(
        request, "school_enrolment/draws.html", {"round": found, "draws": done, "waiting": waiting, "may_draw": may}
    )
