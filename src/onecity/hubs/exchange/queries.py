"""Reads of the exchange. Return contracts; every list is a page or bounded; a person's accesses are for that person."""

from collections.abc import Iterable
from datetime import date, datetime, time
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import ExtractHour

from onecity.hubs.exchange.contracts import (
    AccessFilter,
    AccessView,
    Basis,
    ClientView,
    ConsentState,
    ConsentView,
    GrantFilter,
    GrantState,
    GrantView,
    InterfaceView,
    Mode,
    Permission,
    RequestState,
    RequestView,
)
from onecity.hubs.exchange.errors import ProofUnknown
from onecity.hubs.exchange.models import AccessRequest, Client, Consent, Grant, Interface, ProofRecord, QuotaDay
from onecity.hubs.exchange.ports import wards_of
from onecity.hubs.exchange.services.batches import batch_memberships
from onecity.hubs.exchange.services.outcomes import outcome_text
from onecity.hubs.exchange.services.rows import holds_for, of_organisation, request_row, require_for
from onecity.hubs.exchange.services.seal_proofs import bundle_of
from onecity.kernel import audit
from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.clock import CITY_ZONE, today, wall_now
from onecity.kernel.errors import NotPermitted
from onecity.kernel.paging import Page, PageRequest
from onecity.kernel.policy import allows
from onecity.kernel.subject import SubjectRef

__all__ = [
    "accesses_of", "accesses_total", "calls_per_hour", "client_view", "consent_view", "consents_of", "grant_view", "grants", "interfaces",
    "proof_bundle", "request", "request_view", "requests", "to_answer", "used_today",
]  # fmt: skip

_ALL, _FIRST, _ANY = GrantFilter(), PageRequest(), AccessFilter()


def interfaces(keys: Iterable[str] = ()) -> dict[str, InterfaceView]:
    """Interfaces in force by key; no keys = all."""
    rows = Interface.objects.filter(valid_to=None)
    wanted = list(keys)
    return {row.key: _interface_view(row) for row in (rows.filter(key__in=wanted) if wanted else rows).order_by("key")}


def _interface_view(row: Interface) -> InterfaceView:
    return InterfaceView(
        key=row.key, name=row.name, resource=row.resource, provider=row.provider, provider_name=row.provider_name,
        mode=Mode(row.mode), key_field=row.key_field, fields=tuple(row.fields), labels=dict(row.labels),
        basis=Basis(row.basis), legal_basis=row.legal_basis, live=bool(row.source), source=row.source,
        modes=tuple(map(Mode, row.modes)) or (Mode(row.mode),), filters=tuple(row.filters), page_limit=row.page_limit,
    )  # fmt: skip


def request_view(row: AccessRequest) -> RequestView:
    """One request."""
    grant_id = Grant.objects.filter(request=row).values_list("id", flat=True).first()
    return RequestView(
        id=row.id, interface=row.interface, interface_name=row.interface_name, provider=row.provider,
        provider_name=row.provider_name, consumer=row.consumer, consumer_name=row.consumer_name, fields=tuple(row.fields),
        purpose=row.purpose, reason=row.reason, basis=Basis(row.basis), legal_basis=row.legal_basis,
        quota_per_day=row.quota_per_day, valid_from=row.valid_from, valid_to=row.valid_to, state=RequestState(row.state),
        refusal=row.refusal, opinion=row.opinion, asked_at=row.asked_at, due_at=row.due_at, answered_at=row.answered_at,
        work_item=row.work_item, grant_id=grant_id, tied_kind=row.tied_kind, tied_to=row.tied_to,
        modes=tuple(map(Mode, row.terms.get("modes", ()))), checked_at=row.checked_at, supplement=row.supplement,
        rows_limit={name: tuple(held) for name, held in row.terms.get("rows_limit", {}).items()},
        supplement_at=row.supplement_at, supplemented_at=row.supplemented_at, overdue_at=row.overdue_at,
        supply_due_at=row.supply_due_at, supply_note=row.supply_note, supplied_at=row.supplied_at,
        emergency=bool(row.terms.get("emergency")),
    )  # fmt: skip


