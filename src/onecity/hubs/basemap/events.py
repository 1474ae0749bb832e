"""Facts the base map announces."""

from dataclasses import dataclass
from typing import ClassVar

from onecity.kernel.domain_event import DomainEvent


@dataclass(frozen=True, slots=True)
class DivisionsLoaded(DomainEvent):
    """The table of divisions has changed: `added` new periods began, `ended` closed."""

    topic: ClassVar[str] = "basemap.divisions_loaded.v1"
    added: int
    ended: int


@dataclass(frozen=True, slots=True)
class CatchmentsLoaded(DomainEvent):
    """The catchments of one kind and year were replaced."""

    topic: ClassVar[str] = "basemap.catchments_loaded.v1"
    kind: str
    year: int
    rows: int
