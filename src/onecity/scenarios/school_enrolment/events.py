"""Facts of the pack. Owns past-tense, versioned, frozen events. Refuses personal data beyond references."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from onecity.kernel.events import DomainEvent


@dataclass(frozen=True)
class RoundMoved(DomainEvent):
    """A round opened or took a step."""

    topic: ClassVar[str] = "school_enrolment.round_moved.v1"
    round_id: UUID
    district: str
    year: int
    kind: str
    state: str


@dataclass(frozen=True)
class ListPublished(DomainEvent):
    """A school's list is public; `digest` is its SHA-256."""

    topic: ClassVar[str] = "school_enrolment.list_published.v1"
    list_id: UUID
    round_id: UUID
    school: str
    digest: str


@dataclass(frozen=True)
class SeatsDrawn(DomainEvent):
    """A public draw took place; seed and digest stand committed together."""

    topic: ClassVar[str] = "school_enrolment.seats_drawn.v1"
    draw_id: UUID
    round_id: UUID
    school: str
    digest: str
    seed: str


@dataclass(frozen=True)
class ChildrenAdmitted(DomainEvent):
    """A round's children were placed and their notices issued."""

    topic: ClassVar[str] = "school_enrolment.children_admitted.v1"
    round_id: UUID
    district: str
    admitted: int
    unplaced: int
