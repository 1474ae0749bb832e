"""The lists behind the board's figures and behind a grant."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

__all__ = ["CallFilter", "CallLine", "GrantUse", "LateLine"]


@dataclass(frozen=True, slots=True)
class GrantUse:
    """Who used a grant, and for what. `calls` answered, `rows` that left with them, `refused` ones."""

    who: str
    purpose: str
    matter: str
    calls: int
    rows: int
    refused: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class CallFilter:
    """Which accesses: answered or refused ones ("" = both), between which organisations (codes)."""

    outcome: str = ""
    provider: str = ""
    consumer: str = ""


@dataclass(frozen=True, slots=True)
class CallLine:
    """One access of the board's window; the person it was about is not in it."""

    at: datetime
    interface_name: str
    provider_name: str
    consumer_name: str
    who: str
    purpose: str
    matter: str
    kind: str
    rows: int
    outcome_text: str
    answered: bool


@dataclass(frozen=True, slots=True)
class LateLine:
    """A request that was answered late or is late still. `days`: working days are the desk's; these are days of the calendar."""

    request_id: UUID
    interface_name: str
    provider_name: str
    consumer_name: str
    state: str
    due_at: datetime
    answered_at: datetime | None
    supervised_at: datetime | None
    days: int
