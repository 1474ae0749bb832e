"""Reads the proof logs of this node's gateway workers: only what is durable, also while they are being written. No Django.

A worker that lives says in `<chain>.head` how far its log is on disk; of one that ended every whole line counts. A chain's head file is
locked by its worker, so a reader can tell the two apart.
"""

import fcntl
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

import orjson

from onecity.hubs.exchange.edge.proof_log import head_name, segment_name
from onecity.hubs.exchange.rules.proof import Proof, first_hash

__all__ = ["Line", "Place", "begin", "chains", "is_live", "lines_from", "proof_of_line", "read_lines", "segments"]

_HASH = 64
_PART = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Place:
    """Where to read on: segment and byte of it; `seq` and `head` of the record before."""

    chain: str
    segment: int
    offset: int
    seq: int
    head: str


@dataclass(frozen=True, slots=True)
class Line:
    """One record as it lies in the log."""

    seq: int
    prev: str
    hash: str
    record: bytes


def chains(folder: Path) -> tuple[str, ...]:
    """Chains whose logs lie here, oldest first (their names are UUIDv7)."""
    return tuple(sorted(path.name.removesuffix(".head") for path in folder.glob("*.head")))


def begin(chain: str) -> Place:
    """The place before a chain's first record."""
    return Place(chain, 1, 0, 0, first_hash(chain))


def segments(folder: Path, chain: str) -> tuple[int, ...]:
    """Numbers of the parts that lie here."""
    return tuple(sorted(int(path.name.split(".")[1]) for path in folder.glob(f"{chain}.*.log")))


def is_live(folder: Path, chain: str) -> bool:
    """Whether a worker still writes this chain."""
    with (folder / head_name(chain)).open("rb") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
        return False


def _durable(folder: Path, chain: str) -> tuple[int, int]:
    """(segment, bytes of it) up to which the log may be read."""
    live = is_live(folder, chain)
    content = (folder / head_name(chain)).read_bytes()
    if live:
        (mark,) = struct.unpack("<Q", content[:8].ljust(8, b"\0"))
        return mark >> 32, mark & 0xFFFFFFFF
    held = segments(folder, chain)
    if not held:
        return 0, 0
    path = folder / segment_name(chain, held[-1])
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fdatasync(handle)
        return held[-1], os.fstat(handle).st_size
    finally:
        os.close(handle)


def read_lines(folder: Path, place: Place, limit: int) -> tuple[list[Line], Place]:
    """Up to `limit` records after `place`, and the place after them. A torn last line is no record yet."""
    last_segment, last_bytes = _durable(folder, place.chain)
    lines: list[Line] = []
    while place.segment <= last_segment and len(lines) < limit:
        path = folder / segment_name(place.chain, place.segment)
        end = last_bytes if place.segment == last_segment else path.stat().st_size
        found, place = _read(path, place, end, limit - len(lines))
        lines += found
        if place.offset < end and found:
            continue
        if place.segment == last_segment:
            break
        if not found:
            place = replace(place, segment=place.segment + 1, offset=0)
    return lines, place


def _read(path: Path, place: Place, end: int, limit: int) -> tuple[list[Line], Place]:
    with path.open("rb") as source:
        source.seek(place.offset)
        content = source.read(min(_PART, end - place.offset))
    lines: list[Line] = []
    seq, head, used = place.seq, place.head, 0
    while len(lines) < limit:
        stop = content.find(b"\n", used)
        if stop < 0:
            break
        digest = content[used : used + _HASH].decode("ascii", "replace")
        seq += 1
        lines.append(Line(seq, head, digest, content[used + _HASH + 1 : stop]))
        head, used = digest, stop + 1
    return lines, replace(place, offset=place.offset + used, seq=seq, head=head)


def lines_from(folder: Path, chain: str, after: int, until: int) -> Iterator[Line]:
    """Records `after` < seq ≤ `until` of a chain whose first part still lies here."""
    place = begin(chain)
    while place.seq < until:
        lines, place = read_lines(folder, place, 10_000)
        if not lines:
            return
        yield from (line for line in lines if after < line.seq <= until)


def proof_of_line(line: Line) -> Proof:
    """The record in the shape the rules read. Raises ValueError, KeyError or TypeError when the line is no record."""
    content = orjson.loads(line.record)
    content["id"], content["at"] = UUID(content["id"]), datetime.fromisoformat(content["at"])
    content["fields"] = tuple(content["fields"])
    return Proof(**content, prev=line.prev, hash=line.hash)
