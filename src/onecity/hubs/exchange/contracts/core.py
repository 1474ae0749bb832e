"""Calls, requests, grants, consents and accesses as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from onecity.kernel.subject import SubjectRef

__all__ = [
    "RESIDENT_PERMISSIONS", "AccessFilter", "AccessView", "Basis", "CallRequest", "CallResult", "ClientView", "ConsentState", "ConsentView",
    "GrantFilter", "GrantState", "GrantView", "InterfaceView", "Mode", "Permission", "RefusalCode", "RequestState",
    "RequestView", "SourceState", "SourceStatus", "VerifyReport",
]  # fmt: skip


class Permission(StrEnum):
    """What one may do in the exchange."""

    CALL = "exchange.interface.call"
    REQUEST = "exchange.request.raise"
    ANSWER = "exchange.request.answer"
    REVOKE = "exchange.grant.revoke"
    READ_GRANTS = "exchange.grant.read"
    CONSENT = "exchange.consent.give"
    OWN_ACCESSES = "exchange.access.own"
    READ_ACCESSES = "exchange.access.read"
    OPERATE_SOURCES = "exchange.source.operate"
    REGISTER_CLIENT = "exchange.client.register"
    CHECK_FORM = "exchange.request.check"
    SUPERVISE = "exchange.request.supervise"
    COMPLAIN = "exchange.complaint.raise"
    ANSWER_COMPLAINT = "exchange.complaint.answer"
    VIEW_BOARD = "exchange.board.view"


RESIDENT_PERMISSIONS: frozenset[Permission] = frozenset(
    {Permission.CONSENT, Permission.OWN_ACCESSES, Permission.COMPLAIN}
)


class Basis(StrEnum):
    """Why personal data may be used (个人信息保护法 art. 13): a legal duty (the person is told) or the person's authorisation."""

    STATUTORY = "statutory"
    AUTHORISATION = "authorisation"

    @property
    def label(self) -> str:
        """In words."""
        return {"statutory": "法定职责", "authorisation": "个人授权"}[self.value]


class Mode(StrEnum):
    """How data are delivered: yes or no to claimed values · the granted fields of one subject · rows by filter · one file ·
    changes since a version. One interface, one grant and one meter serve all of them.
    """

    CHECK = "check"
    LOOKUP = "lookup"
    LIST = "list"
    BATCH = "batch"
    SUBSCRIPTION = "subscription"

    @property
    def label(self) -> str:
        """In words."""
        return {
            "check": "核验", "lookup": "查询", "list": "列表", "batch": "批量文件", "subscription": "变更订阅",
        }[self.value]  # fmt: skip


class RequestState(StrEnum):
    """Life of a request: the bureau checks its form (one supplement notice at most), the owner answers."""

    CHECKING = "checking"
    SUPPLEMENT = "supplement"
    SUBMITTED = "submitted"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """In words."""
        return {
            "checking": "形式审查", "supplement": "待补正", "submitted": "待答复", "granted": "已授权", "refused": "未同意",
            "withdrawn": "已撤回",
        }[self.value]  # fmt: skip


class RefusalCode(StrEnum):
    """Coded reasons of a provider's refusal."""

    NOT_SHARED = "not_shared"
    CONDITION_UNMET = "condition_unmet"
    PURPOSE_UNCLEAR = "purpose_unclear"
    TOO_MANY_FIELDS = "too_many_fields"
    NOT_HELD = "not_held"

    @property
    def label(self) -> str:
        """In words."""
        return {
            "not_shared": "依法不予共享", "condition_unmet": "不符合共享条件", "purpose_unclear": "用途与职责不符或不明确",
            "too_many_fields": "超出履职所需的最小范围", "not_held": "本部门不掌握该数据",
        }[self.value]  # fmt: skip


class GrantState(StrEnum):
    """Life of a grant."""

    ACTIVE = "active"
    REVOKING = "revoking"
    REVOKED = "revoked"
    ENDED = "ended"

    @property
    def label(self) -> str:
        """In words."""
        return {"active": "有效", "revoking": "撤销中", "revoked": "已撤销", "ended": "已到期"}[self.value]


class ConsentState(StrEnum):
    """Life of a consent."""

    ACTIVE = "active"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """In words."""
        return {"active": "有效", "withdrawn": "已撤回"}[self.value]


@dataclass(frozen=True, slots=True)
class InterfaceView:
    """One way to ask one resource. `live` = answered by a source outside at the moment of the call."""

    key: str
    name: str
    resource: str
    provider: str
    provider_name: str
    mode: Mode
    key_field: str
    fields: tuple[str, ...]
    labels: Mapping[str, str]
    basis: Basis
    legal_basis: str
    live: bool
    source: str
    modes: tuple[Mode, ...] = ()
    filters: tuple[str, ...] = ()
    page_limit: int = 100


