"""What may leave the service hub: items, bundles, guides, applications and their fields.

Owns frozen values. Refuses rows, requests and anything that can be saved.
"""

from onecity.hubs.service.contracts.application import (
    ApplicationFilter,
    ApplicationRow,
    ApplicationView,
    DisputeView,
    Facts,
    FilledField,
    RatingView,
    SubCaseView,
    TrackStep,
    Verdict,
)
from onecity.hubs.service.contracts.catalogue import (
    AreaFigures,
    BundleView,
    GuideOption,
    GuideOutcome,
    GuideQuestion,
    ItemView,
    Label,
    MaterialView,
    Savings,
    SavingsRow,
    SourceNotice,
)
from onecity.hubs.service.contracts.vocabulary import (
    ApplicationState,
    Basis,
    FieldState,
    ItemType,
    Outcome,
    Permission,
    RatingLevel,
    SourceState,
)

__all__ = [
    "ApplicationFilter",
    "ApplicationRow",
    "ApplicationState",
    "ApplicationView",
    "AreaFigures",
    "Basis",
    "BundleView",
    "DisputeView",
    "Facts",
    "FieldState",
    "FilledField",
    "GuideOption",
    "GuideOutcome",
    "GuideQuestion",
    "ItemType",
    "ItemView",
    "Label",
    "MaterialView",
    "Outcome",
    "Permission",
    "RatingLevel",
    "RatingView",
    "Savings",
    "SavingsRow",
    "SourceNotice",
    "SourceState",
    "SubCaseView",
    "TrackStep",
    "Verdict",
]
