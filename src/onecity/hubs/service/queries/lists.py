"""Reads of many applications: lists, savings, figures by area."""

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Left
from django.utils.translation import gettext as _

from onecity.hubs.service.contracts import (
    ApplicationFilter,
    ApplicationRow,
    ApplicationState,
    AreaFigures,
    Outcome,
    Permission,
    SavingsRow,
    SourceState,
)
from onecity.hubs.service.models import Application, ApplicationSource
from onecity.hubs.service.rules.masking import masked
from onecity.hubs.service.rules.saving import DEFINITION, savings_of
from onecity.hubs.service.rules.tracker import STATE_TEXT, current_step
from onecity.hubs.service.services.definitions import bundle_version, bundles_now, category_name, items_of, pick
from onecity.hubs.service.services.known import organisation
from onecity.kernel.actor import Actor
from onecity.kernel.clock import wall_now
from onecity.kernel.paging import Page, PageRequest
from onecity.kernel.policy import require, scope_q, scopes

__all__ = ["applications", "area_figures", "count_waiting", "my_applications", "savings"]


def _row_view(row: Application) -> ApplicationRow:
    declared = bundle_version(row.bundle, row.bundle_version)
    state = ApplicationState(row.state)
    handler = organisation(row.organisation)
    lit = declared.steps[current_step(declared.steps, state, row.step)]
    return ApplicationRow(
        id=row.id, number=row.number, bundle=row.bundle, bundle_name=pick(declared.labels), state=state,
        state_text=_(STATE_TEXT[state][0]), step=pick(lit.labels), applicant_name=masked(row.applicant_name, "name"),
        person_name=row.person_name, organisation_name=handler.short_name if handler else "", area=row.area,
        outcome=row.outcome, category=row.category, rule=row.rule, reason=row.reason, submitted_at=row.submitted_at,
        opened_at=row.opened_at, category_name=category_name(declared, row.category),
    )  # fmt: skip


def my_applications(actor: Actor, *, limit: int = 50) -> list[ApplicationRow]:
    """The actor's own, newest first; also those that are about it."""
    if not actor.subject:
        return []
    mine = Q(applicant=actor.subject) | Q(person=actor.subject)
    return [_row_view(row) for row in Application.objects.filter(mine).order_by("-opened_at")[:limit]]


def _narrowed(found: QuerySet[Application], wanted: ApplicationFilter) -> QuerySet[Application]:
    for name in ("bundle", "state", "outcome", "category"):
        if value := getattr(wanted, name):
            found = found.filter(**{name: value})
    if wanted.text:
        found = found.filter(Q(number__startswith=wanted.text) | Q(person_name__startswith=wanted.text))
    if wanted.submitted_from:
        found = found.filter(submitted_at__date__gte=wanted.submitted_from)
    if wanted.submitted_to:
        found = found.filter(submitted_at__date__lte=wanted.submitted_to)
    return found


def applications(actor: Actor, wanted: ApplicationFilter, page: PageRequest | None = None) -> Page[ApplicationRow]:
    """Submitted applications of the actor's organisation and area, newest first. Raises NotPermitted."""
    require(actor, Permission.VIEW)
    page = page or PageRequest()
    scope = scope_q(scopes(actor, Permission.VIEW), "organisation", "area")
    found = _narrowed(Application.objects.filter(scope).exclude(submitted_at=None), wanted)
    rows = found.order_by("-submitted_at", "id")[page.offset : page.offset + page.size]
    return Page(tuple(_row_view(row) for row in rows), found.count(), page.number, page.size)


def savings(actor: Actor) -> list[SavingsRow]:
    """What was saved so far, per 一件事, computed from the definitions of the items of each application's version."""
    require(actor, Permission.STATISTICS)
    made = []
    scope = scope_q(scopes(actor, Permission.STATISTICS), "organisation", "area")
    for declared, _pack in bundles_now():
        count = (
            Application.objects.filter(scope, bundle=declared.key, paper_route=False).exclude(submitted_at=None).count()
        )
        each = savings_of([item for item, _version in items_of(declared)])
        made.append(
            SavingsRow(
                declared.key, pick(declared.labels), count, count * (each.papers_before - each.papers_after),
                count * (each.visits_before - each.visits_after), count * (each.days_before - each.days_after), DEFINITION,
            )
        )  # fmt: skip
    return made


def area_figures(actor: Actor) -> list[AreaFigures]:
    """Submitted applications per district (six digits, code order) of the actor's scope; no person in it."""
    require(actor, Permission.STATISTICS)
    scope = scope_q(scopes(actor, Permission.STATISTICS), "organisation", "area")
    decided = (ApplicationState.GRANTED, ApplicationState.REFUSED)
    found = (
        Application.objects.filter(scope)
        .exclude(submitted_at=None)
        .exclude(state=ApplicationState.WITHDRAWN)
        .annotate(district=Left("area", 6))
        .values("district")
        .annotate(
            submitted=Count("id"),
            by_rule=Count("id", filter=Q(outcome=Outcome.PASS)),
            by_person=Count("id", filter=Q(outcome__in=(Outcome.PERSON, Outcome.INELIGIBLE))),
            waiting=Count("id", filter=Q(state=ApplicationState.WAITING_DATA)),
            finished=Count("id", filter=Q(state__in=decided)),
        )
        .order_by("district")
    )
    return [
        AreaFigures(r["district"], r["submitted"], r["by_rule"], r["by_person"], r["waiting"], r["finished"])
        for r in found
    ]


def count_waiting() -> int:
    """Sources whose retry is due now."""
    return ApplicationSource.objects.filter(state=SourceState.WAITING, retry_at__lte=wall_now()).count()
