"""Entities of the registers as they may leave: values masked, each with its source; history, disagreements, builds, figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from onecity.kernel.subject import SubjectRef

__all__ = [
    "BuildView",
    "ConflictView",
    "EntityView",
    "FieldValue",
    "Figure",
    "FoundEntity",
    "Moment",
    "SourceRow",
    "StateView",
]


@dataclass(frozen=True, slots=True)
class FieldValue:
    """One field as shown. `resource` said so; `others` say otherwise (resource name → value)."""

    name: str
    label: str
    value: str
    resource: str = ""
    resource_name: str = ""
    provider_name: str = ""
    item: str = ""
    masked: bool = False
    others: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class StateView:
    """One state over both times. `valid_to` and `known_to` are exclusive, None = until further notice."""

    id: int
    valid_from: date
    valid_to: date | None
    known_from: datetime
    known_to: datetime | None
    changed: tuple[str, ...]
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Moment:
    """The two times of a question: when it held, and as known when."""

    valid: date
    known: datetime


@dataclass(frozen=True, slots=True)
class EntityView:
    """One entity as known then. `moment` is what was asked."""

    file: str
    register: str
    label: str
    entity: str
    subject: SubjectRef
    title: str
    fields: tuple[FieldValue, ...]
    valid_from: date
    valid_to: date | None
    known_from: datetime
    moment: Moment

    def value(self, name: str) -> str:
        """The value of a field, "" when there is none."""
        return next((one.value for one in self.fields if one.name == name), "")


@dataclass(frozen=True, slots=True)
class FoundEntity:
    """One line of a search: masked."""

    file: str
    entity: str
    title: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class ConflictView:
    """Sources disagree. `said`: resource, value, its own date; `chosen` is believed by `rule` until it is settled."""

    id: int
    file: str
    entity: str
    field: str
    label: str
    said: tuple[tuple[str, str, str], ...]
    chosen: str
    chosen_source: str
    rule: str
    known_from: datetime
    known_to: datetime | None
    note: str
    title: str = ""
    corrections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BuildView:
    """One rebuild. `batches`: what each governed batch was and what came of it."""

    id: int
    file: str
    at: datetime
    seconds: float
    rows: int
    added: int
    changed: int
    vanished: int
    conflicts: int
    batches: tuple[Mapping[str, Any], ...]

    @property
    def rows_per_second(self) -> int:
        """Entities fused and compared in a second."""
        return round(self.rows / self.seconds) if self.seconds else 0


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One rule row: who is asked for a field, in which order, by what rule, since when, and where that is written."""

    file: str
    field: str
    label: str
    rule: str
    resource: str
    item: str
    rank: int
    source: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that says what it counts."""

    key: str
    label: str
    value: int
    definition: str
    as_of: datetime | None
    href: str = ""
