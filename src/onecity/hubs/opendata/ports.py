"""What packs may declare to open data: `declares/opendata.yaml`. Validates shape; applying is a service behind the api."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Acceptance", "Declaration", "DeclaredDataset"]

_NAME = r"^[a-z][a-z0-9_]{0,60}$"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Acceptance(_Strict):
    """A finding the department answers for: why the law lets this column be published nevertheless."""

    column: str = Field(pattern=_NAME)
    rule: str = Field(min_length=1)
    basis: str = Field(min_length=6)


class DeclaredDataset(_Strict):
    """One line of the opening list. `key` is the resource's; `fields` empty = all its items but identifiers.

    `indexed` may be filtered and sorted by machines; `quasi` and `counts` are what the release check groups and counts.
    `signed` False = in the demonstration too the sheet waits for people.
    """

    key: str = Field(pattern=_NAME)
    interface: str = ""
    title: str = ""
    title_en: str = ""
    abstract: str = ""
    topics: tuple[str, ...] = Field(min_length=1, max_length=3)
    tags: tuple[str, ...] = Field(default=(), max_length=8)
    licence: str = "city-open-1.0"
    fields: tuple[str, ...] = ()
    indexed: tuple[str, ...] = Field(default=(), max_length=12)
    quasi: tuple[str, ...] = ()
    counts: tuple[str, ...] = ()
    accepted: tuple[Acceptance, ...] = ()
    latitude: str = ""
    longitude: str = ""
    year: int = Field(default=2026, ge=2012, le=2100)
    planned_on: date | None = None
    signed: bool = True


class Declaration(_Strict):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    schema_: Literal[1] = Field(default=1, alias="schema")
    datasets: tuple[DeclaredDataset, ...] = ()
