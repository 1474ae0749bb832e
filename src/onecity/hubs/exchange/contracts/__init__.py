"""What may leave the exchange: frozen values and enums, one file per subject. Plain Python, shared by web, worker and gateway."""

from onecity.hubs.exchange.contracts.core import (
    RESIDENT_PERMISSIONS,
    AccessView,
    Basis,
    CallRequest,
    CallResult,
    ClientView,
    ConsentState,
    ConsentView,
    GrantFilter,
    GrantState,
    GrantView,
    InterfaceView,
    Mode,
    Permission,
    RefusalCode,
    RequestState,
    RequestView,
    SourceState,
    SourceStatus,
    VerifyReport,
)
from onecity.hubs.exchange.contracts.delivery import (
    BatchMembership,
    BatchView,
    Change,
    ChangeKind,
    ChangesPage,
    ListPage,
)
from onecity.hubs.exchange.contracts.desk import (
    ComplaintFinding,
    ComplaintState,
    ComplaintView,
    DisputeLevel,
    DisputeState,
    DisputeView,
    Funnel,
    RequestTimes,
    StepLine,
    TiedKind,
)

__all__ = [
    "AccessView", "Basis", "BatchMembership", "BatchView", "CallRequest", "CallResult", "Change", "ChangeKind",
    "ChangesPage", "ClientView", "ComplaintFinding", "ComplaintState", "ComplaintView", "ConsentState", "ConsentView",
    "DisputeLevel", "DisputeState", "DisputeView", "Funnel", "GrantFilter", "GrantState", "GrantView",
    "InterfaceView", "ListPage", "Mode", "Permission", "RESIDENT_PERMISSIONS", "RefusalCode", "RequestState",
    "RequestTimes", "RequestView", "SourceState", "SourceStatus", "StepLine", "TiedKind", "VerifyReport",
]  # fmt: skip
