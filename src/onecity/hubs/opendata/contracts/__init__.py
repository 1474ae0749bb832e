"""What may leave open data: frozen values and enums. Plain Python, shared by all processes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from onecity.hubs.opendata.contracts.meter import KeyView, UsageTotals

__all__ = [
    "CITIZEN_PERMISSIONS", "ApplicationState", "ApplicationView", "CheckView", "DatasetFilter", "DatasetState", "DatasetView",
    "FacetValue", "FeedbackState", "FeedbackView", "Finding", "FormatLink", "Honesty", "KeyView", "OpenColumn", "Permission",
    "PlanLine", "ReviewLevel", "ReviewState", "ReviewStepView", "ReviewView", "SearchPage", "SnapshotFile", "Topic",
    "UsageTotals", "UseState", "UseView",
]  # fmt: skip


class Permission(StrEnum):
    """What one may do in open data."""

    READ = "opendata.dataset.read"
    MANAGE = "opendata.dataset.manage"
    REVIEW_DEPARTMENT = "opendata.review.department"
    REVIEW_BUREAU = "opendata.review.bureau"
    REVIEW_SECRECY = "opendata.review.secrecy"
    TAKE_DOWN = "opendata.dataset.take_down"
    ANSWER = "opendata.public.answer"
    PUBLISH_USE = "opendata.use.publish"
    OWN_KEYS = "opendata.key.own"
    APPLY = "opendata.application.raise"
    SPEAK = "opendata.feedback.raise"


CITIZEN_PERMISSIONS: frozenset[Permission] = frozenset({Permission.OWN_KEYS, Permission.APPLY, Permission.SPEAK})


class _Worded(StrEnum):
    @property
    def label(self) -> str:
        """In words."""
        return _WORDS[self]


class DatasetState(_Worded):
    """Life of an open dataset: planned → (refused) → in review → open → taken down."""

    PLANNED = "planned"
    REFUSED = "refused"
    IN_REVIEW = "in_review"
    OPEN = "open"
    TAKEN_DOWN = "taken_down"


class ReviewState(_Worded):
    """Life of a secrecy review sheet."""

    OPEN = "sheet_open"
    AGREED = "agreed"
    REFUSED = "sheet_refused"


class ApplicationState(_Worded):
    """Life of an application for a conditionally open dataset."""

    SUBMITTED = "submitted"
    AGREED = "awaiting_agreement"
    ACTIVE = "active"
    REFUSED = "application_refused"
    ENDED = "ended"


class FeedbackState(_Worded):
    """Life of a feedback."""

    RAISED = "raised"
    ANSWERED = "answered"


class UseState(_Worded):
    """Life of a submitted use."""

    SUBMITTED = "use_submitted"
    SHOWN = "shown"
    DECLINED = "declined"


_WORDS: Mapping[str, str] = {
    "planned": "计划开放", "refused": "检查未通过", "in_review": "保密审查中", "open": "已开放", "taken_down": "已下架",
    "sheet_open": "审查中", "agreed": "同意开放", "sheet_refused": "不同意开放", "submitted": "待答复",
    "awaiting_agreement": "待签协议", "active": "使用中", "application_refused": "未同意", "ended": "已到期", "raised": "待答复",
    "answered": "已答复", "use_submitted": "待审核", "shown": "已展示", "declined": "未采用",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Topic:
    """One of the subjects open data are sorted by. `source` says which list it comes from."""

    key: str
    zh: str
    en: str
    icon: str
    order: int
    source: str
    datasets: int = 0


@dataclass(frozen=True, slots=True)
class OpenColumn:
    """One column as published. `type` text, integer, number, date, datetime or logical; `indexed` may be filtered and sorted."""

    name: str
    label: str
    type: str = "text"
    indexed: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Honesty:
    """更新承诺与实际. `text` is the whole sentence; `days` since the data held; `late` by the dataset's own cycle."""

    cycle: str
    days: int
    late: bool
    text: str


