"""What may leave this hub: frozen values, enums and permissions.

Owns: the shapes other hubs hold. Refuses behaviour and the framework.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from onecity.kernel.subject import SubjectRef

__all__ = [
    "CertificateFilter",
    "CertificateStatus",
    "CertificateTypeView",
    "CertificateView",
    "IssueRequest",
    "LabelledField",
    "Outcome",
    "Permission",
    "SeenBy",
    "Showing",
    "VerifyResult",
]

NOBODY = SubjectRef("")


class Permission(StrEnum):
    """What may be allowed or refused in this hub."""

    WALLET_READ = "credential.wallet.read"
    CERTIFICATE_SHOW = "credential.certificate.show"
    CERTIFICATE_ISSUE = "credential.certificate.issue"
    CERTIFICATE_VIEW = "credential.certificate.view"
    CERTIFICATE_REVOKE = "credential.certificate.revoke"
    CERTIFICATE_VERIFY = "credential.certificate.verify"
    TYPE_DECLARE = "credential.type.declare"


class CertificateStatus(StrEnum):
    """States of a certificate (GB/T 36903-2018). `expired` is read off the dates and never stored."""

    VALID = "valid"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REPLACED = "replaced"


class Outcome(StrEnum):
    """What a check found."""

    VALID = "valid"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    CANCELLED = "cancelled"
    REPLACED = "replaced"
    FORGED = "forged"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class LabelledField:
    """One field of a certificate as shown: key, label in the reader's language, value (masked where the reader is not
    the holder and the field is personal)."""

    key: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class CertificateTypeView:
    """A declared type of certificate; `issuer_key` names the organisation that issues it by default."""

    key: str
    code: str
    name: str
    issuer_key: str
    show_seconds: int


@dataclass(frozen=True, slots=True)
class IssueRequest:
    """What is needed to issue one certificate. `keeper` is a second person whose wallet shows it (a guardian);
    `issuer` an organisation's code when it is not the one the type names; `area` the division it belongs to."""

    type: str
    holder: SubjectRef
    holder_name: str
    fields: Mapping[str, str]
    valid_from: date
    valid_to: date | None = None
    matter: str = ""
    keeper: SubjectRef = NOBODY
    issuer: str = ""
    area: str = ""


@dataclass(frozen=True, slots=True)
class CertificateView:
    """One certificate. `holder_name` is "" for a reader who is not its holder; `fields` then holds masked values.

    `identifier` is the national 证照标识, `number` the 证照编号 people read out.
    """

    id: UUID
    identifier: str
    number: str
    type: str
    type_name: str
    holder: SubjectRef
    holder_name_masked: str
    fields: Mapping[str, str]
    issuer: str
    issuer_name: str
    status: CertificateStatus
    issued_at: datetime
    valid_from: date
    valid_to: date | None
    version: int = 1
    matter: str = ""
    holder_name: str = ""
    keeper: SubjectRef = NOBODY
    area: str = ""
    payload: str = ""
    previous_id: UUID | None = None
    successor_id: UUID | None = None
    status_reason: str = ""
    status_at: datetime | None = None
    labelled: tuple[LabelledField, ...] = ()


@dataclass(frozen=True, slots=True)
class CertificateFilter:
    """Which certificates the desk lists; empty = all in scope. `text` matches number or identifier exactly."""

    text: str = ""
    type: str = ""
    status: CertificateStatus | None = None


@dataclass(frozen=True, slots=True)
class Showing:
    """A certificate being shown: an opaque one-time token, its code as SVG, and when it dies (real time)."""

    token: str
    qr_svg: str
    url: str
    expires_at: datetime
    seconds: int


@dataclass(frozen=True, slots=True)
class SeenBy:
    """Somebody who looked at a certificate: who, for which organisation, why, which fields."""

    at: datetime
    who: str
    organisation_name: str
    reason: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VerifyResult:
    """What a check found; never more fields than asked. `offline` = judged by signature and dates alone.

    `signature` tells whether the seal holds; `text` is the sentence to read out.
    """

    outcome: Outcome
    text: str
    signature: bool
    checked_at: datetime
    type_name: str = ""
    number: str = ""
    identifier: str = ""
    issuer_name: str = ""
    holder_name_masked: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    offline: bool = False
    signed_at: datetime | None = None

    @property
    def good(self) -> bool:
        """Whether the certificate may be relied upon now."""
        return self.outcome is Outcome.VALID
