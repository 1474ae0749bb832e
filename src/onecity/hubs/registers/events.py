"""Facts the registers announce. Versioned, frozen, past tense."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from onecity.kernel.domain_event import DomainEvent

__all__ = [
    "ConsumersTold",
    "CreditMatterAnswered",
    "CreditMatterRaised",
    "IdentitiesChanged",
    "RegisterCorrected",
    "RegisterRebuilt",
]


@dataclass(frozen=True)
class RegisterRebuilt(DomainEvent):
    """A file of a register follows its sources again."""

    topic: ClassVar[str] = "registers.register_rebuilt.v1"
    register: str
    file: str
    build: int
    added: int
    changed: int
    vanished: int


@dataclass(frozen=True)
class RegisterCorrected(DomainEvent):
    """An answered correction reached the register: `entity` is believed otherwise from now on."""

    topic: ClassVar[str] = "registers.register_corrected.v1"
    file: str
    entity: str
    field: str
    correction_id: UUID


@dataclass(frozen=True)
class CreditMatterRaised(DomainEvent):
    """A subject applied for repair or objected to a published record."""

    topic: ClassVar[str] = "registers.credit_matter_raised.v1"
    matter_id: UUID
    kind: str
    file: str
    entity: str
    subject: str


@dataclass(frozen=True)
class CreditMatterAnswered(DomainEvent):
    """The department answered it: granted or refused."""

    topic: ClassVar[str] = "registers.credit_matter_answered.v1"
    matter_id: UUID
    kind: str
    subject: str
    granted: bool
    opinion: str


@dataclass(frozen=True)
class IdentitiesChanged(DomainEvent):
    """Records count as other persons than before: by a new record, a run, a merge, a split or an undo."""

    topic: ClassVar[str] = "registers.identities_changed.v1"
    act_id: UUID
    kind: str
    records: int


@dataclass(frozen=True)
class ConsumersTold(DomainEvent):
    """Every consumer with a live grant for a corrected field was told."""

    topic: ClassVar[str] = "registers.consumers_told.v1"
    correction_id: UUID
    resource: str
    field: str
    consumers: tuple[str, ...]