@dataclass(frozen=True, slots=True)
class FormatLink:
    """One way to take the data away. `id` is stable (CKAN resource id)."""

    id: UUID
    format: str
    media_type: str
    path: str
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class DatasetView:
    """One dataset as the public sees it. `key` is that of the resource; `version` 0 = nothing published."""

    id: UUID
    key: str
    title: str
    title_en: str
    abstract: str
    provider: str
    provider_key: str
    provider_name: str
    topics: tuple[str, ...]
    tags: tuple[str, ...]
    licence: str
    conditional: bool
    condition: str
    update_cycle: str
    columns: tuple[OpenColumn, ...]
    state: DatasetState
    version: int
    rows: int
    bytes: int
    sha256: str
    as_of: datetime | None
    planned_on: date | None
    opened_at: datetime | None
    changed_at: datetime
    downloads: int
    calls: int
    reason: str = ""
    latitude: str = ""
    longitude: str = ""
    resource: str = ""

    def column(self, name: str) -> OpenColumn | None:
        """The column called `name`."""
        return next((column for column in self.columns if column.name == name), None)


@dataclass(frozen=True, slots=True)
class DatasetFilter:
    """What a list of open datasets is narrowed to; every member is one indexed facet. `sort` relevance, changed, name, downloads."""

    text: str = ""
    topic: str = ""
    provider: str = ""
    tag: str = ""
    format: str = ""
    licence: str = ""
    conditional: str = ""
    sort: str = ""

    @property
    def facets(self) -> int:
        """How many facets are set: what the crawler's budget counts."""
        return sum(
            bool(one) for one in (self.topic, self.provider, self.tag, self.format, self.licence, self.conditional)
        )


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet with how many datasets have it."""

    facet: str
    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of found datasets with the facets of the whole result. `loosened`: nothing held all that was asked, shown is what
    comes near; `suggestions`: what may have been meant."""

    items: tuple[DatasetView, ...]
    total: int
    facets: tuple[FacetValue, ...] = ()
    loosened: bool = False
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SnapshotFile:
    """The immutable files of one published version, below ONECITY_HOME/open/<key>/."""

    key: str
    version: int
    parquet: str
    rows_file: str
    rows: int
    bytes: int
    sha256: str
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the release check found. `positions` from 1 (at most ten), `samples` masked. `accepted` names the legal basis."""

    rule: str
    columns: tuple[str, ...]
    count: int
    positions: tuple[int, ...]
    samples: tuple[str, ...]
    text: str
    accepted: str = ""

    @property
    def blocks(self) -> bool:
        """Whether it forbids opening."""
        return not self.accepted


@dataclass(frozen=True, slots=True)
class CheckView:
    """Result of one release check of one version."""

    id: UUID
    dataset: str
    title: str
    version: int
    at: datetime
    passed: bool
    rows: int
    findings: tuple[Finding, ...]
    rules_version: str


@dataclass(frozen=True, slots=True)
class ReviewLevel:
    """One of the levels a sheet passes. `of_provider` = people of the department that owns the data."""

    number: int
    key: str
    label: str
    permission: str
    of_provider: bool
    days: int
    source: str


@dataclass(frozen=True, slots=True)
class ReviewStepView:
    """What one level said: who, in which post, when, in which words. `name` "" = has not decided."""

    level: int
    label: str
    name: str = ""
    post: str = ""
    opinion: str = ""
    agreed: bool | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReviewView:
    """保密审查表."""

    id: UUID
    number: str
    dataset: str
    title: str
    provider: str
    provider_name: str
    version: int
    state: ReviewState
    level: int
    steps: tuple[ReviewStepView, ...]
    check: CheckView | None
    opened_at: datetime
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class ApplicationView:
    """An application for a conditionally open dataset."""

    id: UUID
    number: str
    dataset: str
    title: str
    provider: str
    provider_name: str
    applicant: str
    purpose: str
    safety: str
    state: ApplicationState
    opinion: str
    agreement: str
    asked_at: datetime
    due_at: datetime | None
    agreed_at: datetime | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class FeedbackView:
    """A feedback and its public answer."""

    id: UUID
    dataset: str
    title: str
    provider: str
    provider_name: str
    kind: str
    text: str
    who: str
    state: FeedbackState
    answer: str
    raised_at: datetime
    due_at: datetime | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class UseView:
    """Something made of open data."""

    id: UUID
    title: str
    link: str
    text: str
    who: str
    datasets: tuple[tuple[str, str], ...]
    state: UseState
    opinion: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One line of the yearly opening list: what a department opens and when."""

    provider: str
    provider_name: str
    key: str
    title: str
    year: int
    planned_on: date | None
    opened_at: datetime | None
    conditional: bool
    update_cycle: str
    state: DatasetState
    late: bool
