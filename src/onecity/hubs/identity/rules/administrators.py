"""三员分立: the three administrators exclude one another, hold no business post and see no business data.

Source: GB/T 22239-2019 level 3, access control and centralised administration. Read the table aloud: the system
administrator keeps the house running and enters people; the security administrator decides who may do what; the
audit administrator reads the trail and nothing else.
"""

from collections.abc import Iterable, Mapping

from onecity.hubs.identity.contracts import Administrator, Permission

__all__ = ["MAY_HOLD", "exclusivity_faults", "holdable", "role_faults"]

MAY_HOLD: Mapping[Administrator, frozenset[str]] = {
    Administrator.SYSTEM: frozenset(
        {
            Permission.ORGANISATION_VIEW,
            Permission.ORGANISATION_EDIT,
            Permission.STAFF_VIEW,
            Permission.STAFF_EDIT,
            "kernel.operation.operate",
        }
    ),
    Administrator.SECURITY: frozenset(
        {
            Permission.ORGANISATION_VIEW,
            Permission.STAFF_VIEW,
            Permission.POST_AUTHORISE,
            Permission.ROLE_VIEW,
            Permission.ROLE_EDIT,
            Permission.SECURITY_EDIT,
        }
    ),
    Administrator.AUDIT: frozenset({Permission.AUDIT_VIEW, "kernel.audit.read"}),
}
_RESERVED = {
    Permission.ORGANISATION_EDIT: Administrator.SYSTEM,
    Permission.STAFF_EDIT: Administrator.SYSTEM,
    Permission.POST_AUTHORISE: Administrator.SECURITY,
    Permission.ROLE_EDIT: Administrator.SECURITY,
    Permission.SECURITY_EDIT: Administrator.SECURITY,
    Permission.AUDIT_VIEW: Administrator.AUDIT,
    "kernel.audit.read": Administrator.AUDIT,
    "kernel.operation.operate": Administrator.SYSTEM,
}
"""Permissions no business role may hold: they belong to one administrator each."""


def holdable(administrator: Administrator, permissions: Iterable[str]) -> frozenset[str]:
    """The part of `permissions` this administrator may use; everything else is dropped even if a row grants it."""
    return frozenset(str(p) for p in permissions) & MAY_HOLD[administrator]


def role_faults(administrator: Administrator | None, permissions: Iterable[str]) -> tuple[str, ...]:
    """Why a role may not hold these permissions; empty when it may."""
    held = frozenset(str(p) for p in permissions)
    if administrator is not None:
        return tuple(f"管理员角色不得包含 {p}" for p in sorted(held - MAY_HOLD[administrator]))
    return tuple(f"{p} 只属于管理员，业务角色不得包含" for p in sorted(held & {str(p) for p in _RESERVED}))


def exclusivity_faults(roles: Iterable[Administrator | None]) -> tuple[str, ...]:
    """Why one account may not hold these roles together: None stands for any business role."""
    held = list(roles)
    administrators = {role for role in held if role is not None}
    if len(administrators) > 1:
        return ("同一账号不得兼任三员中的两员",)
    if administrators and None in held:
        return ("管理员账号不得兼任业务岗位",)
    return ()
