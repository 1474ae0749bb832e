"""What packs may declare to the catalogue: `declares/catalog.yaml`. Validates shape; the rules of the guide are applied by the api."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from onecity.hubs.catalog.contracts import (
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

__all__ = ["Declaration", "DeclaredField", "DeclaredResource", "DeclaredRule"]

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


class DeclaredResource(_Strict):
    """One resource with the national fields. `provider` is an organisation's key; `code` 类项目细目/序号.

    `live` = the data stay in a superior's system and are asked for there; nothing arrives here. `keeps_numbers` = files of
    its versions carry the numbers sealed (a source of a register). `quality`: rules over whole rows.
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


class Declaration(_Strict):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    schema_: Literal[1] = Field(default=1, alias="schema")
    resources: tuple[DeclaredResource, ...] = ()
