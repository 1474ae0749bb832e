"""Keys and counts as they leave open data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

__all__ = ["KeyView", "UsageTotals"]


@dataclass(frozen=True, slots=True)
class KeyView:
    """An API key without its secret. `per_minute` calls allowed, `used_today` so far."""

    id: UUID
    name: str
    hint: str
    per_minute: int
    per_day: int
    used_today: int
    made_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class UsageTotals:
    """Counts with their definitions kept in one place (`definitions`)."""

    datasets: int
    departments: int
    rows: int
    downloads: int
    calls: int
    keys: int
    by_day: tuple[tuple[date, int, int], ...] = ()
    definitions: Mapping[str, str] = field(default_factory=dict)
