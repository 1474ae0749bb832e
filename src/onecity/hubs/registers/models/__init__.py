"""Tables of the registers. Private to the hub."""

from onecity.hubs.registers.models.credit import (
    CommitmentRecord,
    CreditMatter,
    CreditRule,
    ListingRecord,
    PenaltyRecord,
)
from onecity.hubs.registers.models.enforcement import CaseRecord, StaffRecord
from onecity.hubs.registers.models.fusion import Build, Conflict, Feed, FieldSource
from onecity.hubs.registers.models.legal import LegalRecord
from onecity.hubs.registers.models.licence import LicenceRecord
from onecity.hubs.registers.models.population import Guardianship, Person, PersonRecord
from onecity.hubs.registers.models.resolution import (
    ResolutionAct,
    ResolutionAlias,
    ResolutionKey,
    ResolutionLink,
    ResolutionMembership,
    ResolutionModel,
    ResolutionRecord,
    ResolutionReview,
    ResolutionRuling,
    ResolutionSplit,
)

__all__ = [
    "Build", "CaseRecord", "CommitmentRecord", "Conflict", "CreditMatter", "CreditRule", "Feed", "FieldSource", "Guardianship",
    "LegalRecord", "LicenceRecord", "ListingRecord", "PenaltyRecord", "Person", "PersonRecord", "ResolutionAct",
    "ResolutionAlias", "ResolutionKey", "ResolutionLink", "ResolutionMembership", "ResolutionModel", "ResolutionRecord",
    "ResolutionReview", "ResolutionRuling", "ResolutionSplit", "StaffRecord",
]  # fmt: skip
