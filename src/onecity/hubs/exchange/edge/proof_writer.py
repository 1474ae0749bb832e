"""Writes proofs durably before answers leave: one thread, one connection, one hash chain, group commits.

Callers hand over records and wait; the thread takes whatever is queued, places it in the chain, writes it by COPY and, after the
commit, lets the callers go. A connection is a chain: after any fault a new chain begins, and records whose commit is uncertain
are looked up before they are written again. Refuses to answer for a record that is not committed (ProofUnavailable).
"""

import atexit
import json
import logging
import os
import queue
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from uuid import uuid4

import psycopg

from onecity.hubs.exchange.errors import ProofUnavailable
from onecity.hubs.exchange.rules.proof import Proof, chained, first_hash
from onecity.kernel.clock import wall_now

__all__ = ["COLUMNS", "ProofWriter"]

logger = logging.getLogger("onecity.exchange.proof")

COLUMNS = (
    "id", "at", "kind", "outcome", "interface", "interface_name", "consumer", "consumer_name", "provider",
    "provider_name", "who", "actor", "subject", "purpose", "matter", "basis", "legal_basis", "grant_id", "consent_id",
    "fields", "rows", "answer_hash", "as_of", "milliseconds", "subjects_root", "chain", "seq", "prev", "hash",
)  # fmt: skip
_COPY = f"COPY exchange_proofrecord ({', '.join(COLUMNS)}) FROM STDIN"
_LARGEST_BATCH = 500
_ATTEMPTS = 3
_WAIT_SECONDS = 10.0

_Ticket = tuple[Proof, "Future[Proof]"]


class ProofWriter:
    """One per process. `linger` False gives the connection (and the chain) up after every batch, for short-lived databases."""

    def __init__(
        self, connect: Callable[[], "psycopg.Connection[tuple[object, ...]]"], process: str, *, linger: bool = True
    ) -> None:
        self._connect = connect
        self._process = process
        self._linger = linger
        self._queue: queue.SimpleQueue[_Ticket | None] = queue.SimpleQueue()
        self._connection: psycopg.Connection[tuple[object, ...]] | None = None
        self._chain, self._seq, self._head = "", 0, ""
        self._pid = os.getpid()
        self._thread = threading.Thread(target=self._run, name="exchange-proof-writer", daemon=True)
        self._thread.start()
        atexit.register(self.close)

    @property
    def usable(self) -> bool:
        """False in a child made by fork: threads do not survive it."""
        return self._pid == os.getpid() and self._thread.is_alive()

    @property
    def waiting(self) -> int:
        """Records not committed yet, about."""
        return self._queue.qsize()

    def submit(self, proof: Proof) -> "Future[Proof]":
        """Hand over one record; the future yields it at its place once it is committed, or ProofUnavailable."""
        future: Future[Proof] = Future()
        self._queue.put((proof, future))
        return future

    def write(self, proofs: Iterable[Proof]) -> list[Proof]:
        """Write records and wait for the commit. Raises ProofUnavailable."""
        futures = [self.submit(proof) for proof in proofs]
        try:
            return [future.result(_WAIT_SECONDS) for future in futures]
        except TimeoutError:
            raise ProofUnavailable() from None

    def close(self) -> None:
        """Write what is queued and end the thread."""
        if self.usable:
            self._queue.put(None)
            self._thread.join(timeout=5)

    def _run(self) -> None:
        while (batch := self._take()) is not None:
            try:
                written = self._write_batch([proof for proof, _ in batch])
            except Exception as error:
                logger.exception("proofs could not be written")
                for _, future in batch:
                    future.set_exception(ProofUnavailable(data={"cause": type(error).__name__}))
                continue
            for (_, future), proof in zip(batch, written, strict=True):
                future.set_result(proof)
        self._drop_connection()

    def _take(self) -> list[_Ticket] | None:
        first = self._queue.get()
        if first is None:
            return None
        batch = [first]
        while len(batch) < _LARGEST_BATCH:
            try:
                more = self._queue.get_nowait()
            except queue.Empty:
                break
            if more is None:
                self._queue.put(None)
                break
            batch.append(more)
        return batch

    def _write_batch(self, proofs: Sequence[Proof]) -> list[Proof]:
        done: dict[object, Proof] = {}
        for attempt in range(1, _ATTEMPTS + 1):
            pending = [proof for proof in proofs if proof.id not in done]
            try:
                done.update({proof.id: proof for proof in self._commit(pending)})
                break
            except psycopg.OperationalError:
                self._drop_connection()
                if attempt == _ATTEMPTS:
                    raise
                time.sleep(0.2 * attempt)
                done.update(self._already_written(pending))
        if not self._linger:
            self._drop_connection()
        return [done[proof.id] for proof in proofs]

    def _commit(self, proofs: Sequence[Proof]) -> list[Proof]:
        if not proofs:
            return []
        connection = self._connected()
        placed, seq, head = [], self._seq, self._head
        for proof in proofs:
            record = chained(proof, self._chain, seq + 1, head)
            seq, head = record.seq, record.hash
            placed.append(record)
        try:
            with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
                for record in placed:
                    copy.write_row(_row(record))
        except Exception:
            self._drop_connection()
            raise
        self._seq, self._head = seq, head
        return placed

    def _connected(self) -> "psycopg.Connection[tuple[object, ...]]":
        if self._connection is None:
            connection = self._connect()
            chain = str(uuid4())
            connection.execute(
                "INSERT INTO exchange_proofchain (id, process, began_at, sealed_seq, sealed_head, shipped_seq, node) "
                "VALUES (%s, %s, %s, 0, '', 0, '')",
                [chain, f"{self._process}:{self._pid}", wall_now()],
            )
            self._connection, self._chain, self._seq, self._head = connection, chain, 0, first_hash(chain)
        return self._connection

    def _already_written(self, proofs: Sequence[Proof]) -> dict[object, Proof]:
        """After a lost connection: which records were committed after all."""
        try:
            rows = self._connected().execute(
                "SELECT id, chain, seq, prev, hash FROM exchange_proofrecord WHERE id = ANY(%s)", [[p.id for p in proofs]]
            ).fetchall()  # fmt: skip
        except psycopg.OperationalError:
            self._drop_connection()
            return {}
        by_id = {proof.id: proof for proof in proofs}
        return {row[0]: chained(by_id[row[0]], str(row[1]), int(str(row[2])), str(row[3])) for row in rows}  # type: ignore[index]

    def _drop_connection(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def _row(proof: Proof) -> list[object]:
    return [
        json.dumps(list(proof.fields), ensure_ascii=False) if name == "fields" else getattr(proof, name)
        for name in COLUMNS
    ]
