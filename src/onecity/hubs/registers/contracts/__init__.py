"""What may leave the registers: frozen values, one file per register. Owns no behaviour. Refuses numbers."""

from onecity.hubs.registers.contracts.credit import (
    CreditEntry,
    CreditFile,
    CreditMatterView,
    CreditTotals,
    CreditVerdict,
    MatterKind,
    MatterState,
    VerdictEffect,
)
from onecity.hubs.registers.contracts.entities import (
    BuildView,
    ConflictView,
    EntityView,
    FieldValue,
    Figure,
    FoundEntity,
    Moment,
    SourceRow,
    StateView,
)
from onecity.hubs.registers.contracts.population import (
    OWN_PERMISSIONS,
    GuardianView,
    LoadReport,
    Permission,
    PersonView,
)
from onecity.hubs.registers.contracts.uses import UseFigure, UseProof, UseReport, UseRow

__all__ = [
    "OWN_PERMISSIONS", "BuildView", "ConflictView", "CreditEntry", "CreditFile", "CreditMatterView", "CreditTotals",
    "CreditVerdict", "EntityView", "FieldValue", "Figure", "FoundEntity", "GuardianView", "LoadReport", "MatterKind", "MatterState",
    "Moment", "Permission", "PersonView", "SourceRow", "StateView", "UseFigure", "UseProof", "UseReport", "UseRow", "VerdictEffect",
]  # fmt: skip
