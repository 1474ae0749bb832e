"""Reads of one application, for its applicant or a handler.

Owns who may see it and what it looks like. Refuses rows.
"""

from uuid import UUID

from django.utils.translation import gettext as _

from onecity.hubs.service.contracts import (
    ApplicationState,
    ApplicationView,
    DisputeView,
    Outcome,
    Permission,
    RatingLevel,
    RatingView,
    SourceState,
    SubCaseView,
    Verdict,
)
from onecity.hubs.service.errors import ApplicationNotFound
from onecity.hubs.service.models import FINISHED, Application, ApplicationSource, Dispute, Rating
from onecity.hubs.service.ports import BundleDeclaration, Labels
from onecity.hubs.service.rules.masking import masked
from onecity.hubs.service.rules.saving import savings_of
from onecity.hubs.service.rules.tracker import STATE_TEXT, current_step, track
from onecity.hubs.service.services.definitions import bundle_version, category_name, pick
from onecity.hubs.service.services.fields import disputes_of, fields_of
from onecity.hubs.service.services.known import contact, interface, items, organisation
from onecity.hubs.service.services.sealing import opened
from onecity.kernel.actor import Actor
from onecity.kernel.clock import CITY_ZONE
from onecity.kernel.policy import scopes
from onecity.kernel.subject import SubjectRef

__all__ = ["application", "view_of", "visible_to"]


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
    sources = list(ApplicationSource.objects.filter(application_id=row.id).order_by("interface"))
    return view_of(row, sources, disputes_of(row), open_masks)


def view_of(
    row: Application,
    sources: list[ApplicationSource],
    disputed: list[Dispute],
    open_masks: frozenset[str] = frozenset(),
) -> ApplicationView:
    """An application whose rows are at hand already, for somebody who may see it."""
    declared = bundle_version(row.bundle, row.bundle_version)
    sources = sorted(sources, key=lambda source: source.interface)
    state = ApplicationState(row.state)
    lit = declared.steps[current_step(declared.steps, state, row.step)]
    reach, handler = contact(row.organisation), organisation(row.organisation)
    fields = fields_of(row, sources, open_masks=open_masks, disputed=disputed)
    return ApplicationView(
        id=row.id, number=row.number, bundle=row.bundle, bundle_name=pick(declared.labels), state=state,
        state_text=_(STATE_TEXT[state][0]), paper_route=row.paper_route, applicant=SubjectRef(row.applicant),
        applicant_name=masked(row.applicant_name, "name"), person=SubjectRef(row.person), person_name=row.person_name,
        organisation=row.organisation, organisation_name=handler.name if handler else "", area=row.area,
        answers=row.answers, fields=fields, sub_cases=_sub_cases(declared, sources),
        steps=track(declared.steps, state, row.step, pick, row.submitted_at), verdict=_verdict(row),
        contact_name=reach.office or reach.name if reach else "", contact_phone=reach.phone if reach else "",
        next_text=_next_text(state, lit.text, row), next_date=row.next_date,
        savings=savings_of([item for item, _v in items(declared)], paper_route=row.paper_route),
        disputes=_disputes(disputed, declared), certificates=tuple(UUID(c) for c in row.certificates), rating=_rating(row),
        consent_id=row.consent_id, prefilled=row.prefilled_at is not None, waiting_text=_waiting_text(sources),
        opened_at=row.opened_at, submitted_at=row.submitted_at, decided_at=row.decided_at, version=row.version,
        category_name=category_name(declared, row.category),
    )  # fmt: skip


def _next_text(state: ApplicationState, text: Labels, row: Application) -> str:
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
    if row.state not in FINISHED:  # only what has ended is rated
        return None
    found = Rating.objects.filter(application_id=row.id).first()
    return RatingView(RatingLevel(found.level), found.comment, found.at, found.state) if found else None
