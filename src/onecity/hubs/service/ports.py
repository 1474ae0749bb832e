"""What packs declare or supply to the service hub.

Owns the schema of `declares/service.yaml` and the `Decider` protocol with its registry. Validates; applying is a service.
"""

from datetime import date
from typing import Annotated, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field, model_validator

from onecity.hubs.service.contracts import Facts, GuideOutcome, Verdict

__all__ = [
    "BundleDeclaration", "Decider", "Declaration", "FieldDeclaration", "FieldSource", "ItemDeclaration", "Labels",
    "QuestionDeclaration", "decider", "register_decider",
]  # fmt: skip

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,60}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Labels(_Strict):
    """A text in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class MaterialDeclaration(_Strict):
    """A paper the item asked for before. `replaced_by` names an interface, a certificate type or another material; "" = still asked."""

    key: Key
    labels: Labels
    copies: int = Field(default=1, ge=1, le=9)
    replaced_by: str = ""


class ItemDeclaration(_Strict):
    """One item. Source of the elements: GB/T 39554.1-2020. Promised days may not exceed legal days (working days)."""

    key: Key
    code: str = Field(pattern=r"^\d{12}$", description="basic code, 12 digits")
    labels: Labels
    type: Literal["01", "05", "07", "10", "20"]
    organisation: str = Field(description="key of the organisation that implements it")
    basis: tuple[str, ...] = Field(min_length=1)
    legal_days: int = Field(ge=1, le=200)
    promised_days: int = Field(ge=0, le=200)
    visits_before: int = Field(ge=0, le=9)
    visits_after: int = Field(ge=0, le=9)
    audience: Literal["resident", "enterprise", "both"] = "resident"
    materials: tuple[MaterialDeclaration, ...] = ()
    valid_from: date

    @model_validator(mode="after")
    def _promise_within_law(self) -> "ItemDeclaration":
        if self.promised_days > self.legal_days:
            raise ValueError("promised_days exceeds legal_days")
        return self


class OptionDeclaration(_Strict):
    """One answer of a guiding question; `adds` are tags that fields and sources refer to."""

    key: Key
    labels: Labels
    hint: Labels | None = None
    adds: tuple[Key, ...] = ()


class QuestionDeclaration(_Strict):
    """A guiding question, asked only when one of `when` tags is set (always when empty). At most three per way."""

    key: Key
    labels: Labels
    options: tuple[OptionDeclaration, ...] = Field(min_length=2)
    when: tuple[Key, ...] = ()


class SourceDeclaration(_Strict):
    """One interface of the exchange asked for this bundle, about the applicant or about the person (ward) it is for."""

    interface: Key
    about: Literal["applicant", "person"]
    when: tuple[Key, ...] = Field(default=(), description="asked when one of these tags is set; always when empty")
    required: bool = Field(default=True, description="False: prompts only, never blocks")
    labels: Labels


class FieldSource(_Strict):
    """Where a field's value comes from: one field of one interface, first row."""

    interface: Key
    field: Key


class FieldDeclaration(_Strict):
    """One field of the merged form."""

    key: Key
    labels: Labels
    group: Key
    source: FieldSource | None = None
    kind: Literal["text", "date", "mobile", "choice", "note"] = "text"
    mask: Literal["none", "name", "number", "address", "mobile", "certificate"] = "none"
    required: bool = True
    when: tuple[Key, ...] = ()
    options: tuple[OptionDeclaration, ...] = ()
    disputable: bool = True
    hint: Labels | None = None
    max_length: int = Field(default=200, ge=1, le=2000)
    asked_because: str = Field(
        default="", max_length=500, description="why people are asked although a resource that may be shared has it"
    )


class GroupDeclaration(_Strict):
    """A heading of the form."""

    key: Key
    labels: Labels


class StepDeclaration(_Strict):
    """One dot of the tracker; `states` are the application states (or pack step keys set by `api.move_step`) that light it."""

    key: Key
    labels: Labels
    text: Labels = Field(description="what happens now and until when, for the person")


class BundleDeclaration(_Strict):
    """One 一件事."""

    key: Key
    labels: Labels
    summary: Labels
    icon: str = "file-text"
    owner: str = Field(description="key of the leading organisation")
    items: tuple[Key, ...] = Field(min_length=1)
    for_ward: bool = Field(default=False, description="True: applied for by a guardian on behalf of a ward")
    decider: Key
    process: Key = Field(description="definition key in declares/process.yaml")
    number_series: str = Field(min_length=1, max_length=12, description="代字 of the case number")
    purpose: Labels
    consent_days: int = Field(ge=1, le=365)
    questions: tuple[QuestionDeclaration, ...] = Field(default=(), max_length=6)
    sources: tuple[SourceDeclaration, ...] = ()
    groups: tuple[GroupDeclaration, ...] = Field(min_length=1)
    fields: tuple[FieldDeclaration, ...] = Field(min_length=1)
    steps: tuple[StepDeclaration, ...] = Field(min_length=2)
    messages: dict[Literal["submitted", "waiting", "resumed", "granted", "refused", "supplement", "papers"], Key] = (
        Field(default_factory=dict, description="message templates of declares/support.yaml")
    )

    @model_validator(mode="after")
    def _refers_only_to_known(self) -> "BundleDeclaration":
        interfaces = {source.interface for source in self.sources}
        groups = {group.key for group in self.groups}
        for entry in self.fields:
            if entry.source and entry.source.interface not in interfaces:
                raise ValueError(f"fields.{entry.key}: interface {entry.source.interface!r} is not among sources")
            if entry.group not in groups:
                raise ValueError(f"fields.{entry.key}: group {entry.group!r} is not among groups")
        return self


class Declaration(_Strict):
    """The content of `declares/service.yaml`."""

    items: tuple[ItemDeclaration, ...] = ()
    bundles: tuple[BundleDeclaration, ...] = ()


class Decider(Protocol):
    """The rules of one bundle, supplied by its pack. Pure: reads the facts and the pack's own rule rows, writes nothing."""

    def decide(self, facts: Facts) -> Verdict:
        """Say what the facts mean, naming the rule and its version."""

    def guide(self, outcome: GuideOutcome, area: str) -> GuideOutcome:
        """Complete the outcome of the guide ("do I qualify?"): verdict, category, notes. Works without a login."""

    def category_name(self, category: str) -> str:
        """The category of a verdict in the reader's words."""

    def area_of(self, facts: Facts) -> str:
        """Division (6, 9 or 12 digits) whose organisation handles the application."""

    def handler_of(self, area: str) -> str:
        """Code of the organisation that handles applications of this area."""

    def accepts(self, at: date) -> tuple[bool, str]:
        """Whether applications are taken on that day, and the sentence to show."""

    def check(self, facts: Facts) -> dict[str, str]:
        """Refusals before submitting (child too young …): field key or "" → sentence. {} = may be submitted."""


_deciders: dict[str, Decider] = {}


def register_decider(key: str, decider: Decider) -> None:
    """Supply the rules of the bundles that name `key` (called in a pack's `ready()`)."""
    _deciders[key] = decider


def decider(key: str) -> Decider:
    """The rules named `key`. Raises KeyError when no pack supplied them."""
    return _deciders[key]
