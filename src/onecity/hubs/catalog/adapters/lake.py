"""Parquet files of versions under ONECITY_HOME/lake. Owns how a file comes into being: draft, fsync, rename; never overwritten.

A file that is not named by a committed version is nobody's and is swept. Refuses to leave half a file under a final name:
without space the draft goes and the caller hears StorageFull.
"""

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from onecity.hubs.catalog.errors import StorageFull

__all__ = ["ROW_GROUP", "LakeFile", "absolute", "drafted", "drafts", "keep", "writer", "writing"]

ROW_GROUP = 131_072
_DRAFTS = "drafts"
_HASHED_AT_ONCE = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class LakeFile:
    """A finished file: its place below ONECITY_HOME, bytes on disk, SHA-256."""

    file: str
    bytes: int
    sha256: str


def absolute(file: str) -> Path:
    """Where a file of the lake lies on this machine."""
    return Path(settings.ONECITY_HOME) / file


@contextmanager
def writing() -> Iterator[None]:
    """Turn "no space" of any writer inside into StorageFull."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise StorageFull(data={"errno": error.errno}) from error
        raise


def drafts() -> Path:
    """Where drafts and spilled data lie; anything here older than a day is nobody's."""
    folder = absolute("lake") / _DRAFTS
    with writing():
        folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def drafted(ending: str = ".parquet") -> Iterator[Path]:
    """A name for a draft; whatever lies there afterwards and was not kept is removed."""
    path = drafts() / f"{os.getpid()}-{os.urandom(8).hex()}{ending}"
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    """A writer in the form of the lake: zstd, statistics, row groups set by the caller.

    Texts and days repeat and are written by dictionary; amounts and times do not, and looking for repeats is dear.
    """
    repeating = [one.name for one in schema if pa.types.is_string(one.type) or pa.types.is_date(one.type)]
    return pq.ParquetWriter(
        path, schema, compression="zstd", compression_level=1, write_statistics=True, use_dictionary=repeating or False
    )


def keep(draft: Path, *, resource: str, number: int, version: UUID) -> LakeFile:
    """Make a draft the file of a version: flushed to disk, hashed, renamed. The name carries the version's id, so it is new."""
    with writing():
        digest, size = _flushed(draft)
        folder = absolute("lake") / resource
        folder.mkdir(parents=True, exist_ok=True)
        name = f"v{number}-{version.hex[-8:]}.parquet"
        os.replace(draft, folder / name)
        _sync_folder(folder)
    return LakeFile(f"lake/{resource}/{name}", size, digest)


def _flushed(draft: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with draft.open("rb") as content:
        os.fsync(content.fileno())
        while piece := content.read(_HASHED_AT_ONCE):
            digest.update(piece)
            size += len(piece)
    return digest.hexdigest(), size


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
