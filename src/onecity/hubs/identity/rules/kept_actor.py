"""An actor as a session keeps it: with its grants, packed by scope. The inverse of each other, nothing is looked up."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from onecity.kernel.actor import Actor, PermissionGrant

__all__ = ["keep", "restore"]


def keep(actor: Actor) -> dict[str, Any]:
    """JSON of the actor; grants of one scope stand together, so that a hundred permissions repeat no organisation."""
    by_scope: dict[tuple[str, str], list[str]] = defaultdict(list)
    for grant in sorted(actor.grants, key=lambda g: (g.organisation, g.area, g.permission)):
        by_scope[(grant.organisation, grant.area)].append(grant.permission)
    grants = [[organisation, area, held] for (organisation, area), held in by_scope.items()]
    return {**actor.to_json(), "grants": grants}


def restore(kept: Mapping[str, Any]) -> Actor:
    """The actor `keep` was given."""
    grants = frozenset(
        PermissionGrant(permission, organisation, area)
        for organisation, area, held in kept.get("grants", ())
        for permission in held
    )
    return replace(Actor.from_json(kept), grants=grants)
