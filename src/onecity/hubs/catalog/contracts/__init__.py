"""What may leave the catalogue: frozen values and enums. Owns no behaviour beyond naming.

Source of the national fields: 政务信息资源目录编制指南（试行）2017, GB/T 21063.
"""

from onecity.hubs.catalog.contracts.arrivals import (
    AgentView,
    ArrivalDetail,
    ArrivalFilter,
    LatenessView,
    LineageStep,
    ReconciliationView,
    RuleResult,
    StockFacts,
)
from onecity.hubs.catalog.contracts.corrections import CorrectionOutcome, CorrectionState, CorrectionView
from onecity.hubs.catalog.contracts.data import (
    ArrivalView,
    QuarantinedRow,
    Ticket,
    VersionAnswer,
    VersionFile,
    VersionView,
)
from onecity.hubs.catalog.contracts.entries import (
    DataLevel,
    FieldSpec,
    FieldType,
    Lifecycle,
    OpenType,
    PublishedEntry,
    ResourceFilter,
    ResourceView,
    ShareMode,
    ShareType,
    StewardFigures,
    UpdateCycle,
    current_relation,
)
from onecity.hubs.catalog.contracts.permissions import RESIDENT_PERMISSIONS, Permission
from onecity.hubs.catalog.contracts.quality import Dimension, RuleKind, RuleSpec, Severity
from onecity.hubs.catalog.contracts.search import (
    FACETS,
    FacetValue,
    SearchFilters,
    SearchHit,
    SearchOrder,
    SearchPage,
    Supply,
)
from onecity.hubs.catalog.contracts.stewarding import (
    AskedAgain,
    Change,
    DepartmentView,
    EditionView,
    HandoverView,
    Health,
    HealthPart,
    Impact,
    ImportLine,
    ImportOutcome,
    ImportReport,
    ItemSources,
    MayAsk,
    StewardBoard,
    StockFigures,
)

__all__ = [
    "FACETS", "RESIDENT_PERMISSIONS", "AgentView", "ArrivalDetail", "ArrivalFilter", "ArrivalView", "AskedAgain", "Change",
    "CorrectionOutcome", "CorrectionState", "CorrectionView", "DataLevel", "DepartmentView", "Dimension",
    "EditionView", "FacetValue", "FieldSpec", "FieldType", "HandoverView", "Health", "HealthPart", "Impact",
    "ImportLine", "ImportOutcome", "ImportReport", "ItemSources", "LatenessView", "Lifecycle", "LineageStep",
    "MayAsk", "OpenType", "Permission", "PublishedEntry", "QuarantinedRow",
    "ReconciliationView", "ResourceFilter", "ResourceView",
    "RuleKind", "RuleResult", "RuleSpec", "SearchFilters", "SearchHit", "SearchOrder", "SearchPage", "Severity",
    "ShareMode", "ShareType", "StewardBoard", "StewardFigures", "StockFacts", "StockFigures", "Supply", "Ticket",
    "UpdateCycle", "VersionAnswer", "VersionFile", "VersionView", "current_relation",
]  # fmt: skip
