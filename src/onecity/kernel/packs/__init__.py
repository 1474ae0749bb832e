"""Scenario packs: found, checked, applied, switched.

Owns: `pack.toml`, the graph of packs, handing each declaration to the hub that owns its schema, and the enabled switch.
Refuses: to understand a declaration; the hub's schema validates it and the hub's front door applies it. A bad pack is refused
with file, key and hint, and never stops the others.
"""

from onecity.kernel.pack_discovery import discover
from onecity.kernel.pack_manifest import Manifest, PackProblem
from onecity.kernel.packs.apply import apply_all, check_all, declared_schemas, register_port
from onecity.kernel.packs.state import enabled, set_enabled, states

__all__ = [
    "Manifest", "PackProblem", "apply_all", "check_all", "declared_schemas", "discover", "enabled", "register_port",
    "set_enabled", "states",
]  # fmt: skip
