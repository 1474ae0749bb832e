"""The keys of this instance.

Owns: the key ring under ONECITY_HOME/keys, and the things made with it everywhere: the subject reference of a number, the
sealed number, the opened number. Refuses: to show a key.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from onecity.kernel import crypto
from onecity.kernel.crypto import Algorithm, KeyRing
from onecity.kernel.subject import SubjectRef

__all__ = [
    "bulk_seal_numbers",
    "bulk_subject_refs",
    "remembering",
    "remembers",
    "ring",
    "seal_number",
    "subject_ref",
    "subject_ref_digits",
    "unseal_number",
]

_KIND = "party"
_MOST_REMEMBERED = 2_000_000

_Memory = dict[str, str]
_memories: list[tuple[_Memory, _Memory]] = []


@cache
def ring() -> KeyRing:
    """The key ring of this process."""
    return KeyRing(settings.ONECITY_HOME / "keys")


@cache
def _reference_key() -> bytes:
    # The first version for ever: references are join keys of proofs and consents and must not change when keys rotate.
    return ring().first("subject", Algorithm.SECRET).secret


def subject_ref(number: str) -> SubjectRef:
    """The reference of a citizen number or credit code (normalised text), the same everywhere in this instance."""
    return crypto.subject_ref(_reference_key(), _KIND, number)


def bulk_subject_refs(numbers: Sequence[str]) -> list[str]:
    """References of many numbers at once, in order."""
    kept = _memories[-1][0] if _memories else None
    return _once(numbers, kept, lambda fresh: list(crypto.bulk_subject_refs(_reference_key(), _KIND, fresh)))


@contextmanager
def remembering() -> Iterator[None]:
    """While one load names the same persons department after department: each number is referenced and sealed once.

    Numbers lie in this process's memory until the block ends, at most two million of them. One thread at a time.
    """
    _memories.append(({}, {}))
    try:
        yield
    finally:
        _memories.pop()


def remembers() -> bool:
    """Whether a block of `remembering` is open: then lists of numbers are cheaper than columns."""
    return bool(_memories)


def _once(numbers: Sequence[str], kept: _Memory | None, make: Callable[[Sequence[str]], list[str]]) -> list[str]:
    if kept is None:
        return make(numbers)
    fresh = [number for number in dict.fromkeys(numbers) if number not in kept]
    if len(kept) + len(fresh) > _MOST_REMEMBERED:
        return make(numbers)
    kept.update(zip(fresh, make(fresh), strict=True))
    return [kept[number] for number in numbers]


def subject_ref_digits(
    text: NDArray[np.uint8], starts: NDArray[np.int64], lengths: NDArray[np.int64]
) -> NDArray[np.uint8]:
    """References of the numbers lying in `text`, one row of 32 digits each; for whole columns."""
    return crypto.subject_ref_digits(_reference_key(), _KIND, text, starts, lengths)


def seal_number(number: str) -> str:
    """A national number encrypted with SM4, as text."""
    return crypto.seal_number(ring(), number)


def unseal_number(sealed: str) -> str:
    """The number again. Whoever shows it unmasked records why (`audit.record_view`)."""
    return crypto.unseal_number(ring(), sealed)


def bulk_seal_numbers(numbers: Sequence[str]) -> list[str]:
    """Sealed forms of many numbers, in order."""
    kept = _memories[-1][1] if _memories else None
    return _once(numbers, kept, lambda fresh: crypto.bulk_seal_numbers(ring(), fresh))
