"""`python -m onecity.site.checks.systems`: every named system has exactly one owner that exists in this house, or "later".

Owns: the reading of `systems.toml` for the check. Refuses: to say how complete a row is; that is for stories and tests.
"""

import sys
import tomllib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

__all__ = ["COUNT", "LATER", "owners_in", "problems"]

COUNT = 238
LATER = "later"


def owners_in(source: Path) -> frozenset[str]:
    """Hubs with a front door and packs with a manifest below `source` (src/onecity)."""
    hubs = {path.parent.name for path in (source / "hubs").glob("*/apps.py")}
    packs = {path.parent.name for path in (source / "scenarios").glob("*/pack.toml")}
    return frozenset(hubs | packs)


def problems(root: Path) -> Iterator[str]:
    """One sentence per missing, doubled or ownerless row of `systems.toml` below `root`."""
    path = root / "systems.toml"
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, tomllib.TOMLDecodeError) as error:
        yield f"systems.toml: {error}"
        return
    yield from _faults(content, owners_in(root / "src" / "onecity"))


def _faults(content: Mapping[str, Any], owners: Collection[str]) -> Iterator[str]:
    rows: list[Mapping[str, Any]] = content.get("system", [])
    counted = Counter(str(row.get("id", "")) for row in rows)
    for number in range(1, COUNT + 1):
        found = counted.pop(f"{number:03d}", 0)
        if found != 1:
            yield f"systems.toml: {number:03d} stands {found} times, must stand once"
    yield from (f"systems.toml: {unknown!r} is no row of the programme" for unknown in counted)
    for row in rows:
        yield from _row_faults(row, content.get("groups", {}), owners)


def _row_faults(row: Mapping[str, Any], groups: Mapping[str, str], owners: Collection[str]) -> Iterator[str]:
    name, owner = row.get("id", "?"), row.get("owner")
    if not isinstance(owner, str) or not owner:
        yield f"systems.toml: {name} needs exactly one owner, a hub, a pack or {LATER!r}"
    elif owner != LATER and owner not in owners:
        yield f"systems.toml: {name} is owned by {owner!r}, which is neither a hub nor a pack of this house"
    if not row.get("name"):
        yield f"systems.toml: {name} has no name"
    if row.get("group") not in groups:
        yield f"systems.toml: {name} stands in unknown group {row.get('group')!r}"


def main() -> int:
    """Print what is wrong; 1 if anything is."""
    sentences = list(problems(Path(__file__).resolve().parents[4]))
    for sentence in sentences:
        print(sentence)
    return min(len(sentences), 1)


if __name__ == "__main__":
    sys.exit(main())
