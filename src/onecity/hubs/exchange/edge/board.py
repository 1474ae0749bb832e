"""What the gateway's workers of one node know of each other, in shared memory: calls already answered, calls of this second.

Every worker writes its own file and reads all of them. It writes first and looks at the others second, so of two workers that get
the same call at the same moment at least one sees the other: a replay may lose, it can never win. Nothing is locked, so a worker that
is stopped holds nobody up. The files outlive their process: a call answered before a crash stays answered.
"""

import fcntl
import mmap
import os
import sys
from hashlib import sha256
from pathlib import Path

from onecity.hubs.exchange.errors import RateExceeded, SignatureRefused
from onecity.hubs.exchange.rules.session import SKEW_SECONDS

__all__ = ["Board", "Slot", "board_folder", "node_name"]

_SLOTS = 1 << 22
"""Calls remembered by one worker: two minutes at 35,000 a second; 32 MiB at most, touched as it fills."""

_ROW = 16
_ROW_BYTES = 8 * _ROW
_ROWS = _SLOTS - _ROW
_RATES = 1 << 14
_KEPT = 2 * SKEW_SECONDS
_SECONDS = 0xFFFFFF
_MARK = ((1 << 64) - 1) ^ _SECONDS


def board_folder(home: Path) -> Path:
    """In memory where the system has a place for it, else beside the rest. One folder a home."""
    name = f"onecity-{os.getuid()}-{sha256(str(home.absolute()).encode()).hexdigest()[:16]}"
    shared = Path("/dev/shm")
    folder = shared / name if os.access(shared, os.W_OK) else home / "gateway" / "board"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to somebody else")
    return folder


def node_name(folder: Path) -> str:
    """This node's own name, made once; a copied home must not carry it along."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / "node"
    if not path.exists():
        draft = folder / f".node.{os.getpid()}"
        draft.write_text(os.urandom(8).hex(), "ascii")
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text("ascii")


class Slot:
    """This process's number among the workers of its node; free again when the process ends, however it ends."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(256):
            handle = os.open(folder / f"worker-{number}.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                os.close(handle)
                continue
            self.number, self._handle = number, handle
            return
        raise RuntimeError("more than 256 gateway workers on one node")

    def release(self) -> None:
        """Give the number back."""
        os.close(self._handle)


class Board:
    """One worker's view. `look` finds workers that came later; call it now and then."""

    def __init__(self, folder: Path, number: int) -> None:
        self._folder, self._number = folder, number
        self._maps: dict[str, mmap.mmap] = {}
        self._own_calls = self._open(f"calls-{number}", _SLOTS)
        self._calls = memoryview(self._own_calls).cast("Q")
        self._rates = memoryview(self._open(f"rates-{number}", _RATES)).cast("Q")
        self._other_calls: tuple[mmap.mmap, ...] = ()
        self._other_rates: tuple[memoryview, ...] = ()
        self.look()

    def _open(self, name: str, slots: int) -> mmap.mmap:
        if name not in self._maps:
            handle = os.open(self._folder / name, os.O_CREAT | os.O_RDWR, 0o600)
            try:
                if os.fstat(handle).st_size < slots * 8:
                    os.ftruncate(handle, slots * 8)
                self._maps[name] = mmap.mmap(handle, slots * 8)
            finally:
                os.close(handle)
        return self._maps[name]

    def look(self) -> None:
        """Find the others' files."""
        names = {name for name in os.listdir(self._folder) if name.startswith("rates-")} - {f"rates-{self._number}"}
        if len(names) == len(self._other_calls):
            return
        self._other_calls = tuple(self._open(f"calls-{name[6:]}", _SLOTS) for name in sorted(names))
        self._other_rates = tuple(memoryview(self._open(name, _RATES)).cast("Q") for name in sorted(names))

    def take(self, mac: bytes, at: int, now: int) -> None:
        """Remember a call by its signature. Raises SignatureRefused when any worker of this node has seen it.

        A place holds 40 bits of the signature and the second it was signed in; 22 more bits choose its row of 16 places.
        """
        number = int.from_bytes(mac[:8], "little")
        begin, mark = (number >> 42) & _ROWS, (number << 24) & _MARK | (at & _SECONDS)
        stored, first = mark.to_bytes(8, sys.byteorder), 8 * begin
        last = first + _ROW_BYTES
        if _holds(self._own_calls[first:last], stored):
            raise SignatureRefused(text="请求已被处理过", data={"reason": "replay"})
        # Most places are free: try one before looking through the row.
        place = begin + (mark >> 24 & _ROW - 1)
        if self._calls[place]:
            place = begin + _free(self._calls[begin : begin + _ROW].tolist(), now)
        self._calls[place] = mark
        for others in self._other_calls:
            if _holds(others[first:last], stored):
                raise SignatureRefused(text="请求已被处理过", data={"reason": "replay"})

    def count(self, grant: int, rate: int, now: int) -> None:
        """Count one call of a grant in this second over all workers of the node. Raises RateExceeded."""
        place, second = grant % _RATES, now & 0xFFFFFFFF
        held = self._rates[place]
        own = (held & 0xFFFFFFFF) + 1 if held >> 32 == second else 1
        self._rates[place] = second << 32 | own
        total = own
        for others in self._other_rates:
            held = others[place]
            if held >> 32 == second:
                total += held & 0xFFFFFFFF
        if total > rate:
            self._rates[place] = second << 32 | own - 1
            raise RateExceeded(data={"per_second": rate})


def _holds(row: bytes, stored: bytes) -> bool:
    """Whether a row holds this mark at one of its places; bytes of two neighbours may look like it."""
    found = row.find(stored)
    while found >= 0:
        if found % 8 == 0:
            return True
        found = row.find(stored, found + 1)
    return False


def _free(row: list[int], now: int) -> int:
    """The first place never used or whose second is past. Raises RateExceeded when all are still needed."""
    for index, held in enumerate(row):
        if not held or ((now - held) & _SECONDS) > _KEPT < ((held - now) & _SECONDS):
            return index
    raise RateExceeded(text="网关繁忙，请稍后重试", data={"reason": "replay_window_full"})
