"""Words of searching: what is asked, what is found, what the facets count."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

__all__ = ["FACETS", "FacetValue", "SearchFilters", "SearchHit", "SearchOrder", "SearchPage", "Supply", "SynonymGroup"]

FACETS = ("provider", "category", "share", "open", "cycle", "topic", "supply", "level")
"""What results are narrowed by, in the order shown."""


class SearchOrder(StrEnum):
    """What comes first."""

    RELEVANCE = "relevance"
    USE = "use"
    UPDATE = "update"

    @property
    def label(self) -> str:
        """In words."""
        return {"relevance": "相关度", "use": "使用量", "update": "更新时间"}[self.value]


class Supply(StrEnum):
    """How fresh the data behind an entry are（更新情况）."""

    FRESH = "fresh"
    LATE = "late"
    LIVE = "live"
    NONE = "none"
    OUTSIDE = "outside"

    @property
    def label(self) -> str:
        """In words."""
        return {
            "fresh": "按期更新", "late": "逾期更新", "live": "实时提供", "none": "尚无数据", "outside": "外部持有",
        }[self.value]  # fmt: skip


@dataclass(frozen=True, slots=True)
class SearchFilters:
    """What results are narrowed to; within one facet any value will do, several facets must all be met."""

    provider: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    share: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    cycle: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    supply: tuple[str, ...] = ()
    level: tuple[str, ...] = ()
    order: SearchOrder = SearchOrder.RELEVANCE

    def chosen(self, facet: str) -> tuple[str, ...]:
        """The values chosen of a facet."""
        found: tuple[str, ...] = getattr(self, facet)
        return found


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One entry as found: enough for a list. `rows` is measured, 0 without data."""

    key: str
    code: str
    name: str
    provider: str
    provider_name: str
    abstract: str
    items: tuple[str, ...]
    share: str
    open: str
    cycle: str
    level: str
    supply: str
    personal: bool
    rows: int
    uses: int
    as_of: str
    holder: str = ""


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet and how many results it would leave."""

    value: str
    label: str
    count: int
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of results. `marks`: the words to highlight; `loosened`: nothing held all that was asked, shown is what comes
    near; `suggestions`: what may have been meant."""

    items: tuple[SearchHit, ...]
    total: int
    number: int
    size: int
    facets: dict[str, tuple[FacetValue, ...]]
    marks: tuple[str, ...] = ()
    loosened: bool = False
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SynonymGroup:
    """Words that mean the same to those who search. `id` 0 = of the list that comes with the house, which is not edited here."""

    id: int
    words: tuple[str, ...]
    source: str
    valid_from: date
    valid_to: date | None = None
    added_by: str = ""
