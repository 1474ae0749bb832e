"""Installed is not enabled: the switch of each pack, asked on every request, subscription and job.

Owns: the switch and its short cache. Refuses: to remove a pack's data.
"""

import time
from dataclasses import dataclass

from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.errors import NotFound
from onecity.kernel.models import PackState
from onecity.kernel.permissions import Permission
from onecity.kernel.policy import require

__all__ = ["PackStateView", "enabled", "forget", "set_enabled", "states"]

_KEPT_SECONDS = 1.0
_cached: tuple[float, frozenset[str]] = (float("-inf"), frozenset())


@dataclass(frozen=True, slots=True)
class PackStateView:
    """A pack as the operator sees it; `problem` is {} or {file, key, hint}."""

    pack: str
    version: str
    enabled: bool
    problem: dict[str, str]


def enabled(pack: str) -> bool:
    """Whether a pack is applied and switched on (at most one second late)."""
    global _cached
    if time.monotonic() - _cached[0] > _KEPT_SECONDS:
        rows = PackState.objects.filter(enabled=True).exclude(digest="").values_list("pack", flat=True)
        _cached = (time.monotonic(), frozenset(rows))
    return pack in _cached[1]


def forget() -> None:
    """Ask the table again at the next question."""
    global _cached
    _cached = (float("-inf"), frozenset())


def set_enabled(actor: Actor, /, *, pack: str, on: bool) -> None:
    """Switch a pack. Raises NotFound."""
    require(actor, Permission.OPERATE)
    if not PackState.objects.filter(pk=pack).update(enabled=on):
        raise NotFound("kernel.pack.not_found", f"没有安装场景包 {pack}")
    audit.record(actor, "kernel.set_pack_enabled", target="kernel.pack", target_id=pack, data={"on": on})
    forget()


def states() -> list[PackStateView]:
    """All packs by name."""
    return [PackStateView(r.pack, r.version, r.enabled, r.problem) for r in PackState.objects.order_by("pack")]