def requests(actor: Actor, *, state: str = "", page: PageRequest = _FIRST) -> Page[RequestView]:
    """Requests this actor's organisation received or made, open ones first."""
    condition = of_organisation(actor, Permission.ANSWER, "provider")
    if allows(actor, Permission.REQUEST):
        condition |= of_organisation(actor, Permission.REQUEST, "consumer")
    found = AccessRequest.objects.filter(Q() if allows(actor, Permission.CHECK_FORM) else condition)
    if state:
        found = found.filter(state=state)
    rows = found.order_by("-state", "due_at", "-asked_at")[page.offset : page.offset + page.size]
    return Page(tuple(request_view(row) for row in rows), found.count(), page.number, page.size)


def to_answer(actor: Actor) -> int:
    """How many requests wait for this actor's organisation."""
    held = of_organisation(actor, Permission.ANSWER, "provider")
    return AccessRequest.objects.filter(held, state=RequestState.SUBMITTED).count()


def request(actor: Actor, request_id: UUID) -> RequestView:
    """One request, for its provider and its consumer. Raises RequestUnknown, NotPermitted."""
    row = request_row(request_id)
    if not (holds_for(actor, Permission.REQUEST, row.consumer) or allows(actor, Permission.CHECK_FORM)):
        require_for(actor, Permission.ANSWER, row.provider)
    return request_view(row)


def grant_view(row: Grant, names: dict[str, InterfaceView], used: int = 0) -> GrantView:
    """One grant."""
    interface = names.get(row.interface)
    return GrantView(
        id=row.id, interface=row.interface, interface_name=interface.name if interface else row.interface,
        provider=row.provider, provider_name=interface.provider_name if interface else "", consumer=row.consumer,
        consumer_name=row.consumer_name, fields=tuple(row.fields), purpose=row.purpose, basis=Basis(row.basis),
        legal_basis=row.legal_basis, quota_per_day=row.quota_per_day, valid_from=row.valid_from, valid_to=row.valid_to,
        state=GrantState(row.state), used_today=used, revoked_at=row.revoked_at, reason=row.reason,
        modes=tuple(map(Mode, row.modes)), rows_limit={name: tuple(held) for name, held in row.rows_limit.items()},
        masks=dict(row.masks), rate_per_second=row.rate_per_second, emergency=row.emergency, ends_at=row.ends_at,
        reported_at=row.reported_at, person_required=row.person_required, matter_required=row.matter_required,
        granted_at=row.granted_at, revoking_since=row.revoking_since,
    )  # fmt: skip


def grants(actor: Actor, filter: GrantFilter = _ALL, page: PageRequest = _FIRST) -> Page[GrantView]:
    """Grants this actor's organisation gave or holds, active ones first. `used_today` counts leased slices."""
    found = Grant.objects.filter(of_organisation(actor, Permission.READ_GRANTS, "provider", "consumer"))
    for name in ("interface", "consumer", "provider", "state"):
        if wanted := getattr(filter, name):
            found = found.filter(**{name: wanted})
    rows = list(found.order_by("state", "provider", "interface")[page.offset : page.offset + page.size])
    names, used = interfaces(), _used([row.id for row in rows], today())
    items = tuple(grant_view(row, names, used.get(row.id, 0)) for row in rows)
    return Page(items, found.count(), page.number, page.size)


def used_today(grant_id: UUID) -> int:
    """Calls of today handed out in slices."""
    return _used([grant_id], today()).get(grant_id, 0)


def _used(grant_ids: list[UUID], day: date) -> dict[UUID, int]:
    return dict(QuotaDay.objects.filter(grant_id__in=grant_ids, day=day).values_list("grant_id", "leased"))