@dataclass(frozen=True, slots=True)
class CallRequest:
    """One call. `fields` empty = everything granted; `claims` are the values a check compares; `matter` is its number."""

    interface: str
    subject: SubjectRef
    fields: tuple[str, ...] = ()
    matter: str = ""
    purpose: str = ""
    consent_id: UUID | None = None
    claims: Mapping[str, str] = field(default_factory=dict)
    mode: Mode | None = None  # None = the richest single-subject mode that is granted
    person: str = ""
    number: str = field(default="", repr=False)  # only for sources in other cities, whose references are not ours


@dataclass(frozen=True, slots=True)
class CallResult:
    """An answered call; its proof was committed before it was returned.

    An identifier item F comes as F (masked) and F_ref (SubjectRef), never as the bare number. No value = "".
    """

    interface: str
    rows: tuple[Mapping[str, str], ...]
    as_of: datetime
    provider: str
    provider_name: str
    basis: Basis
    proof_id: UUID
    at: datetime
    legal_basis: str = ""


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request for access. `due_at` is the provider's limit on the working-day clock."""

    id: UUID
    interface: str
    interface_name: str
    provider: str
    provider_name: str
    consumer: str
    consumer_name: str
    fields: tuple[str, ...]
    purpose: str
    reason: str
    basis: Basis
    legal_basis: str
    quota_per_day: int
    valid_from: date
    valid_to: date
    state: RequestState
    refusal: str
    opinion: str
    asked_at: datetime
    due_at: datetime | None
    answered_at: datetime | None
    work_item: UUID | None
    grant_id: UUID | None
    tied_kind: str = ""
    tied_to: str = ""
    modes: tuple[Mode, ...] = ()
    rows_limit: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    checked_at: datetime | None = None
    supplement: str = ""
    supplement_at: datetime | None = None
    supplemented_at: datetime | None = None
    overdue_at: datetime | None = None
    supply_due_at: datetime | None = None
    supply_note: str = ""
    supplied_at: datetime | None = None
    emergency: bool = False


@dataclass(frozen=True, slots=True)
class GrantView:
    """What a consumer may do: fields, purpose, period, calls a day (0 = unlimited).

    `modes` empty = the interface's own mode; `rows_limit` keeps rows whose item is one of the values; `masks` are laid over the
    interface's; `rate_per_second` 0 = unlimited; an emergency grant ends by itself at `ends_at`.
    """

    id: UUID
    interface: str
    interface_name: str
    provider: str
    provider_name: str
    consumer: str
    consumer_name: str
    fields: tuple[str, ...]
    purpose: str
    basis: Basis
    legal_basis: str
    quota_per_day: int
    valid_from: date
    valid_to: date
    state: GrantState
    used_today: int = 0
    revoked_at: datetime | None = None
    reason: str = ""
    modes: tuple[Mode, ...] = ()
    rows_limit: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    masks: Mapping[str, str] = field(default_factory=dict)
    rate_per_second: int = 0
    emergency: bool = False
    ends_at: datetime | None = None
    reported_at: datetime | None = None
    person_required: bool = False
    matter_required: bool = False
    granted_at: datetime | None = None
    revoking_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class GrantFilter:
    """What a list of grants is narrowed to."""

    interface: str = ""
    consumer: str = ""
    provider: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class ConsentView:
    """What a person allowed: exactly these interfaces, this purpose, this matter, until this time."""

    id: UUID
    subject: SubjectRef
    interfaces: tuple[str, ...]
    interface_names: tuple[str, ...]
    purpose: str
    matter: str
    given_at: datetime
    until: datetime
    state: ConsentState
    withdrawn_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AccessView:
    """One access to a person's data, from the proof log (`kind` call) or an unmasking in the audit trail (`kind` view)."""

    at: datetime
    organisation_name: str
    who: str
    interface_name: str
    fields: tuple[str, ...]
    purpose: str
    matter: str
    basis: str
    legal_basis: str
    rows: int
    outcome: str
    outcome_text: str
    provider_name: str
    kind: str
    proof_id: UUID | None = None
    chain: str = ""
    seq: int = 0
    about: str = ""  # a ward's masked name; "" = the person itself


@dataclass(frozen=True, slots=True)
class AccessFilter:
    """What a person's accesses are narrowed to: words in organisation, data or purpose; call, batch or view; since a day."""

    text: str = ""
    kind: str = ""
    since: date | None = None


class SourceState(StrEnum):
    """How a source stands now."""

    UP = "up"
    STOPPED = "stopped"
    FAILING = "failing"

    @property
    def label(self) -> str:
        """In words."""
        return {"up": "正常", "stopped": "停用", "failing": "故障"}[self.value]


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """One provider's supply. `live` = asked over the network; `calls` and `failures` within the last hour."""

    provider: str
    provider_name: str
    interfaces: tuple[str, ...]
    live: bool
    state: SourceState
    text: str
    calls: int
    failures: int
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class ClientView:
    """A machine that may open sessions at the gateway for an organisation."""

    id: UUID
    organisation: str
    name: str
    public_key: str
    registered_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """Outcome of checking the proof log: `faults` are sentences that name the row."""

    records: int
    chains: int
    roots: int
    unrooted: int
    faults: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing was altered."""
        return not self.faults
