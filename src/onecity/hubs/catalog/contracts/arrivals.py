"""Words of deliveries seen closely: quality by dimension, lineage, lateness, stock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from onecity.hubs.catalog.contracts.data import ArrivalView
from onecity.hubs.catalog.contracts.quality import Dimension

__all__ = [
    "AgentView",
    "ArrivalDetail",
    "ArrivalFilter",
    "FrontDatabase",
    "LatenessView",
    "LineageStep",
    "PullSourceView",
    "ReconciliationView",
    "RuleResult",
    "StockFacts",
]


@dataclass(frozen=True, slots=True)
class ArrivalFilter:
    """What a list of deliveries is narrowed to; `state`: accepted, refused, waiting, held (with rows held back)."""

    resource: str = ""
    state: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class RuleResult:
    """One rule and how many of the checked rows broke it."""

    field: str
    kind: str
    reason: str
    dimension: Dimension
    severity: str
    checked: int
    failed: int


@dataclass(frozen=True, slots=True)
class ArrivalDetail:
    """A delivery with its quality. `scores` 0..1 by dimension; a dimension without rules is missing."""

    view: ArrivalView
    resource_name: str
    provider: str
    provider_name: str
    way: str
    name: str
    format: str
    state: str
    lost: int
    score: float | None
    scores: tuple[tuple[Dimension, float], ...]
    rules: tuple[RuleResult, ...]
    merging: tuple[str, ...]
    sha256: str
    has_held_file: bool


@dataclass(frozen=True, slots=True)
class LatenessView:
    """A resource older than its cycle."""

    resource: str
    resource_name: str
    provider_name: str
    as_of: datetime | None
    due_at: datetime
    days: int
    work_item: UUID | None


@dataclass(frozen=True, slots=True)
class LineageStep:
    """One link between two columns. Names are `namespace/dataset`; `masking` = the value is hidden on the way."""

    source: str
    source_column: str
    target: str
    target_column: str
    job: str
    description: str
    masking: bool
    at: datetime
    run_id: UUID


@dataclass(frozen=True, slots=True)
class StockFacts:
    """What lies in the lake: current versions only. `rows` and `bytes` are of the files, compressed."""

    datasets: int
    rows: int
    bytes: int
    versions: int
    held: int
    as_of: datetime


@dataclass(frozen=True, slots=True)
class AgentView:
    """A front machine: what it may send, the last batch taken in, when it was last heard of."""

    name: str
    provider: str
    resources: tuple[str, ...]
    sequence: int
    seen_at: datetime | None
    stopped: bool


@dataclass(frozen=True, slots=True)
class FrontDatabase:
    """Where a front database is and which table is read. `columns`: item → column there, {} = of the same names.

    `watermark`: a column that only grows, with `keys` (items that name a row); "" = the whole table every time.
    """

    kind: str
    host: str
    port: int
    database: str
    user: str
    password: str = field(repr=False)
    relation: str
    columns: Mapping[str, str] = field(default_factory=dict)
    watermark: str = ""
    keys: tuple[str, ...] = ()
    every_minutes: int = 60


@dataclass(frozen=True, slots=True)
class PullSourceView:
    """A front database that is read from here; no user, no password. `text`: what the last reading gave."""

    id: UUID
    resource: str
    resource_name: str
    shown: str
    relation: str
    watermark: str
    keys: tuple[str, ...]
    every_minutes: int
    next_at: datetime
    last_at: datetime | None
    last_rows: int
    text: str
    failed: bool
    paused: bool


@dataclass(frozen=True, slots=True)
class ReconciliationView:
    """What a front database said it holds, beside what arrived."""

    resource: str
    resource_name: str
    source: str
    front_rows: int
    here_rows: int
    front_hash: str
    here_hash: str
    front_latest: str
    held_rows: int
    matches: bool
    text: str
    at: datetime
