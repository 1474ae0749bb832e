"""The published versions a gateway worker answers from: LMDB files opened read-only, swapped when a new one is in force.

A file is checked against its manifest's digest before it serves. One that is missing or corrupt is told in the log, in /healthz
and, where nothing older is open, to the caller (SnapshotMissing); the version before keeps serving.
"""

import asyncio
import contextlib
import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import lmdb
import orjson

from onecity.hubs.exchange.edge.snapshot_builder import RECORD, UNIT, Manifest, file_digest
from onecity.hubs.exchange.errors import SnapshotMissing

__all__ = ["Store", "Stores"]

_UNIT_CODE = ord(UNIT)

logger = logging.getLogger("onecity.gateway")


class Store:
    """One version. `columns` name → place in a row; `as_of` is JSON text."""

    __slots__ = ("_environment", "_places", "_transaction", "as_of", "columns", "manifest", "overlay", "references")

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        """Raises OSError, ValueError or lmdb.Error when the file is not what the manifest says."""
        path = folder / manifest.file
        if path.parent != folder or path.stat().st_size != manifest.bytes or file_digest(path) != manifest.sha256:
            raise ValueError(f"{manifest.file} is not the file that was built")
        self._environment = lmdb.open(
            str(path), subdir=False, readonly=True, lock=False, max_dbs=len(manifest.keys) + 1, max_spare_txns=1
        )
        self._places = {name: self._environment.open_db(name.encode(), create=False) for name in manifest.keys}
        self._transaction = self._environment.begin()
        self.manifest = manifest
        self.columns = {name: place for place, name in enumerate(manifest.columns)}
        self.references = tuple(place for name, place in self.columns.items() if name.endswith("_ref"))
        self.as_of = json.dumps(manifest.as_of).encode()
        self.overlay = _overlay(manifest)

    def rows(self, key: str, reference: str) -> list[list[str]]:
        """Rows with `reference` in column `key`, as text, corrections laid over."""
        found = self._transaction.get(reference.encode(), db=self._places[key])
        if found is None:
            return []
        parted = found[0] == _UNIT_CODE
        rows: list[list[str]] = _parted(found) if parted else orjson.loads(found)
        if self.overlay:
            for row in rows:
                self._correct(row)
        return rows

    def _correct(self, row: list[str]) -> None:
        for place in self.references:
            for column, value in self.overlay.get(row[place], {}).items():
                if column in self.columns:
                    row[self.columns[column]] = value

    def has_key(self, key: str) -> bool:
        """Whether rows can be found by this column."""
        return key in self._places

    def close(self) -> None:
        """Give the file up."""
        self._transaction.abort()
        self._environment.close()


def _parted(found: bytes) -> list[list[str]]:
    return [row.split(UNIT) for row in found[1:].decode().split(RECORD)]


def _overlay(manifest: Manifest) -> Mapping[str, Mapping[str, str]]:
    overlay: dict[str, dict[str, str]] = {}
    for subject, column, value in manifest.overlay:
        overlay.setdefault(subject, {})[column] = value
    return overlay


class Stores:
    """All versions of one worker, by resource."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stamp: tuple[int, int] = (0, 0)
        self._seen: dict[str, int] = {}
        self._stores: dict[str, Store] = {}
        self.faults: dict[str, str] = {}

    def get(self, resource: str) -> Store | None:
        """The version in force, if one is open."""
        return self._stores.get(resource)

    def demand(self, resource: str, key: str) -> Store:
        """The version in force, to be asked by column `key`. Raises SnapshotMissing."""
        store = self._stores.get(resource)
        if store is None or not store.has_key(key):
            raise SnapshotMissing(data={"resource": resource, "fault": self.faults.get(resource, "")})
        return store

    def versions(self) -> dict[str, Any]:
        """For /healthz."""
        return {name: store.manifest.number for name, store in sorted(self._stores.items())}

    async def look(self) -> None:
        """Open what has changed since the last look. Cheap when nothing has."""
        try:
            held = self._folder.stat()
        except OSError:
            return
        stamp = (held.st_mtime_ns, held.st_ino)
        if stamp == self._stamp:
            return
        for path in sorted(self._folder.glob("*.json")):
            if path.name.startswith("."):
                continue
            with contextlib.suppress(OSError):
                changed = path.stat().st_mtime_ns
                if self._seen.get(path.stem) != changed:
                    await self._open(path)
                    self._seen[path.stem] = changed
        self._stamp = stamp

    async def _open(self, path: Path) -> None:
        resource = path.stem
        try:
            made = await asyncio.to_thread(lambda: Store(self._folder, Manifest.read(path)))
        except (OSError, ValueError, TypeError, KeyError, lmdb.Error) as error:
            self.faults[resource] = f"{type(error).__name__}: {error}"
            kept = self._stores.get(resource)
            serving = f"version {kept.manifest.number} keeps serving" if kept else "nothing serves"
            logger.error("the snapshot of %s cannot be used (%s); %s", resource, error, serving)
            return
        self.faults.pop(resource, None)
        old = self._stores.get(resource)
        self._stores[resource] = made
        if old is not None:
            old.close()

    def close(self) -> None:
        """Give all files up."""
        for store in self._stores.values():
            store.close()
        self._stores.clear()
