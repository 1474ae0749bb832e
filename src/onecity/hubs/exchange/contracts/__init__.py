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
from onecity.hubs.exchange.contracts.delivery import BatchMembership, BatchView, Change, ChangeKind, ChangesPage

__all__ = [
    "RESIDENT_PERMISSIONS", "AccessView", "Basis", "BatchMembership", "BatchView", "CallRequest", "CallResult", "Change",
    "ChangeKind", "ChangesPage", "ClientView", "ConsentState", "ConsentView", "GrantFilter", "GrantState", "GrantView",
    "InterfaceView", "Mode", "Permission", "RefusalCode", "RequestState", "RequestView", "SourceState", "SourceStatus",
    "VerifyReport",
]  # fmt: skip
