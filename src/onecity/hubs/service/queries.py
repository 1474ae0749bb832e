"""Reads of the service hub: bundles, the guide, applications, savings. Return contracts, never rows."""

from collections.abc import Mapping
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Left
from django.utils.translation import gettext as _

from onecity.codes import PersonName
from onecity.hubs.service import ports
from onecity.hubs.service.contracts import (
    ApplicationFilter,
    ApplicationRow,
    ApplicationState,
    ApplicationView,
    AreaFigures,
    Basis,
    BundleView,
    DisputeView,
    GuideOption,
    GuideOutcome,
    GuideQuestion,
    ItemType,
    ItemView,
    MaterialView,
    Outcome,
    Permission,
    RatingLevel,
    RatingView,
    SavingsRow,
    SourceNotice,
    SourceState,
    SubCaseView,
    Verdict,
)
from onecity.hubs.service.errors import ApplicationNotFound
from onecity.hubs.service.models import Application, ApplicationSource, Dispute, Rating
from onecity.hubs.service.ports import BundleDeclaration, ItemDeclaration
from onecity.hubs.service.rules.guide import MOST_QUESTIONS, next_question, relevant, tags_of
from onecity.hubs.service.rules.saving import DEFINITION, savings_of
from onecity.hubs.service.rules.tracker import STATE_TEXT, current_step, track
from onecity.hubs.service.services.definitions import bundle_version, bundles_now, current_bundle, items_of, pick
from onecity.hubs.service.services.fields import disputes_of, fields_of
from onecity.hubs.service.services.known import contact, interface, items, named_organisation, organisation
from onecity.hubs.service.services.sealing import opened
from onecity.kernel.actor import Actor
from onecity.kernel.clock import CITY_ZONE, today, wall_now
from onecity.kernel.paging import Page, PageRequest
from onecity.kernel.policy import require, scope_q, scopes
from onecity.kernel.subject import SubjectRef

__all__ = [
    "application", "applications", "area_figures", "bundle", "bundles", "count_waiting", "guide", "my_applications", "savings",
    "visible_to",
]  # fmt: skip


def _item_view(declared: ItemDeclaration, version: int) -> ItemView:
    implementer = named_organisation(declared.organisation)
    return ItemView(
        key=declared.key,
        code=declared.code,
        name=pick(declared.labels),
        type=ItemType(declared.type),
        organisation=implementer.code if implementer else declared.organisation,
        organisation_name=implementer.name if implementer else declared.organisation,
        legal_days=declared.legal_days,
        promised_days=declared.promised_days,
        basis=declared.basis,
        materials=tuple(MaterialView(m.key, pick(m.labels), m.copies, m.replaced_by) for m in declared.materials),
        visits_before=declared.visits_before,
        visits_after=declared.visits_after,
        audience=declared.audience,
        contact_phone=implementer.phone if implementer else "",
        version=version,
    )


def _bundle_view(declared: BundleDeclaration, pack: str) -> BundleView:
    items = items_of(declared)
    owner = named_organisation(declared.owner)
    accepts, sentence = ports.decider(declared.decider).accepts(today())
    names = dict.fromkeys(interface(source.interface).provider_name for source in declared.sources)
    return BundleView(
        key=declared.key,
        name=pick(declared.labels),
        summary=pick(declared.summary),
        pack=pack,
        owner=owner.code if owner else declared.owner,
        owner_name=owner.name if owner else declared.owner,
        items=tuple(_item_view(item, version) for item, version in items),
        savings=savings_of([item for item, _version in items]),
        open_text=sentence,
        accepts=accepts,
        departments=tuple(names),
        for_ward=declared.for_ward,
        icon=declared.icon,
    )


def bundles() -> list[BundleView]:
    """All 一件事 in force."""
    return [_bundle_view(declared, pack) for declared, pack in bundles_now()]


def bundle(key: str) -> BundleView:
    """One 一件事. Raises BundleNotFound."""
    declared, _version = current_bundle(key)
    return _bundle_view(declared, next(p for d, p in bundles_now() if d.key == key))


