"""Tables of the kernel, one aggregate per file. Private: hubs use the functions of `audit`, `events`, `packs` … instead."""

from onecity.kernel.models.audit import AuditRow, AuditSeal
from onecity.kernel.models.event import DeadLetter, EventCursor, EventRow
from onecity.kernel.models.idempotency import IdempotencyKey
from onecity.kernel.models.pack import PackState
from onecity.kernel.models.setting import KernelSetting

__all__ = [
    "AuditRow", "AuditSeal", "DeadLetter", "EventCursor", "EventRow", "IdempotencyKey", "KernelSetting", "PackState",
]  # fmt: skip
