"""What packs may declare to the registers: `declares/registers.yaml`. Validates shape and names; applying is a service behind the api."""

from datetime import date
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field, model_validator

from onecity.hubs.registers.contracts.uses import UseReport
from onecity.hubs.registers.rules.files import FILES, file_spec
from onecity.kernel.actor import Actor

__all__ = ["Declaration", "DeclaredCreditRule", "DeclaredFeed", "DeclaredField", "DeclaredSource"]

_KEY = r"^[a-z][a-z0-9_]{0,60}$"
FileKey = Literal["person", "legal", "licence", "penalty", "listing", "commitment", "staff", "case"]
assert set(FileKey.__args__) == {one.key for one in FILES}  # type: ignore[attr-defined]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DeclaredFeed(_Strict):
    """A resource that feeds a file, asked through `interface`. `key` and `when` are columns of the batch."""

    file: FileKey
    resource: str = Field(pattern=_KEY)
    interface: str = Field(pattern=_KEY)
    key: str = Field(pattern=_KEY)
    when: str = Field(default="", pattern=r"^([a-z][a-z0-9_]{0,60})?$")
    establishes: bool = False
    where: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    valid_from: date


class DeclaredSource(_Strict):
    """One source of a field; the first is the authoritative one. `item` "=words" is a constant."""

    resource: str = Field(pattern=_KEY)
    item: str = Field(pattern=r"^(=.{1,60}|[a-z][a-z0-9_]{0,60})$")


class DeclaredField(_Strict):
    """The sources of one field in the order of their rank, the rule when they disagree, and where the rule comes from."""

    file: FileKey
    field: str
    rule: Literal["ranked", "newest", "agreement"] = "ranked"
    compare: Literal["same", "loose", "digits", "never"] = "same"
    sources: tuple[DeclaredSource, ...] = Field(min_length=1)
    source: str = Field(min_length=1)
    valid_from: date

    @model_validator(mode="after")
    def _known(self) -> "DeclaredField":
        if file_spec(self.file).field(self.field) is None:
            raise ValueError(
                f"{self.file} has no field {self.field!r}; it has {', '.join(file_spec(self.file).columns)}"
            )
        return self


class DeclaredCreditRule(_Strict):
    """A rule of public credit: a period, a repair condition or a consequence; `content` by its kind."""

    kind: Literal["period", "repair", "consequence"]
    key: str = Field(pattern=_KEY)
    content: dict[str, Any]
    source: str = Field(min_length=1)
    valid_from: date


class Declaration(_Strict):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    schema_: Literal[1] = Field(default=1, alias="schema")
    feeds: tuple[DeclaredFeed, ...] = ()
    fields: tuple[DeclaredField, ...] = ()
    credit_rules: tuple[DeclaredCreditRule, ...] = ()


class TypicalUse(Protocol):
    """A joint use of departments' data: a pack fulfils it and registers it in its `ready()`.

    `consumer` is the key of the organisation whose grants it uses; `purpose` that of the grants.
    """

    key: str
    title: Any
    about: Any
    consumer: str

    def run(self, actor: Actor) -> UseReport:
        """Ask for the batches, join, decide. Called outside of transactions; raises what the exchange refuses."""
        ...


_uses: dict[str, TypicalUse] = {}


def register_use(use: TypicalUse) -> None:
    """Show a typical use on the desk of the registers; registering again replaces it."""
    _uses[use.key] = use


def registered_uses() -> tuple[TypicalUse, ...]:
    """All typical uses by key."""
    return tuple(use for _, use in sorted(_uses.items()))
