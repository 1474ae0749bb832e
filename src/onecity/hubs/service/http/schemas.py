"""What goes over the wire. Owns shapes with limits. Refuses decisions."""

from datetime import date, datetime
from uuid import UUID

from ninja import Field, Schema

from onecity.hubs.service.contracts import ApplicationRow, ApplicationView, BundleView, GuideOutcome

__all__ = [
    "ApplicationOut", "BundleOut", "DisputeIn", "GuideIn", "GuideOut", "OpenIn", "Problem", "RateIn", "RowOut", "SubmitIn",
    "WardOut",
    "application_out", "bundle_out", "guide_out", "row_out",
]  # fmt: skip

KEY = r"^[a-z][a-z0-9_]{1,60}$"


class Problem(Schema):
    """RFC 9457 problem document."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    contact: str
    data: dict[str, object]


class GuideIn(Schema):
    """Answers so far."""

    answers: dict[str, str] = Field(default_factory=dict, max_length=10)
    area: str = Field(default="", max_length=15)


class OpenIn(Schema):
    """Open an application. `behalf` is the reference of the ward; `consented` agrees to exactly the sources shown."""

    bundle: str = Field(pattern=KEY)
    behalf: str = Field(default="", max_length=64)
    answers: dict[str, str] = Field(default_factory=dict, max_length=10)
    consented: bool = False
    consent_until: date | None = None
    idempotency_key: str = Field(default="", max_length=120)


class SubmitIn(Schema):
    """What the person typed, by field key."""

    values: dict[str, str] = Field(default_factory=dict, max_length=100)
    version: int | None = Field(default=None, ge=0, le=2**31 - 1)
    idempotency_key: str = Field(default="", max_length=120)


class DisputeIn(Schema):
    """A field that is wrong."""

    field: str = Field(pattern=KEY)
    claimed: str = Field(min_length=1, max_length=200)
    reason: str = Field(min_length=1, max_length=500)
    idempotency_key: str = Field(default="", max_length=120)


class RateIn(Schema):
    """1 (worst) to 5 (best)."""

    level: int = Field(ge=1, le=5)
    comment: str = Field(default="", max_length=1000)


class OptionOut(Schema):
    key: str
    label: str
    hint: str


class QuestionOut(Schema):
    key: str
    text: str
    number: int
    options: list[OptionOut]


class SourceOut(Schema):
    interface: str
    name: str
    provider: str
    fields: list[str]
    basis: str
    legal_basis: str


class SavingsOut(Schema):
    papers_before: int
    papers_after: int
    visits_before: int
    visits_after: int
    days_before: int
    days_after: int


class GuideOut(Schema):
    question: QuestionOut | None
    answers: dict[str, str]
    verdict: str
    category: str
    notes: list[str]
    sources: list[SourceOut]
    savings: SavingsOut | None
    may_apply: bool


class BundleOut(Schema):
    key: str
    name: str
    summary: str
    owner: str
    departments: list[str]
    savings: SavingsOut
    accepts: bool
    open_text: str


class FieldOut(Schema):
    key: str
    label: str
    group: str
    value: str
    masked: bool
    state: str
    required: bool
    editable: bool
    provider: str
    as_of: datetime | None
    basis: str
    legal_basis: str
    interface: str
    proof_id: str


class VerdictOut(Schema):
    outcome: str
    category: str
    rule: str
    rule_version: str
    reason: str


class ApplicationOut(Schema):
    id: UUID
    number: str
    bundle: str
    state: str
    state_text: str
    paper_route: bool
    prefilled: bool
    waiting_text: str
    fields: list[FieldOut]
    verdict: VerdictOut | None
    next_text: str
    next_date: date | None
    contact_phone: str
    savings: SavingsOut
    certificates: list[UUID]
    version: int


class WardOut(Schema):
    subject: str
    name: str
    birth_date: date


class RowOut(Schema):
    id: UUID
    number: str
    bundle: str
    state: str
    state_text: str
    step: str
    person_name: str
    submitted_at: datetime | None


def _savings(view: object) -> SavingsOut:
    return SavingsOut(**{name: getattr(view, name) for name in SavingsOut.model_fields})


def bundle_out(view: BundleView) -> BundleOut:
    """A bundle for machines."""
    return BundleOut(
        key=view.key, name=view.name, summary=view.summary, owner=view.owner_name, departments=list(view.departments),
        savings=_savings(view.savings), accepts=view.accepts, open_text=view.open_text,
    )  # fmt: skip


def guide_out(view: GuideOutcome) -> GuideOut:
    """A guide's outcome for machines."""
    question = None if view.question is None else QuestionOut(
        key=view.question.key, text=view.question.text, number=view.question.number,
        options=[OptionOut(key=o.key, label=o.label, hint=o.hint) for o in view.question.options],
    )  # fmt: skip
    sources = [
        SourceOut(
            interface=s.interface, name=s.name, provider=s.provider_name, fields=list(s.field_labels), basis=s.basis,
            legal_basis=s.legal_basis,
        )
        for s in view.sources
    ]  # fmt: skip
    return GuideOut(
        question=question, answers=dict(view.answers), verdict=view.verdict, category=view.category, notes=list(view.notes),
        sources=sources, savings=_savings(view.savings) if view.savings else None, may_apply=view.may_apply,
    )  # fmt: skip


def application_out(view: ApplicationView) -> ApplicationOut:
    """An application for machines; values masked."""
    fields = [
        FieldOut(
            key=f.key, label=f.label, group=f.group, value=f.value, masked=f.masked, state=f.state, required=f.required,
            editable=f.editable, provider=f.provider_name, as_of=f.as_of, basis=f.basis, legal_basis=f.legal_basis,
            interface=f.interface, proof_id=f.proof_id,
        )
        for f in view.fields
    ]  # fmt: skip
    verdict = None if view.verdict is None else VerdictOut(
        outcome=view.verdict.outcome, category=view.verdict.category, rule=view.verdict.rule,
        rule_version=view.verdict.rule_version, reason=view.verdict.reason,
    )  # fmt: skip
    return ApplicationOut(
        id=view.id, number=view.number, bundle=view.bundle, state=view.state, state_text=view.state_text,
        paper_route=view.paper_route, prefilled=view.prefilled, waiting_text=view.waiting_text, fields=fields,
        verdict=verdict, next_text=view.next_text, next_date=view.next_date, contact_phone=view.contact_phone,
        savings=_savings(view.savings), certificates=list(view.certificates), version=view.version,
    )  # fmt: skip


def row_out(view: ApplicationRow) -> RowOut:
    """A line of a list for machines."""
    return RowOut(**{name: getattr(view, name) for name in RowOut.model_fields})
