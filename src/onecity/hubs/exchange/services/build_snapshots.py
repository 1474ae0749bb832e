"""Keeps the gateway's look-up files at the newest published versions and corrections. Runs in the worker process, builds in a child.

A version that cannot be built leaves the one before in force and is told in the log; it is tried again at the next pass.
"""

import json
import logging
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from django.conf import settings
from django.db import connection

from onecity.hubs.catalog import api as catalog
from onecity.hubs.catalog.contracts import VersionFile
from onecity.hubs.exchange.edge.places import snapshots_of
from onecity.hubs.exchange.edge.snapshot_builder import Job, Manifest, in_force, manifest_path
from onecity.hubs.exchange.models import Interface

__all__ = ["build_snapshots", "snapshot_folder"]

logger = logging.getLogger("onecity.exchange")

_PATIENCE_SECONDS = 3600
_failed: dict[str, str] = {}


def snapshot_folder() -> Path:
    """Where the gateway's workers look."""
    return snapshots_of(Path(settings.ONECITY_HOME), str(connection.settings_dict["NAME"]))


def build_snapshots() -> int:
    """Build what is new; returns how many resources were switched."""
    wanted: dict[str, set[str]] = {}
    for resource, key in Interface.objects.filter(valid_to=None, source="").values_list("resource", "key_field"):
        wanted.setdefault(resource, set()).add(f"{key}_ref")
    switched = 0
    for file in catalog.current_files():
        keys = tuple(sorted(wanted.get(file.resource, set()) & set(file.columns)))
        if keys and _refresh(file, keys):
            switched += 1
    return switched


def _refresh(file: VersionFile, keys: tuple[str, ...]) -> bool:
    """Bring one resource up to date. False when it is already, or when it cannot be."""
    folder = snapshot_folder()
    columns = tuple(name for name in file.columns if not name.endswith("_sealed"))
    job = Job(str(folder), file.resource, file.number, file.path, file.as_of.isoformat(), columns, keys, file.sha256)
    overlay = tuple(catalog.overlay_of(file.resource))
    held = in_force(folder, job)
    if held is not None and held.overlay == overlay:
        return False
    if _failed.get(file.resource) == file.sha256 and held is None and manifest_path(folder, file.resource).exists():
        return False
    return _built(job, overlay, file.sha256)


def _built(job: Job, overlay: tuple[tuple[str, str, str], ...], digest: str) -> bool:
    wish = json.dumps({"job": asdict(job), "overlay": overlay}).encode()
    command = [sys.executable, "-m", "onecity.hubs.exchange.edge.snapshot_builder"]
    done = subprocess.run(command, input=wish, capture_output=True, check=False, timeout=_PATIENCE_SECONDS)
    if done.returncode == 0:
        _failed.pop(job.resource, None)
        return True
    told = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
    logger.error("the snapshot of %s version %d could not be built: %s", job.resource, job.number, told)
    _failed[job.resource] = digest
    return False


def snapshot_in_force(resource: str) -> Manifest | None:
    """What the gateway's workers were told to serve."""
    try:
        return Manifest.read(manifest_path(snapshot_folder(), resource))
    except (OSError, ValueError, TypeError, KeyError):
        return None
