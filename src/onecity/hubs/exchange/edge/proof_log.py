"""One worker's proof log: an append-only file of chained records, synced to disk in groups before any answer leaves.

A line is the record's hash, a blank, the record's canonical JSON. The loop places records in the chain and hands groups to one thread,
which writes and syncs while the next group gathers. After a fault (disk full) the file is cut back to what was durable and everything
that stood on the lost part is refused; the next group tries again. How far the log is durable stands in `<chain>.head`, for readers.
"""

import asyncio
import fcntl
import logging
import mmap
import os
import queue
import struct
import threading
from hashlib import sha256
from pathlib import Path

from onecity.hubs.exchange.rules.proof import first_hash
from onecity.kernel.ids import new_id

__all__ = ["ProofLog", "head_name", "segment_name"]

logger = logging.getLogger("onecity.gateway")

_SEGMENT_BYTES = 256 * 1024 * 1024

_Group = tuple[bytes, int, bytes, "asyncio.Future[bool]"]


def segment_name(chain: str, number: int) -> str:
    """File of one part of a chain, counted from 1."""
    return f"{chain}.{number:06d}.log"


def head_name(chain: str) -> str:
    """File that says how far a chain is durable: segment number (32 bits) and bytes of it (32 bits) as one integer."""
    return f"{chain}.head"


class ProofLog:
    """Owned by one event loop. `seq` and `head` are those of the last record placed, durable or not yet."""

    def __init__(self, folder: Path, *, segment_bytes: int = _SEGMENT_BYTES) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder, self._segment_bytes = folder, segment_bytes
        self.chain = str(new_id())
        self.seq, self.head = 0, first_hash(self.chain).encode()
        self._durable_seq, self._durable_head = self.seq, self.head
        self._lines: list[bytes] = []
        self._future: asyncio.Future[bool] | None = None
        self._busy = False
        self._loop = asyncio.get_running_loop()
        self._groups: queue.SimpleQueue[_Group | None] = queue.SimpleQueue()
        self._number, self._bytes, self._file = 0, 0, -1
        self._mark = self._open_head()
        self._next_segment()
        self._thread = threading.Thread(target=self._run, name="proof-log", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """Records not durable yet."""
        return self.seq - self._durable_seq

    def append(self, record: bytes) -> "asyncio.Future[bool]":
        """Place the canonical bytes of record number `seq` + 1; the future tells whether it became durable."""
        digest = sha256(b"%b\n%b" % (self.head, record)).hexdigest().encode()
        self._lines += digest, b" ", record, b"\n"
        self.seq += 1
        self.head = digest
        future = self._future
        if future is None:
            future = self._future = self._loop.create_future()
        if not self._busy:
            self._busy = True
            # The calls that are already waiting in the loop join this group.
            self._loop.call_soon(self._hand_over)
        return future

    def _hand_over(self) -> None:
        future = self._future
        if future is None:
            self._busy = False
            return
        lines, self._lines, self._future = self._lines, [], None
        self._groups.put((b"".join(lines), self.seq, self.head, future))

    def _done(self, seq: int, head: bytes, future: "asyncio.Future[bool]", held: bool) -> None:
        if held:
            self._durable_seq, self._durable_head = seq, head
        else:
            self.seq, self.head = self._durable_seq, self._durable_head
            lost, self._lines, self._future = self._future, [], None
            if lost is not None:
                lost.set_result(False)
        future.set_result(held)
        self._hand_over()

    async def close(self) -> None:
        """Write what is gathered and end the thread."""
        while self._busy:
            await asyncio.sleep(0.005)
        self._groups.put(None)
        await asyncio.to_thread(self._thread.join, 5)

    def _run(self) -> None:
        while (group := self._groups.get()) is not None:
            content, seq, head, future = group
            try:
                self._write(content)
                held = True
            except OSError as error:
                logger.error("proofs could not be written, calls are refused: %s", error)
                self._cut_back()
                held = False
            try:
                self._loop.call_soon_threadsafe(self._done, seq, head, future, held)
            except RuntimeError:  # the loop has ended; nobody waits any more
                return
        if self._file >= 0:
            os.close(self._file)
        os.close(self._lock)

    def _write(self, content: bytes) -> None:
        if self._file < 0 or self._bytes > self._segment_bytes:
            self._next_segment()
        left = memoryview(content)
        while left:
            left = left[os.write(self._file, left) :]
        os.fdatasync(self._file)
        self._bytes += len(content)
        self._mark[0] = self._number << 32 | self._bytes

    def _cut_back(self) -> None:
        try:
            os.ftruncate(self._file, self._bytes)
        except OSError:
            logger.exception("the proof log could not be cut back")

    def _next_segment(self) -> None:
        path = self.folder / segment_name(self.chain, self._number + 1)
        opened = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY | os.O_CLOEXEC, 0o600)
        _sync_folder(self.folder)
        if self._file >= 0:
            os.close(self._file)
        self._file, self._number, self._bytes = opened, self._number + 1, 0
        self._mark[0] = self._number << 32

    def _open_head(self) -> memoryview:
        # The lock says that this chain still grows; it ends with the process, however that ends.
        self._lock = os.open(self.folder / head_name(self.chain), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.write(self._lock, struct.pack("<Q", 0))
        return memoryview(mmap.mmap(self._lock, 8)).cast("Q")


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