def consent_view(row: Consent, names: dict[str, InterfaceView]) -> ConsentView:
    """One consent."""
    return ConsentView(
        id=row.id, subject=SubjectRef(row.subject), interfaces=tuple(row.interfaces),
        interface_names=tuple(names[key].name if key in names else key for key in row.interfaces), purpose=row.purpose,
        matter=row.matter, given_at=row.given_at, until=row.until, withdrawn_at=row.withdrawn_at, reason=row.reason,
        state=ConsentState.WITHDRAWN if row.withdrawn_at else ConsentState.ACTIVE,
    )  # fmt: skip


def consents_of(actor: Actor, subject: SubjectRef) -> list[ConsentView]:
    """The last two hundred consents a person gave, newest first; for that person and whoever acts for them."""
    _refuse_strangers(actor, subject)
    names = interfaces()
    return [consent_view(row, names) for row in Consent.objects.filter(subject=subject).order_by("-given_at")[:200]]


def client_view(row: Client) -> ClientView:
    """One machine client."""
    return ClientView(row.id, row.organisation, row.name, row.public_key, row.registered_at, row.revoked_at)


def _refuse_strangers(actor: Actor, subject: SubjectRef) -> None:
    concerned = actor.kind is ActorKind.SYSTEM or actor.acts_for(subject) or subject in wards_of(actor)
    if concerned or allows(actor, Permission.READ_ACCESSES):
        return
    raise NotPermitted("exchange.not_your_data", "只能查看本人的记录")


def _looked_at(actor: Actor, subject: SubjectRef) -> dict[SubjectRef, str]:
    """The person, and when a guardian looks at its own accesses its wards too; with the name shown beside a ward's."""
    wards = wards_of(actor) if subject == actor.subject else {}
    return {subject: "", **{ref: name for ref, name in wards.items() if ref != subject}}


def accesses_total(actor: Actor) -> int:
    """How many answered accesses to the person's own and its wards' data stand in the proof log."""
    looked_at = _looked_at(actor, actor.behalf or actor.subject)
    return ProofRecord.objects.filter(subject__in=list(looked_at), outcome="answered").count()


def accesses_of(
    actor: Actor, subject: SubjectRef, page: PageRequest = _FIRST, narrowed: AccessFilter = _ANY
) -> Page[AccessView]:
    """Who used a person's (and, for a guardian, its wards') data: gateway calls, batches the person stands in, unmasked views;
    newest first."""
    _refuse_strangers(actor, subject)
    wanted, looked_at = page.offset + page.size, _looked_at(actor, subject)
    found = _narrowed(ProofRecord.objects.filter(subject__in=list(looked_at)), narrowed)
    names, calls = interfaces(), list[AccessView]()
    if narrowed.kind in ("", "call"):
        calls = [
            _call_view(row, names, looked_at[SubjectRef(row.subject)])
            for row in found.order_by("-at", "-chain", "-seq")[:wanted]
        ]
    others = _batches_and_views(looked_at, names, narrowed)
    merged = sorted([*calls, *others], key=lambda one: one.at, reverse=True)[page.offset : wanted]
    total = (found.count() if narrowed.kind in ("", "call") else 0) + len(others)
    return Page(tuple(merged), total, page.number, page.size)


def _narrowed(rows: QuerySet[ProofRecord], narrowed: AccessFilter) -> QuerySet[ProofRecord]:
    if narrowed.text:
        words = Q(consumer_name__icontains=narrowed.text) | Q(purpose__icontains=narrowed.text)
        rows = rows.filter(words | Q(interface_name__icontains=narrowed.text))
    if narrowed.since:
        rows = rows.filter(at__gte=datetime.combine(narrowed.since, time.min, CITY_ZONE))
    return rows


