"""What packs may declare to the catalogue (`declares/catalog.yaml`), and what hubs above tell it: who stands on a resource.

Validates shape; the rules of the guide are applied by the api.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

from onecity.hubs.catalog.contracts import (
    DataLevel,
    Dimension,
    FieldType,
    OpenType,
    RuleKind,
    RuleSpec,
    Severity,
    ShareMode,
    ShareType,
    UpdateCycle,
)

__all__ = [
    "Consumer", "Consumers", "Declaration", "DeclaredField", "DeclaredResource", "DeclaredRule", "Quoted",
    "consumers_of", "register_consumers", "uses_of_all",
]  # fmt: skip

_NAME = r"^[a-z][a-z0-9_]{0,40}$"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DeclaredRule(_Strict):
    """One quality rule; `dimension` "" = where GB/T 36344 puts its kind."""

    kind: RuleKind
    params: dict[str, Any] = Field(default_factory=dict)
    dimension: Literal[""] | Dimension = ""
    severity: Severity = Severity.ERROR

    def spec(self) -> RuleSpec:
        """As the hub works with it."""
        return RuleSpec.of(self.kind, dimension=self.dimension, severity=self.severity, **self.params)


class DeclaredField(_Strict):
    """One information item（信息项）."""

    name: str = Field(pattern=_NAME)
    label: str = Field(min_length=1, max_length=60)
    type: FieldType = FieldType.TEXT
    length: int = Field(default=0, ge=0, le=10_000)
    required: bool = False
    personal: bool = False
    sensitive: bool = False
    quality: tuple[DeclaredRule, ...] = ()
    masked: str = Field(default="", max_length=40)
    synonyms: tuple[str, ...] = ()


class Quoted(_Strict):
    """What an outside holder itself says of its amount（转引）. Shown beside, never added to what we measure."""

    rows: int = Field(default=0, ge=0)
    bytes: int = Field(default=0, ge=0)
    source: str = Field(min_length=1, max_length=200)


class DeclaredResource(_Strict):
    """One resource with the national fields. `provider` is an organisation's key; `code` 类项目细目/序号.

    `live` = the data stay in a superior's system and are asked for there; nothing arrives here. `keeps_numbers` = files of
    its versions carry the numbers sealed (a source of a register). `quality`: rules over whole rows. `holder`: an outside
    body that keeps the data; the entry describes and counts, nothing is copied.
    """

    key: str = Field(pattern=_NAME)
    code: str
    name: str = Field(min_length=1, max_length=120)
    provider: str = Field(min_length=1)
    abstract: str = Field(min_length=1)
    format: str = "数据库"
    fields: tuple[DeclaredField, ...] = Field(min_length=1)
    share_type: ShareType
    basis: str = ""
    share_mode: ShareMode = ShareMode.INTERFACE
    open_type: OpenType = OpenType.NOT_OPEN
    open_condition: str = ""
    update_cycle: UpdateCycle = UpdateCycle.DAILY
    related: tuple[str, ...] = ()
    secret: bool = False
    live: bool = False
    keeps_numbers: bool = False
    quality: tuple[DeclaredRule, ...] = ()
    level: DataLevel = DataLevel.GENERAL
    holder: str = Field(default="", max_length=120)
    quoted: Quoted | None = None
    topics: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


class Declaration(_Strict):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    schema_: Literal[1] = Field(default=1, alias="schema")
    resources: tuple[DeclaredResource, ...] = ()


@dataclass(frozen=True, slots=True)
class Consumer:
    """Somebody who stands on a resource: who, in which way (an interface, an open dataset, a register), which items."""

    kind: str
    consumer: str
    consumer_name: str
    through: str
    fields: tuple[str, ...]
    purpose: str = ""


class Consumers(Protocol):
    """A hub above tells who stands on what. Registered in its `ready()`; asked before an entry changes."""

    def consumers_of(self, resource: str) -> Sequence[Consumer]:
        """Live consumers of a resource."""
        ...

    def uses_of_all(self, days: int) -> dict[str, int]:
        """Uses of each resource in the last `days` natural days; resources nobody used are left out."""
        ...


_consumers: dict[str, Consumers] = {}


def register_consumers(name: str, source: Consumers) -> None:
    """Let a hub answer; registering the same name again replaces it."""
    _consumers[name] = source


def consumers_of(resource: str) -> tuple[Consumer, ...]:
    """Everybody any hub knows of, in the order hubs registered."""
    return tuple(one for source in _consumers.values() for one in source.consumers_of(resource))


def uses_of_all(days: int) -> dict[str, int]:
    """Uses of all resources, all hubs added up."""
    total: dict[str, int] = {}
    for source in _consumers.values():
        for resource, uses in source.uses_of_all(days).items():
            total[resource] = total.get(resource, 0) + uses
    return total
