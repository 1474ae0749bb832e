"""Words of stewarding: editions, imports, impact, health, departments, handing over."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

__all__ = [
    "AskedAgain",
    "Change",
    "DepartmentView",
    "EditionView",
    "HandoverView",
    "Health",
    "HealthPart",
    "Impact",
    "ImportLine",
    "ImportOutcome",
    "ImportReport",
    "ItemSources",
    "MayAsk",
    "StewardBoard",
    "StockFigures",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two editions, in words. `item` "" = a field of the entry itself."""

    what: str
    before: str
    after: str
    item: str = ""


@dataclass(frozen=True, slots=True)
class EditionView:
    """What an entry said as edition `number`, and what the next one changed. `current` = it says so today."""

    number: int
    at: datetime
    by: str
    changes: tuple[Change, ...]
    current: bool = False


class ImportOutcome(StrEnum):
    """What becomes of an entry of a file."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        """In words."""
        return {"new": "新增", "changed": "修改", "same": "无变化", "refused": "不能导入"}[self.value]


@dataclass(frozen=True, slots=True)
class ImportLine:
    """One entry of a file: where it begins, what becomes of it, why not."""

    line: int
    key: str
    name: str
    outcome: ImportOutcome
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or would do (`applied` False: a dry run, nothing was written)."""

    lines: tuple[ImportLine, ...]
    applied: bool
    digest: str

    def count(self, outcome: ImportOutcome) -> int:
        """Entries with this outcome."""
        return sum(line.outcome is outcome for line in self.lines)


@dataclass(frozen=True, slots=True)
class Impact:
    """Who stands on an entry, and which of them a change or withdrawal would touch."""

    consumers: int
    items: tuple[str, ...]
    lines: tuple[tuple[str, str, str, tuple[str, ...]], ...] = ()
    """(kind, consumer, through, items of it that are touched)"""


@dataclass(frozen=True, slots=True)
class HealthPart:
    """One part of an entry's health: 0–100, or None where it cannot be judged, with the reason in words."""

    name: str
    score: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Health:
    """Health of a resource: the mean of the parts that can be judged."""

    score: int | None
    parts: tuple[HealthPart, ...]


@dataclass(frozen=True, slots=True)
class ItemSources:
    """An item that several resources offer. `named`: the authoritative one, "" = undecided."""

    item: str
    label: str
    sources: tuple[tuple[str, str, str], ...]
    """(resource, its name, provider)"""
    named: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MayAsk:
    """Whether a form may ask the public for an item. `shareable_from`: the resource that has it; `reason`: as stated."""

    allowed: bool
    label: str
    shareable_from: str = ""
    shareable_name: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """A form that asks the public for what could be shared, and why. `asker`: the form, `bundle:<key>` for a bundle."""

    label: str
    type: str
    asker: str
    reason: str
    stated_by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StewardBoard:
    """What waits for a steward. `due`: the nearest deadline among corrections to answer."""

    to_compile: int
    to_answer: int
    to_answer_late: int
    due: datetime | None
    to_review: int
    late: int
    quality: int


@dataclass(frozen=True, slots=True)
class HandoverView:
    """One handing-over with both lists: (key, name) of entries, (id, title) of tasks."""

    id: UUID
    organisation: str
    from_name: str
    to_name: str
    to_account: UUID
    entries: tuple[tuple[str, str], ...]
    tasks: tuple[tuple[str, str], ...]
    reason: str
    at: datetime
    signed_at: datetime | None


@dataclass(frozen=True, slots=True)
class DepartmentView:
    """A provider in figures: holdings, freshness, answers. Rates are (part, whole); a whole of 0 has no rate."""

    code: str
    name: str
    entries: int
    with_data: int
    rows: int
    bytes: int
    fresh: tuple[int, int]
    answered: tuple[int, int]
    uses: int
    by_share: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StockFigures:
    """Stock: measured here, and apart from it what outside holders say of theirs（转引）."""

    entries: int
    published: int
    datasets: int
    rows: int
    bytes: int
    shareable: int
    open: int
    providers: int
    quoted_rows: int
    quoted_bytes: int
    holders: tuple[tuple[str, str, str, int, int, str], ...]
    """(resource, name, holder, rows, bytes, source)"""
