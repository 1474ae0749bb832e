"""What may leave this hub: frozen views, the rows its bulk doors take, and its permissions.

Owns the shapes. Refuses behaviour: nothing here reads a database, a clock or a request.
Names and numbers in views are masked unless the field says otherwise.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from onecity.kernel.actor import ActorKind
from onecity.kernel.subject import SubjectRef

__all__ = [
    "ANONYMOUS_PERMISSIONS", "ENTERPRISE_PERMISSIONS", "RESIDENT_PERMISSIONS", "AccountRow", "AccountView",
    "Administrator", "AdministratorFigures", "AuditRowView", "ChainState", "Contact", "DemoAccount", "Level",
    "LoadReport", "LoginStage", "MandateKind", "MandateRow", "MandateView", "OpenedSession", "OrganisationKind",
    "OrganisationRow", "OrganisationView", "Permission", "PolicyEntry", "PostSpec", "PostView", "RoleView",
    "RowError", "SecondFactorOffer", "SignIn", "StaffFilter", "StaffView",
]  # fmt: skip


class Permission(StrEnum):
    """What this hub lets people do; roles hold these as rows."""

    ORGANISATION_VIEW = "identity.organisation.view"
    ORGANISATION_EDIT = "identity.organisation.edit"
    STAFF_VIEW = "identity.staff.view"
    STAFF_EDIT = "identity.staff.edit"
    POST_AUTHORISE = "identity.post.authorise"
    ROLE_VIEW = "identity.role.view"
    ROLE_EDIT = "identity.role.edit"
    SECURITY_EDIT = "identity.security.edit"
    ACCOUNT_OPEN = "identity.account.open"
    ACCOUNT_LOAD = "identity.account.load"
    MANDATE_VIEW = "identity.mandate.view"
    MANDATE_RECORD = "identity.mandate.record"
    AUDIT_VIEW = "identity.audit.view"


RESIDENT_PERMISSIONS: frozenset[Permission] = frozenset()
"""Empty: everybody uses their own account without a permission; the verbs check that it is their own."""
ENTERPRISE_PERMISSIONS: frozenset[Permission] = frozenset()
ANONYMOUS_PERMISSIONS: frozenset[Permission] = frozenset()


class Level(StrEnum):
    """The five levels of the organisation tree, high to low."""

    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"
    GRID = "grid"


class OrganisationKind(StrEnum):
    """What an organisation is. Open lists of business kinds live in the hub that needs them."""

    GOVERNMENT = "government"
    BUREAU = "bureau"
    SCHOOL = "school"
    HOSPITAL = "hospital"
    STREET = "street"
    COMMUNITY = "community"
    GRID = "grid"
    CENTRE = "centre"
    FIRM = "firm"
    OTHER = "other"


class Administrator(StrEnum):
    """三员: mutually exclusive, none of them sees business data."""

    SYSTEM = "system"
    SECURITY = "security"
    AUDIT = "audit"


class MandateKind(StrEnum):
    """Why one person may act for another person or a firm."""

    GUARDIAN = "guardian"
    AGENT = "agent"
    LEGAL_REPRESENTATIVE = "legal_representative"


class LoginStage(StrEnum):
    """How far a session has come; only OPEN carries an actor."""

    SECOND_FACTOR = "second_factor"
    PASSWORD = "password"
    POST = "post"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class OrganisationView:
    """One organisation as valid on the asked day. `code` is a USCC where one exists; `area` a division prefix."""

    code: str
    name: str
    short_name: str
    level: Level
    kind: OrganisationKind
    parent: str
    area: str
    phone: str
    address: str
    key: str = ""
    office: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    successor: str = ""


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """One organisation offered to `load_organisations`; a mapping with the same keys is taken as well."""

    code: str
    name: str
    level: str
    kind: str
    area: str
    short_name: str = ""
    parent: str = ""
    phone: str = ""
    address: str = ""
    key: str = ""
    office: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    successor: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to call about an organisation's matters."""

    name: str
    phone: str
    office: str


@dataclass(frozen=True, slots=True)
class PostSpec:
    """A post to be given: roles are role keys, `area` a division prefix ("" = the organisation's own area)."""

    organisation: str
    title: str
    roles: tuple[str, ...] = ()
    area: str = ""
    valid_from: date | None = None


