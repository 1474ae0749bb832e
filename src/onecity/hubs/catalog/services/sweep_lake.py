"""Files of the lake that nobody needs: versions beyond those kept, drafts of killed processes, files nothing points to."""

import time
from pathlib import Path

from onecity.hubs.catalog.adapters import lake
from onecity.hubs.catalog.models import Arrival, Resource, Version
from onecity.hubs.catalog.services.lookup import quality_row

__all__ = ["sweep_lake"]

_SAFE_SECONDS = 24 * 3600


def sweep_lake(*, safe_seconds: float = _SAFE_SECONDS) -> int:
    """Remove what is older than `safe_seconds` and needed by nobody; returns how many files. The record of a version stays."""
    _forget_old_versions(int(quality_row("kept_files")["value"]))
    named = set(Version.objects.exclude(file="").values_list("file", flat=True))
    named |= set(Arrival.objects.exclude(held_file="").values_list("held_file", flat=True))
    named |= set(Arrival.objects.filter(state="waiting").values_list("waiting_file", flat=True))
    root, before, removed = lake.absolute("lake"), time.time() - safe_seconds, 0
    for path in root.rglob("*") if root.exists() else ():
        if path.is_file() and f"lake/{path.relative_to(root)}" not in named and _older(path, before):
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def _older(path: Path, before: float) -> bool:
    try:
        return path.stat().st_mtime < before
    except FileNotFoundError:
        return False


def _forget_old_versions(kept: int) -> None:
    for key, number in Resource.objects.filter(version__gt=kept).values_list("id", "version"):
        Version.objects.filter(resource_id=key, number__lte=number - kept).exclude(file="").update(file="")
