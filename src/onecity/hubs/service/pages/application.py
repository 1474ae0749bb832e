"""One application for its applicant: form while filling, parcel-style tracker afterwards."""

from collections.abc import Mapping
from itertools import groupby
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from onecity.hubs.service import api
from onecity.hubs.service.contracts import (
    ApplicationState,
    ApplicationView,
    Basis,
    FieldState,
    FilledField,
    RatingLevel,
    TrackStep,
)
from onecity.hubs.service.errors import FieldsInvalid
from onecity.kernel.actor import Actor
from onecity.kernel.errors import CityError
from onecity.kernel.ids import new_id
from onecity.ui.contracts import Step, StepState

__all__ = [
    "authorisation",
    "detail",
    "dispute",
    "index",
    "progress",
    "rating",
    "reveal",
    "save",
    "steps_of",
    "submit",
    "withdraw",
]

FINAL = (ApplicationState.GRANTED, ApplicationState.REFUSED, ApplicationState.WITHDRAWN)
EDITABLE = (ApplicationState.DRAFT, ApplicationState.SUPPLEMENT)
LEVELS = (
    (RatingLevel.VERY_GOOD, "非常满意"), (RatingLevel.GOOD, "满意"), (RatingLevel.FAIR, "基本满意"),
    (RatingLevel.POOR, "不满意"), (RatingLevel.VERY_POOR, "非常不满意"),
)  # fmt: skip


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _to(application_id: UUID) -> HttpResponse:
    return HttpResponseRedirect(reverse("service.application", args=[application_id]))


def steps_of(steps: tuple[TrackStep, ...]) -> list[Step]:
    """The tracker in the words of the design system."""
    names = {"done": StepState.DONE, "current": StepState.CURRENT}
    return [Step(step.name, names.get(step.state, StepState.WAITING)) for step in steps]


Shown = tuple[FilledField, str, str]


def _groups(
    fields: tuple[FilledField, ...], typed: Mapping[str, str], refusals: Mapping[str, str]
) -> list[tuple[str, list[Shown]]]:
    """Fields under their headings, each with what stands in its input and why it was refused."""
    return [
        (group, [(field, typed.get(field.key, field.value), refusals.get(field.key, "")) for field in found])
        for group, found in groupby(fields, key=lambda field: field.group)
    ]


def _context(
    view: ApplicationView, problem: CityError | None = None, typed: dict[str, str] | None = None
) -> dict[str, object]:
    filled = [f for f in view.fields if f.state in (FieldState.FILLED, FieldState.CORRECTED)]
    refusals: dict[str, str] = dict(problem.data.get("fields", {})) if problem else {}
    return {
        "application": view, "groups": _groups(view.fields, typed or {}, refusals), "steps": steps_of(view.steps),
        "problem": problem, "refusals": refusals, "filled": len(filled), "may_dispute": view.state not in FINAL,
        "rating_word": _(dict(LEVELS)[view.rating.level]) if view.rating else "", "editable": view.state in EDITABLE,
        "idempotency_key": str(new_id()),
        "may_withdraw_consent": view.consent_id is not None and view.state not in FINAL,
        "may_withdraw": view.state in (*EDITABLE, ApplicationState.WAITING_DATA, ApplicationState.IN_REVIEW, ApplicationState.QUALIFIED),
        "may_rate": view.state in (ApplicationState.GRANTED, ApplicationState.REFUSED) and view.rating is None,
        "levels": [(level.value, _(word)) for level, word in LEVELS],
    }  # fmt: skip


def index(request: HttpRequest) -> HttpResponse:
    """My applications, newest first."""
    return render(request, "service/applications.html", {"rows": api.my_applications(_actor(request))})


def detail(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """The form or the tracker."""
    view = api.application(_actor(request), application_id)
    template = "service/form.html" if view.state in EDITABLE else "service/tracker.html"
    return render(request, template, _context(view))


def progress(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """The part of the form that follows the fetching; asked again every second until the first answers are in."""
    view = api.application(_actor(request), application_id)
    response = render(request, "service/progress.html", _context(view))
    if view.prefilled:
        response["HX-Refresh"] = "true"
    return response


def _typed(request: HttpRequest) -> dict[str, str]:
    return {name[2:]: str(value)[:2000] for name, value in request.POST.items() if name.startswith("f_")}


def _version(request: HttpRequest) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isdigit() and len(text) < 10 else None


@require_POST
def save(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """暂存; the page's own autosave wants no page back."""
    api.save_draft(_actor(request), application_id=application_id, values=_typed(request), version=_version(request))
    if request.headers.get("Sec-Fetch-Dest") == "empty":
        return HttpResponse(status=204)
    return _to(application_id)


@require_POST
def submit(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """提交, once; refusals stand beside their fields."""
    typed = _typed(request)
    try:
        api.submit(
            _actor(request), application_id=application_id, values=typed, version=_version(request),
            idempotency_key=request.POST.get("idempotency_key", "")[:120],
        )  # fmt: skip
    except FieldsInvalid as refused:
        view = api.application(_actor(request), application_id)
        return render(request, "service/form.html", _context(view, refused, typed), status=422)
    return _to(application_id)


@require_POST
def withdraw(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """撤回申请."""
    api.withdraw(_actor(request), application_id=application_id)
    return _to(application_id)


def authorisation(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """撤回授权: GET says what follows, POST does it."""
    if request.method == "POST":
        api.withdraw_authorisation(_actor(request), application_id=application_id)
        return _to(application_id)
    view = api.application(_actor(request), application_id)
    authorised = [f for f in view.fields if f.basis is Basis.AUTHORISATION]
    return render(request, "service/authorisation.html", {"application": view, "authorised": authorised})


def reveal(request: HttpRequest, application_id: UUID, field: str) -> HttpResponse:
    """The eye: own data at once; staff state a reason first, and the person is told."""
    actor = _actor(request)
    view = api.application(actor, application_id)
    shown = next((f for f in view.fields if f.key == field), None)
    own = actor.acts_for(view.applicant)
    value = ""
    if own or request.method == "POST":
        value = api.unmask(
            actor, application_id=application_id, field=field, reason=request.POST.get("reason", "")[:200]
        )
    base = "ui/portal.html" if own else "ui/desk.html"
    return render(
        request, "service/reveal.html", {"application": view, "field": shown, "value": value, "own": own, "base": base}
    )


def dispute(request: HttpRequest, application_id: UUID, field: str) -> HttpResponse:
    """校核: GET asks what is right, POST opens the correction."""
    actor = _actor(request)
    problem: CityError | None = None
    if request.method == "POST":
        try:
            api.dispute_field(
                actor, application_id=application_id, field=field, claimed=request.POST.get("claimed", "").strip()[:200],
                reason=request.POST.get("reason", "").strip()[:500],
                idempotency_key=request.POST.get("idempotency_key", "")[:120],
            )  # fmt: skip
            return _to(application_id)
        except CityError as refused:
            problem = refused
    view = api.application(actor, application_id)
    shown = next((f for f in view.fields if f.key == field), None)
    context = {"application": view, "field": shown, "problem": problem, "idempotency_key": str(new_id())}
    return render(request, "service/dispute.html", context, status=422 if problem else 200)


@require_POST
def rating(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """好差评."""
    level = request.POST.get("level", "")
    if level in RatingLevel.__members__.values():
        api.rate(
            _actor(request), application_id=application_id, level=RatingLevel(level),
            comment=request.POST.get("comment", "")[:1000],
        )  # fmt: skip
    return _to(application_id)