@dataclass(frozen=True, slots=True)
class PostView:
    """A post someone holds or held."""

    id: UUID
    account_id: UUID
    organisation: str
    organisation_name: str
    title: str
    area: str
    roles: tuple[str, ...]
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account as others may see it: name and numbers masked. `assurance` is the real-name level 1–4."""

    id: UUID
    kind: ActorKind
    login: str
    name_masked: str
    number_masked: str
    mobile_masked: str
    subject: SubjectRef
    assurance: int
    organisation: str
    demo: bool
    active: bool
    last_login_at: datetime | None = None
    last_login_origin: str = ""
    second_factor: bool = False


@dataclass(frozen=True, slots=True)
class StaffView:
    """A staff member with the posts of today. `name` is in full: staff names are public in their office."""

    id: UUID
    login: str
    name: str
    posts: tuple[PostView, ...]
    administrator: Administrator | None
    active: bool
    locked_until: datetime | None
    must_change_password: bool
    last_login_at: datetime | None


@dataclass(frozen=True, slots=True)
class StaffFilter:
    """Which staff to list; empty fields do not narrow."""

    text: str = ""
    organisation: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One account offered to `load_accounts`. Without password only `open_session` (demonstration) can enter it."""

    kind: str
    name: str
    number: str
    login: str = ""
    mobile: str = ""
    organisation: str = ""
    password: str = ""
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class MandateRow:
    """One mandate offered to `load_mandates`."""

    principal: SubjectRef
    agent: SubjectRef
    kind: str
    source: str
    valid_from: date
    principal_name: str = ""
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class MandateView:
    """Who may act for whom, why, and where that is written. `principal_name` is masked."""

    id: UUID
    principal: SubjectRef
    principal_name: str
    agent: SubjectRef
    kind: MandateKind
    source: str
    valid_from: date
    valid_to: date | None
    ended_reason: str = ""


@dataclass(frozen=True, slots=True)
class RoleView:
    """A role: named permissions. `administrator` marks the three separated ones; `pack` who declared it."""

    key: str
    labels: Mapping[str, str]
    permissions: frozenset[str]
    pack: str = ""
    administrator: Administrator | None = None
    holders: int = 0


@dataclass(frozen=True, slots=True)
class PolicyEntry:
    """One security threshold in force, with the text it comes from."""

    key: str
    value: int
    unit: str
    source: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class SignIn:
    """What the frame of a page says about the signed-in person: times are real time, the origin is shortened."""

    account_id: UUID
    kind: ActorKind
    name: str
    stage: LoginStage
    post_id: UUID | None = None
    post: str = ""
    organisation_name: str = ""
    posts: int = 0
    behalf: str = ""
    behalf_name: str = ""
    last_login_at: datetime | None = None
    last_login_origin: str = ""


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """A session just opened. `token` is the only copy: the table keeps its digest. Send it as cookie or bearer."""

    token: str
    stage: LoginStage
    account: AccountView
    posts: tuple[PostView, ...]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SecondFactorOffer:
    """What an authenticator app needs to enrol."""

    secret: str
    uri: str


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """A demonstration account as listed on the login page. Exists in demonstration mode only."""

    login: str
    kind: ActorKind
    name: str
    post: str
    password: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a bulk door did: ids in the order of the rows."""

    count: int
    ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class RowError:
    """One cell an import could not take: where, why, what to do."""

    sheet: str
    row: int
    column: str
    cause: str
    remedy: str


@dataclass(frozen=True, slots=True)
class AuditRowView:
    """One audit row as the audit administrator reads it: who, when, what; no business payload."""

    at: datetime
    who: str
    organisation_name: str
    act: str
    target: str
    target_id: str
    outcome: str
    sealed: bool
    origin: str = ""
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AdministratorFigures:
    """What waits for the administrators; -1 where a number is not this administrator's business."""

    organisations: int
    staff: int
    first_passwords: int
    posts_without_role: int
    locked: int
    acts: int
    refused: int


@dataclass(frozen=True, slots=True)
class ChainState:
    """Whether the audit chain holds; `broken_at` says where it does not."""

    intact: bool
    sealed: int
    waiting: int
    broken_at: str = ""
