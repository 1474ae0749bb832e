"""Facts of this hub, in the past tense.

Owns: their names and fields. Refuses personal data: ids, numbers and states only.
"""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from onecity.kernel.domain_event import DomainEvent

__all__ = ["CertificateShown", "CertificateStatusChanged", "CertificatesIssued"]


@dataclass(frozen=True)
class CertificatesIssued(DomainEvent):
    """One certificate or a whole batch was issued; `matters[i]` is the matter of `certificate_ids[i]`."""

    topic: ClassVar[str] = "credential.certificates_issued.v1"
    type: str
    issuer: str
    certificate_ids: tuple[UUID, ...]
    matters: tuple[str, ...]


@dataclass(frozen=True)
class CertificateStatusChanged(DomainEvent):
    """A certificate was suspended, restored, revoked, cancelled or replaced."""

    topic: ClassVar[str] = "credential.certificate_status_changed.v1"
    certificate_id: UUID
    identifier: str
    before: str
    after: str
    reason: str


@dataclass(frozen=True)
class CertificateShown(DomainEvent):
    """A shown certificate was checked by somebody."""

    topic: ClassVar[str] = "credential.certificate_shown.v1"
    certificate_id: UUID
    purpose: str
    outcome: str
