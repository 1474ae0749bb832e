"""What passes between a city and the level above it, and what the desk shows of it. Plain values; texts are stable words.

The same four errands whether the upper level is a province or another OneCity: report the catalogue, subscribe to a resource,
call it, take back what is held above（回流）.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

__all__ = [
    "DownflowBatch", "DownflowPage", "DownflowState", "DownflowView", "NodeView", "Offer", "OfferPage", "ReportAnswer",
    "ReportCounts", "ReportState", "ReportedEntry", "ReportedView", "Standing", "SubscriptionAnswer", "SubscriptionState",
    "SubscriptionView", "SubscriptionWish", "SuperiorView",
]  # fmt: skip


class ReportState(StrEnum):
    """What the upper level said to a reported entry."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        """In words."""
        return {"waiting": "待上报", "accepted": "上级已接收", "refused": "上级退回"}[self.value]


class SubscriptionState(StrEnum):
    """Life of a subscription: kept here, handed up, answered there, ended."""

    WAITING = "waiting"
    PENDING = "pending"
    APPROVED = "approved"
    REFUSED = "refused"
    ENDED = "ended"

    @property
    def label(self) -> str:
        """In words."""
        return {
            "waiting": "待送上级", "pending": "上级审核中", "approved": "上级已同意", "refused": "上级未同意", "ended": "已终止",
        }[self.value]  # fmt: skip


class DownflowState(StrEnum):
    """What became of a batch that came down."""

    ARRIVED = "arrived"
    REFUSED = "refused"
    BROKEN = "broken"

    @property
    def label(self) -> str:
        """In words."""
        return {"arrived": "已入库", "refused": "校验未通过", "broken": "批次损坏，待重取"}[self.value]


@dataclass(frozen=True, slots=True)
class ReportedEntry:
    """One catalogue entry on its way up, under the national headings."""

    key: str
    digest: str
    entry: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ReportAnswer:
    """The upper level's answer to one entry; `reasons` say what to mend."""

    key: str
    accepted: bool
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """What the upper level offers: an interface over a resource, with its national entry. `modes` as in the exchange."""

    key: str
    resource: str
    name: str
    provider_name: str
    key_field: str
    entry: Mapping[str, Any]
    fields: tuple[Mapping[str, Any], ...]
    modes: tuple[str, ...] = ()
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class OfferPage:
    """Changed offers since a cursor; ask again from `cursor` while `more`."""

    offers: tuple[Offer, ...]
    cursor: str
    more: bool


@dataclass(frozen=True, slots=True)
class SubscriptionWish:
    """What is asked of the upper level; `id` is ours and makes asking twice the same."""

    id: UUID
    interface: str
    fields: tuple[str, ...]
    purpose: str
    reason: str
    quota_per_day: int
    consumer_name: str = ""


@dataclass(frozen=True, slots=True)
class SubscriptionAnswer:
    """Where it stands above."""

    state: SubscriptionState
    reason: str = ""
    fields: tuple[str, ...] = ()
    quota_per_day: int = 0
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class DownflowBatch:
    """A batch of the city's data held above. `format` csv or parquet; `sha256` of the file."""

    id: str
    resource: str
    name: str
    as_of: datetime
    rows: int
    sha256: str
    format: str = "csv"


@dataclass(frozen=True, slots=True)
class DownflowPage:
    """Batches after a cursor, oldest first."""

    batches: tuple[DownflowBatch, ...]
    cursor: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How the upper level sees us today: calls used, quota (0 = unlimited), when an outage ends."""

    used_today: int
    quota_per_day: int
    back_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReportCounts:
    """Reported entries by state."""

    waiting: int = 0
    accepted: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class SuperiorView:
    """An upper level as the desk shows it. `used_here` counts our proven calls today, `used_there` what it says itself."""

    key: str
    name: str
    level: str
    kind: str
    address: str
    trouble: str
    expected_at: datetime | None
    last_at: datetime | None
    quota_per_day: int
    used_there: int
    used_here: int
    reports: ReportCounts = field(default_factory=ReportCounts)
    offers: int = 0


@dataclass(frozen=True, slots=True)
class ReportedView:
    """One reported entry."""

    superior: str
    resource: str
    name: str
    state: ReportState
    reasons: tuple[str, ...]
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class SubscriptionView:
    """One subscription; `interface` is the key it is called by here, "" while not approved."""

    id: UUID
    superior: str
    superior_name: str
    remote: str
    name: str
    fields: tuple[str, ...]
    purpose: str
    consumer_name: str
    state: SubscriptionState
    reason: str
    interface: str
    quota_per_day: int
    used_today: int
    valid_to: date | None
    asked_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class DownflowView:
    """One batch that came down, and what became of its rows."""

    superior: str
    remote: str
    resource: str
    name: str
    as_of: datetime
    state: DownflowState
    text: str
    version: int
    rows: int
    rows_bad: int
    received_at: datetime


@dataclass(frozen=True, slots=True)
class NodeView:
    """A lower node that may speak to us; `id` is the number it signs with."""

    id: UUID
    name: str
    organisation: str
    organisation_name: str
    admitted_at: datetime
    revoked_at: datetime | None
    last_at: datetime | None
    accepted: int = 0
    refused: int = 0
