"""Roles as rows: declared by a pack or by hand, adjusted by the security administrator; sessions follow at once."""

from collections.abc import Iterable, Mapping

from onecity.hubs.identity.contracts import Administrator, Permission, RoleView
from onecity.hubs.identity.errors import UnknownRole, WrongRole
from onecity.hubs.identity.events import RoleChanged
from onecity.hubs.identity.models import Role
from onecity.hubs.identity.ports import Declaration
from onecity.hubs.identity.queries.security import role_view
from onecity.hubs.identity.rules.administrators import role_faults
from onecity.hubs.identity.services.staleness import refresh_holders
from onecity.kernel import audit, policy
from onecity.kernel.actor import Actor
from onecity.kernel.clock import today
from onecity.kernel.events import publish
from onecity.kernel.policy import require

__all__ = ["adjust_role", "apply_declaration", "define_role"]

SCOPES = ("organisation", "area", "city")


def define_role(
    actor: Actor,
    *,
    key: str,
    labels: Mapping[str, str],
    permissions: Iterable[str],
    scope: str = "organisation",
    pack: str = "",
) -> RoleView:
    """Make or replace a business role; what an operator added or removed stays. Idempotent.

    Raises NotPermitted, WrongRole (unknown or reserved permission, key of another pack).
    """
    require(actor, Permission.ROLE_EDIT)
    wanted = sorted({str(p) for p in permissions})
    row = Role.objects.select_for_update().filter(key=key).first()
    if row is not None and (row.pack != pack or row.administrator):
        raise WrongRole(text=f"角色 {key} 已由其他来源定义", data={"key": f"roles.{key}", "owner": row.pack})
    _judge(key, wanted, scope, None)
    facts = {"labels": dict(labels), "permissions": wanted, "scope": scope, "valid_to": None}
    if row is None:
        row = Role.objects.create(key=key, pack=pack, valid_from=today(), **facts)
    elif all(getattr(row, name) == value for name, value in facts.items()):
        return role_view(row)
    else:
        for name, value in facts.items():
            setattr(row, name, value)
        row.save()
    _announce(actor, row, "identity.define_role", {"permissions": wanted, "scope": scope, "pack": pack})
    return role_view(row)


def adjust_role(actor: Actor, *, key: str, added: Iterable[str] = (), removed: Iterable[str] = ()) -> RoleView:
    """Set the operator's overlay of a role. Raises NotPermitted, UnknownRole, WrongRole."""
    require(actor, Permission.ROLE_EDIT)
    row = Role.objects.select_for_update().filter(key=key, valid_to=None).first()
    if row is None:
        raise UnknownRole(data={"roles": [key]})
    declared = set(row.permissions)
    row.added = sorted({str(p) for p in added} - declared)
    row.removed = sorted({str(p) for p in removed} & declared)
    _judge(key, row.added, row.scope, Administrator(row.administrator) if row.administrator else None)
    row.save(update_fields=["added", "removed"])
    _announce(actor, row, "identity.adjust_role", {"added": row.added, "removed": row.removed})
    return role_view(row)


def apply_declaration(actor: Actor, pack: str, content: Declaration) -> None:
    """All roles of one pack; a role no longer declared ends, its holders lose it at once."""
    for role in content.roles:
        define_role(
            actor,
            key=role.key,
            labels=role.labels.model_dump(),
            permissions=role.permissions,
            scope=role.scope,
            pack=pack,
        )
    kept = [role.key for role in content.roles]
    for row in Role.objects.select_for_update().filter(pack=pack, valid_to=None).exclude(key__in=kept):
        row.valid_to = today()
        row.save(update_fields=["valid_to"])
        _announce(actor, row, "identity.end_role", {"pack": pack})


def _judge(key: str, permissions: Iterable[str], scope: str, administrator: Administrator | None) -> None:
    known = {entry.code for entry in policy.permissions()}
    wanted = list(permissions)
    faults = [f"没有名为 {p} 的权限" for p in wanted if p not in known]
    faults += role_faults(administrator, wanted)
    if scope not in SCOPES:
        faults.append("范围应为 organisation、area、city 之一")
    if faults:
        raise WrongRole(hint="；".join(faults), data={"key": f"roles.{key}", "reasons": faults})


def _announce(actor: Actor, row: Role, act: str, data: Mapping[str, object]) -> None:
    refresh_holders(row.key)
    audit.record(actor, act, target="identity.role", target_id=row.key, data=data)
    publish(actor, RoleChanged(row.key), key=row.key)
