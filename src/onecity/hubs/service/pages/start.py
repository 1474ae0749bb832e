"""Starting: for whom, which data on which basis, one consent, one button."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from onecity.hubs.registers import api as registers
from onecity.hubs.service import api
from onecity.hubs.service.contracts import Basis
from onecity.hubs.service.errors import AlreadyApplied, ConsentNeeded
from onecity.hubs.service.pages.catalogue import answers_in
from onecity.kernel.actor import Actor
from onecity.kernel.clock import today
from onecity.kernel.errors import CityError
from onecity.kernel.ids import new_id
from onecity.kernel.subject import SubjectRef

__all__ = ["start"]

CONSENT_DAYS = 60


def start(request: HttpRequest, bundle: str) -> HttpResponse:
    """GET shows what will be fetched; POST opens the application."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    post = request.method == "POST"
    answers = answers_in(request, post=post)
    outcome = api.guide(bundle, answers)
    if outcome.question is not None:
        query = urlencode({f"q_{name}": value for name, value in answers.items()})
        return HttpResponseRedirect(f"{reverse('service.guide', args=[bundle])}?{query}")
    problem: CityError | None = None
    if post:
        try:
            return _open(request, actor, bundle, answers)
        except AlreadyApplied as refused:
            if refused.data.get("application"):
                return HttpResponseRedirect(reverse("service.application", args=[refused.data["application"]]))
            problem = refused
        except CityError as refused:
            problem = refused
    view = api.bundle(bundle)
    context = {
        "bundle": view, "outcome": outcome, "answers": answers, "problem": problem, "idempotency_key": str(new_id()),
        "children": registers.children_of(actor, actor.subject) if view.for_ward else (),
        "statutory": [s for s in outcome.sources if s.basis is Basis.STATUTORY],
        "authorised": [s for s in outcome.sources if s.basis is Basis.AUTHORISATION],
        "until": today() + timedelta(days=CONSENT_DAYS), "chosen": request.POST.get("behalf", ""),
    }  # fmt: skip
    return render(request, "service/start.html", context, status=422 if problem else 200)


def _consented(request: HttpRequest) -> bool:
    """Agreed by the box; the button "bring the papers" wins. Raises ConsentNeeded when neither was chosen."""
    agreed = request.POST.get("consent") == "yes"
    if request.POST.get("way") == "data" and not agreed:
        raise ConsentNeeded()
    return agreed and request.POST.get("way") != "papers"


def _open(request: HttpRequest, actor: Actor, bundle: str, answers: dict[str, str]) -> HttpResponse:
    view = api.open_application(
        actor, bundle=bundle, behalf=SubjectRef(request.POST.get("behalf", "")[:64]), answers=answers,
        consented=_consented(request), consent_until=today() + timedelta(days=CONSENT_DAYS),
        idempotency_key=request.POST.get("idempotency_key", "")[:120],
    )  # fmt: skip
    return HttpResponseRedirect(reverse("service.application", args=[view.id]))
