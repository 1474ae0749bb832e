"""References of subjects: a keyed digest of a national number, the one join key of proofs, consents and "my data".

Owns the derivation. Refuses to rotate: a new key would be a new city; the key ring keeps the first one for this use.

HMAC-SM3 was kept instead of HMAC-SHA256: with the key blocks hashed once it makes well over 300,000 references a second
on one core (HMAC-SHA256 would make about half as many again), and 密评 asks for the domestic digest.
"""

from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from functools import lru_cache
from multiprocessing import get_context

from onecity.kernel.crypto.digests import KeyedDigest
from onecity.kernel.subject import SubjectRef

__all__ = ["ReferenceWorkers", "bulk_subject_refs", "subject_ref"]

_LENGTH = 32


def subject_ref(key: bytes, kind: str, number: str) -> SubjectRef:
    """32 hexadecimal digits for a normalised `number` of `kind` (say `citizen`); 128 bits of HMAC-SM3."""
    return SubjectRef(_keyed(key, kind).digest(number.encode()).hex()[:_LENGTH])


def bulk_subject_refs(key: bytes, kind: str, numbers: Sequence[str]) -> list[str]:
    """The references of many numbers, in their order; equal to `subject_ref` on each."""
    keyed = _keyed(key, kind)
    start, finish = keyed.inner.copy, keyed.outer.copy
    references: list[str] = []
    append = references.append
    for message in map(str.encode, numbers):
        inner = start()
        inner.update(message)
        outer = finish()
        outer.update(inner.digest())
        append(outer.hexdigest()[:_LENGTH])
    return references


@lru_cache(maxsize=16)
def _keyed(key: bytes, kind: str) -> KeyedDigest:
    return KeyedDigest(key, kind.encode() + b"\0")


class ReferenceWorkers:
    """Processes that make references of millions of numbers beside other work.

    The key goes to them through a pipe when they start and is written nowhere. Close it when done.
    """

    def __init__(self, key: bytes, kind: str, processes: int) -> None:
        # Not forked: the caller has threads and open connections.
        self._pool = ProcessPoolExecutor(
            processes, mp_context=get_context("spawn"), initializer=_remember, initargs=(key, kind)
        )

    def submit(self, numbers: Sequence[str]) -> "Future[list[str]]":
        """References of `numbers`, in order, soon."""
        return self._pool.submit(_remembered_refs, numbers)

    def close(self) -> None:
        """End the processes; work not begun is dropped."""
        self._pool.shutdown(wait=True, cancel_futures=True)


_remembered: list[tuple[bytes, str]] = []


def _remember(key: bytes, kind: str) -> None:
    _remembered[:] = [(key, kind)]


def _remembered_refs(numbers: Sequence[str]) -> list[str]:
    key, kind = _remembered[0]
    return bulk_subject_refs(key, kind, numbers)