def guide(key: str, answers: Mapping[str, str], area: str = "") -> GuideOutcome:
    """The next question, or what follows from the answers. Public: nothing about a person is read."""
    declared, _version = current_bundle(key)
    asked = next_question(declared.questions, answers)
    known = {q.key for q in declared.questions}
    kept = {name: value for name, value in answers.items() if name in known}
    if asked is not None:
        question = next(q for q in declared.questions if q.key == asked[0].key)
        options = tuple(GuideOption(o.key, pick(o.labels), pick(o.hint) if o.hint else "") for o in question.options)
        shown = GuideQuestion(question.key, pick(question.labels), options, asked[1], MOST_QUESTIONS)
        return GuideOutcome(shown, kept)
    tags = tags_of(declared.questions, kept)
    items = [item for item, _version in items_of(declared)]
    outcome = GuideOutcome(None, kept, sources=_notices(declared, tags), savings=savings_of(items))
    return ports.decider(declared.decider).guide(outcome, area)


def _notices(declared: BundleDeclaration, tags: frozenset[str]) -> tuple[SourceNotice, ...]:
    made = []
    for source in declared.sources:
        if not relevant(source.when, tags):
            continue
        asked = interface(source.interface)
        labels = tuple(
            pick(f.labels)
            for f in declared.fields
            if f.source and f.source.interface == source.interface and relevant(f.when, tags)
        )
        made.append(
            SourceNotice(
                source.interface, pick(source.labels), asked.provider_name,
                labels or tuple(asked.labels.get(f, f) for f in asked.fields), Basis(asked.basis.value), asked.legal_basis,
            )
        )  # fmt: skip
    return tuple(made)


def visible_to(actor: Actor, row: Application) -> bool:
    """The applicant and whom it is for see it; staff by permission, organisation and area."""
    if actor.acts_for(SubjectRef(row.applicant)) or (actor.subject and actor.subject == row.person):
        return True
    return any(scope.covers(row.organisation, row.area) for scope in scopes(actor, Permission.VIEW))


def application(actor: Actor, application_id: UUID, *, open_masks: frozenset[str] = frozenset()) -> ApplicationView:
    """One application. Raises ApplicationNotFound also when it is not the asker's to see."""
    row = Application.objects.filter(pk=application_id).first()
    if row is None or not visible_to(actor, row):
        raise ApplicationNotFound()
    return _view(row, open_masks)


def _view(row: Application, open_masks: frozenset[str]) -> ApplicationView:
    declared = bundle_version(row.bundle, row.bundle_version)
    sources = list(ApplicationSource.objects.filter(application_id=row.id).order_by("interface"))
    state = ApplicationState(row.state)
    lit = declared.steps[current_step(declared.steps, state, row.step)]
    reach, handler = contact(row.organisation), organisation(row.organisation)
    disputed = disputes_of(row)
    fields = fields_of(row, sources, open_masks=open_masks, disputed=disputed)
    return ApplicationView(
        id=row.id, number=row.number, bundle=row.bundle, bundle_name=pick(declared.labels), state=state,
        state_text=_(STATE_TEXT[state][0]), paper_route=row.paper_route, applicant=SubjectRef(row.applicant),
        applicant_name=_masked_name(row.applicant_name), person=SubjectRef(row.person), person_name=row.person_name,
        organisation=row.organisation, organisation_name=handler.name if handler else "", area=row.area,
        answers=row.answers, fields=fields, sub_cases=_sub_cases(declared, sources),
        steps=track(declared.steps, state, row.step, pick, row.submitted_at), verdict=_verdict(row),
        contact_name=reach.office or reach.name if reach else "", contact_phone=reach.phone if reach else "",
        next_text=_next_text(state, lit.text, row), next_date=row.next_date,
        savings=savings_of([item for item, _v in items(declared)], paper_route=row.paper_route),
        disputes=_disputes(disputed, declared), certificates=tuple(UUID(c) for c in row.certificates), rating=_rating(row),
        consent_id=row.consent_id, prefilled=row.prefilled_at is not None, waiting_text=_waiting_text(sources),
        opened_at=row.opened_at, submitted_at=row.submitted_at, decided_at=row.decided_at, version=row.version,
        category_name=_category_name(declared, row.category),
    )  # fmt: skip