def _batches_and_views(
    looked_at: dict[SubjectRef, str], names: dict[str, InterfaceView], narrowed: AccessFilter
) -> list[AccessView]:
    found: list[AccessView] = []
    for ref, name in looked_at.items():
        if narrowed.kind in ("", "batch"):
            proofs = [one.proof_id for one in batch_memberships(ref)]
            rows = _narrowed(ProofRecord.objects.filter(pk__in=proofs), narrowed)
            found += [_call_view(row, names, name) for row in rows]
        if narrowed.kind in ("", "view"):
            views = [_unmasking_view(view, name) for view in audit.views_of(ref)]
            found += [one for one in views if _fits(one, narrowed)]
    return found


def _fits(one: AccessView, narrowed: AccessFilter) -> bool:
    since = narrowed.since is None or one.at.astimezone(CITY_ZONE).date() >= narrowed.since
    return since and narrowed.text in f"{one.organisation_name} {one.purpose} {one.interface_name}"


def _call_view(row: ProofRecord, names: dict[str, InterfaceView], about: str) -> AccessView:
    interface = names.get(row.interface)
    labels = interface.labels if interface else {}
    return AccessView(
        at=row.at, organisation_name=row.consumer_name, who=row.who, interface_name=row.interface_name or row.interface,
        fields=tuple(labels.get(name, name) for name in row.fields), purpose=row.purpose, matter=row.matter,
        basis=Basis(row.basis).label if row.basis else "", legal_basis=row.legal_basis, rows=row.rows, outcome=row.outcome,
        outcome_text=outcome_text(row.outcome, row.rows), provider_name=row.provider_name, kind=row.kind, proof_id=row.id,
        chain=row.chain[-8:], seq=row.seq, about=about,
    )  # fmt: skip


def _unmasking_view(view: audit.ViewRecord, about: str) -> AccessView:
    return AccessView(
        at=view.at, organisation_name=view.organisation_name, who=f"{view.who} {view.post}".strip(),
        interface_name="查看未脱敏信息", fields=view.fields, purpose=view.reason, matter="", basis=Basis.STATUTORY.label,
        legal_basis="", rows=1, outcome="viewed", outcome_text="已查看", provider_name="", kind="view", about=about,
    )  # fmt: skip


def proof_bundle(actor: Actor, proof_id: UUID) -> dict[str, object]:
    """The stand-alone proof of one record, for the person concerned, for the two organisations, and for auditors."""
    row = ProofRecord.objects.filter(pk=proof_id).only("subject", "consumer", "provider", "kind").first()
    if row is None:
        raise ProofUnknown(data={"proof": str(proof_id)})
    about = SubjectRef(row.subject)
    concerned = actor.kind is ActorKind.SYSTEM or actor.acts_for(about) or about in wards_of(actor)
    if not concerned and row.kind in ("batch", "list") and actor.subject:
        looked_at = _looked_at(actor, actor.behalf or actor.subject)
        concerned = any(one.proof_id == proof_id for ref in looked_at for one in batch_memberships(ref))
    office = bool(actor.organisation) and actor.organisation in (row.consumer, row.provider)
    if not (concerned or (office and allows(actor, Permission.READ_GRANTS)) or allows(actor, Permission.READ_ACCESSES)):
        raise ProofUnknown(data={"proof": str(proof_id)})
    return bundle_of(proof_id)


def calls_per_hour() -> list[int]:
    """Answered calls of today (real time, city zone), one figure per hour up to the present one; no person in it."""
    present = wall_now().astimezone(CITY_ZONE)
    midnight = present.replace(hour=0, minute=0, second=0, microsecond=0)
    found = (
        ProofRecord.objects.filter(outcome="answered", at__gte=midnight)
        .annotate(hour=ExtractHour("at", tzinfo=CITY_ZONE))
        .values_list("hour")
        .annotate(number=Count("id"))
    )
    counted = dict(found)
    return [counted.get(hour, 0) for hour in range(present.hour + 1)]
