"""May this actor do this, here?

Owns: the question (`allows`, `require`), the answer in SQL form (`scopes`, `scope_q`) and the register of all permissions.
Refuses: to know roles or people; the hub `identity` turns posts and roles into the grants an actor carries.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.errors import NotPermitted

if TYPE_CHECKING:
    from django.db.models import Q

__all__ = [
    "PermissionEntry", "Scope", "allows", "built_in", "permissions", "register_permissions", "require", "scope_q", "scopes",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a permission holds: one organisation (or "" all) within one area prefix (or "" all)."""

    organisation: str = ""
    area: str = ""

    def covers(self, organisation: str, area: str) -> bool:
        """Whether a thing of `organisation` lying in `area` is inside. An unknown side ("") is not checked by a bound scope."""
        if self.organisation and organisation != self.organisation:
            return False
        return not self.area or area.startswith(self.area)


@dataclass(frozen=True, slots=True)
class PermissionEntry:
    """One permission as the role editor shows it."""

    code: str
    zh: str
    en: str


_entries: dict[str, PermissionEntry] = {}
_built_in: dict[ActorKind, set[str]] = {kind: set() for kind in ActorKind}


def register_permissions(
    family: type[StrEnum], *, labels: Mapping[StrEnum, tuple[str, str]], resident: Iterable[StrEnum] = (),
    enterprise: Iterable[StrEnum] = (), anonymous: Iterable[StrEnum] = (),
) -> None:  # fmt: skip
    """Declare a hub's permissions (called in `ready()`). Every member needs a label {zh, en}."""
    missing = [member for member in family if member not in labels]
    if missing:
        raise ValueError(f"{family.__module__}.Permission: no label for {', '.join(missing)}")
    _entries.update({str(member): PermissionEntry(str(member), *labels[member]) for member in family})
    _built_in[ActorKind.RESIDENT].update(map(str, resident))
    _built_in[ActorKind.ENTERPRISE].update(map(str, enterprise))
    _built_in[ActorKind.ANONYMOUS].update(map(str, anonymous))


def permissions() -> tuple[PermissionEntry, ...]:
    """All declared permissions by code."""
    return tuple(_entries[code] for code in sorted(_entries))


def built_in(kind: ActorKind) -> frozenset[str]:
    """Permissions everybody of this kind has, without any role. Everybody also has what the anonymous have."""
    return frozenset(_built_in[kind] | _built_in[ActorKind.ANONYMOUS])


def scopes(actor: Actor, permission: str) -> tuple[Scope, ...]:
    """Where the actor holds the permission; empty = nowhere."""
    if actor.kind is ActorKind.SYSTEM or permission in built_in(actor.kind):
        return (Scope(),)
    return tuple(Scope(g.organisation, g.area) for g in actor.grants if g.permission == permission)


def allows(actor: Actor, permission: str, *, organisation: str = "", area: str = "") -> bool:
    """Whether the actor holds `permission` for a thing of `organisation` lying in `area` (both "" = anywhere at all)."""
    held = scopes(actor, permission)
    if not organisation and not area:
        return bool(held)
    return any(scope.covers(organisation, area) for scope in held)


def require(actor: Actor, permission: str, *, organisation: str = "", area: str = "") -> None:
    """Raise NotPermitted unless `allows`."""
    if not allows(actor, permission, organisation=organisation, area=area):
        entry = _entries.get(str(permission))
        named = f"（{entry.zh}）" if entry else ""
        raise NotPermitted(text=f"当前身份没有办理此事的权限{named}", data={"permission": str(permission)})


def scope_q(held: Iterable[Scope], organisation_field: str, area_field: str) -> "Q":
    """The scopes as one SQL condition; area prefixes become ranges, never a check per row in Python."""
    from django.db.models import Q

    condition = Q(pk__in=[])
    for scope in held:
        part = Q()
        if scope.organisation:
            part &= Q(**{organisation_field: scope.organisation})
        if scope.area:
            part &= Q(**{f"{area_field}__gte": scope.area, f"{area_field}__lt": _after(scope.area)})
        if not part:
            return Q()
        condition |= part
    return condition


def _after(prefix: str) -> str:
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)