def _category_name(declared: BundleDeclaration, category: str) -> str:
    return ports.decider(declared.decider).category_name(category) if category else ""


def _masked_name(name: str) -> str:
    return str(PersonName.parse(name).masked()) if name and "*" not in name else name


def _next_text(state: ApplicationState, text: ports.Labels, row: Application) -> str:
    if state in (ApplicationState.REFUSED, ApplicationState.SUPPLEMENT) and row.reason:
        return row.reason
    return pick(text)


def _verdict(row: Application) -> Verdict | None:
    if not row.outcome:
        return None
    return Verdict(Outcome(row.outcome), row.category, row.rule, row.rule_version, row.reason, row.verdict_data)


def _sub_cases(declared: BundleDeclaration, sources: list[ApplicationSource]) -> tuple[SubCaseView, ...]:
    labels = {source.interface: pick(source.labels) for source in declared.sources}
    made = []
    for source in sources:
        asked = interface(source.interface)
        made.append(
            SubCaseView(
                key=source.interface, name=labels.get(source.interface, asked.name), organisation=asked.provider,
                organisation_name=asked.provider_name, state=SourceState(source.state), at=source.at,
                effect="" if source.required else _("仅作提示，不影响办理"),
            )
        )  # fmt: skip
    return tuple(made)


def _waiting_text(sources: list[ApplicationSource]) -> str:
    waiting = [s for s in sources if s.state == SourceState.WAITING]
    if not waiting:
        return ""
    names = "、".join(dict.fromkeys(interface(s.interface).provider_name for s in waiting))
    expected = max((s.expected_at for s in waiting if s.expected_at), default=None)
    if expected is None:
        return _("正在等待%(who)s的数据，恢复后自动继续，无需重复提交") % {"who": names}
    when = expected.astimezone(CITY_ZONE).strftime("%H:%M")
    return _("%(who)s的数据正在核验，预计 %(when)s 前完成，完成后短信告知") % {"who": names, "when": when.lstrip("0")}


def _disputes(disputed: list[Dispute], declared: BundleDeclaration) -> tuple[DisputeView, ...]:
    labels = {f.key: pick(f.labels) for f in declared.fields}
    made = []
    for dispute in disputed:
        content = opened(dispute.sealed, dispute.id)
        made.append(
            DisputeView(
                dispute.id, dispute.field, labels.get(dispute.field, dispute.field), content.get("current", ""),
                content.get("claimed", ""), dispute.state, dispute.correction_id, dispute.raised_at, dispute.answer,
            )
        )  # fmt: skip
    return tuple(made)


def _rating(row: Application) -> RatingView | None:
    found = Rating.objects.filter(application_id=row.id).first()
    return RatingView(RatingLevel(found.level), found.comment, found.at, found.state) if found else None


def _row_view(row: Application) -> ApplicationRow:
    declared = bundle_version(row.bundle, row.bundle_version)
    state = ApplicationState(row.state)
    handler = organisation(row.organisation)
    lit = declared.steps[current_step(declared.steps, state, row.step)]
    return ApplicationRow(
        id=row.id, number=row.number, bundle=row.bundle, bundle_name=pick(declared.labels), state=state,
        state_text=_(STATE_TEXT[state][0]), step=pick(lit.labels), applicant_name=_masked_name(row.applicant_name),
        person_name=row.person_name, organisation_name=handler.short_name if handler else "", area=row.area,
        outcome=row.outcome, category=row.category, rule=row.rule, reason=row.reason, submitted_at=row.submitted_at,
        opened_at=row.opened_at, category_name=_category_name(declared, row.category),
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
