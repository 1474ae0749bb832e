"""The permissions that belong to no hub: reading the audit trail, the dead letters and the state of packs.

Owns: their codes and labels. Refuses: to grant them; roles do.
"""

from enum import StrEnum

from onecity.kernel.policy import register_permissions

__all__ = ["Permission", "register"]


class Permission(StrEnum):
    """What operators and the audit administrator may see of the kernel."""

    READ_AUDIT = "kernel.audit.read"
    OPERATE = "kernel.operation.operate"


def register() -> None:
    """Called once in `ready()`."""
    register_permissions(
        Permission,
        labels={
            Permission.READ_AUDIT: ("查阅审计日志", "Read the audit trail"),
            Permission.OPERATE: ("运行维护", "Operate the platform"),
        },
    )
