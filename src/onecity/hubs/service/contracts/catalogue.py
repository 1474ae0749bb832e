"""What the city offers: items, bundles, the guide, savings."""

from collections.abc import Mapping
from dataclasses import dataclass

from onecity.hubs.service.contracts.vocabulary import (
    Basis,
    ItemType,
)

__all__ = [
    "AreaFigures",
    "BundleView",
    "GuideOption",
    "GuideOutcome",
    "GuideQuestion",
    "ItemView",
    "Label",
    "MaterialView",
    "Savings",
    "SavingsRow",
    "SourceNotice",
]


@dataclass(frozen=True, slots=True)
class Label:
    """A text in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class MaterialView:
    """One paper an item used to ask for, and what replaces it ("" = still asked)."""

    key: str
    name: str
    copies: int
    replaced_by: str


@dataclass(frozen=True, slots=True)
class ItemView:
    """One item of the implementation list."""

    key: str
    code: str
    name: str
    type: ItemType
    organisation: str
    organisation_name: str
    legal_days: int
    promised_days: int
    basis: tuple[str, ...]
    materials: tuple[MaterialView, ...]
    visits_before: int
    visits_after: int
    audience: str
    contact_phone: str
    version: int


@dataclass(frozen=True, slots=True)
class Savings:
    """What the way without papers saves, per application, computed from the items' definitions. Days are working days."""

    papers_before: int
    papers_after: int
    visits_before: int
    visits_after: int
    days_before: int
    days_after: int


@dataclass(frozen=True, slots=True)
class SavingsRow:
    """Savings of many applications of one bundle."""

    bundle: str
    bundle_name: str
    applications: int
    papers_saved: int
    visits_saved: int
    days_saved: int
    definition: str


@dataclass(frozen=True, slots=True)
class AreaFigures:
    """How submitted applications of one district stand; `by_rule` were passed by rule alone."""

    area: str
    submitted: int
    by_rule: int
    by_person: int
    waiting: int
    finished: int


@dataclass(frozen=True, slots=True)
class GuideOption:
    """One answer."""

    key: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class GuideQuestion:
    """One guiding question; at most three are asked."""

    key: str
    text: str
    options: tuple[GuideOption, ...]
    number: int
    of_most: int


@dataclass(frozen=True, slots=True)
class SourceNotice:
    """What the person is told or asked before data are fetched: who provides what, on which basis."""

    interface: str
    name: str
    provider_name: str
    field_labels: tuple[str, ...]
    basis: Basis
    legal_basis: str
    retention: str = ""


@dataclass(frozen=True, slots=True)
class GuideOutcome:
    """Either the next `question`, or what follows from the answers."""

    question: GuideQuestion | None
    answers: Mapping[str, str]
    verdict: str = ""
    category: str = ""
    notes: tuple[str, ...] = ()
    sources: tuple[SourceNotice, ...] = ()
    savings: Savings | None = None
    may_apply: bool = True


@dataclass(frozen=True, slots=True)
class BundleView:
    """One 一件事."""

    key: str
    name: str
    summary: str
    pack: str
    owner: str
    owner_name: str
    items: tuple[ItemView, ...]
    savings: Savings
    open_text: str
    accepts: bool
    departments: tuple[str, ...]
    for_ward: bool
    icon: str = "file-text"
