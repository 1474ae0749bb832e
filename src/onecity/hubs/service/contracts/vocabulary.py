"""Words of the service hub: permissions, states, outcomes, levels."""

from enum import StrEnum

__all__ = [
    "ApplicationState",
    "Basis",
    "FieldState",
    "ItemType",
    "Outcome",
    "Permission",
    "RatingLevel",
    "SourceState",
]


class Permission(StrEnum):
    """What an actor may do with services. The first three belong to every resident and firm."""

    APPLY = "service.application.apply"
    VIEW_OWN = "service.application.view_own"
    RATE = "service.application.rate"
    BROWSE = "service.catalogue.browse"
    VIEW = "service.application.view"
    HANDLE = "service.application.handle"
    DECIDE = "service.application.decide"
    STATISTICS = "service.statistics.view"
    MANAGE_ITEMS = "service.item.manage"


class ItemType(StrEnum):
    """Type of an item with its two-digit code (GB/T 39554.1-2020; 20 = public service)."""

    PERMIT = "01"
    CONFIRM = "07"
    PAYMENT = "05"
    OTHER = "10"
    PUBLIC = "20"


class Basis(StrEnum):
    """Why a department's data may be fetched (个人信息保护法 §13): a duty laid down by law, or the person's authorisation."""

    STATUTORY = "statutory"
    AUTHORISATION = "authorisation"
    OWN = "own"


class FieldState(StrEnum):
    """Where one field stands."""

    FILLED = "filled"
    WAITING = "waiting"
    MISSING = "missing"
    MANUAL = "manual"
    DISPUTED = "disputed"
    CORRECTED = "corrected"
    PAPER = "paper"


class SourceState(StrEnum):
    """Where one department's answer stands."""

    PENDING = "pending"
    ANSWERED = "answered"
    EMPTY = "empty"
    WAITING = "waiting"
    REFUSED = "refused"
    PAPER = "paper"


class ApplicationState(StrEnum):
    """Life of an application. The transitions are a table in `rules/lifecycle.py`."""

    DRAFT = "draft"
    WAITING_DATA = "waiting_data"
    IN_REVIEW = "in_review"
    SUPPLEMENT = "supplement"
    QUALIFIED = "qualified"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Outcome(StrEnum):
    """What a rule says of an application: passed by rule, for a person, or not eligible (always checked by a person)."""

    PASS = "pass"
    PERSON = "person"
    INELIGIBLE = "ineligible"


class RatingLevel(StrEnum):
    """好差评, five levels; the last two are bad ratings and open a rectification task (GB/T 39734-2020)."""

    VERY_GOOD = "5"
    GOOD = "4"
    FAIR = "3"
    POOR = "2"
    VERY_POOR = "1"
