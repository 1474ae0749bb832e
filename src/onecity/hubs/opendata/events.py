"""Facts open data announce. Versioned, frozen, past tense."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from onecity.kernel.domain_event import DomainEvent

__all__ = ["CrawlReported", "DatasetOpened", "DatasetRefused", "DatasetTakenDown"]


@dataclass(frozen=True)
class DatasetOpened(DomainEvent):
    """A version may be read by the public."""

    topic: ClassVar[str] = "opendata.dataset_opened.v1"
    key: str
    version: int
    rows: int
    as_of: datetime | None


@dataclass(frozen=True)
class DatasetRefused(DomainEvent):
    """The release check stopped a version."""

    topic: ClassVar[str] = "opendata.dataset_refused.v1"
    key: str
    version: int
    rules: tuple[str, ...]


@dataclass(frozen=True)
class DatasetTakenDown(DomainEvent):
    """A dataset is no longer open."""

    topic: ClassVar[str] = "opendata.dataset_taken_down.v1"
    key: str
    reason: str


@dataclass(frozen=True)
class CrawlReported(DomainEvent):
    """Somebody walks through the data by enumerated ids and was slowed."""

    topic: ClassVar[str] = "opendata.crawl_reported.v1"
    who: str
    dataset: str
    calls: int
