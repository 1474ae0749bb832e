"""References of subjects: a keyed digest of a national number, the one join key of proofs, consents and "my data".

Owns the derivation. Refuses to rotate: a new key would be a new city; the key ring keeps the first one for this use.

HMAC-SM3 was kept instead of HMAC-SHA256: 密评 asks for the domestic digest, and with the key blocks hashed once, thousands
of numbers at a time (`sm3_many`), one core makes well over half a million references a second.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from onecity.kernel.crypto.digests import KeyedDigest
from onecity.kernel.crypto.sm3_many import LONGEST, many_codes
from onecity.kernel.subject import SubjectRef

__all__ = ["bulk_subject_refs", "subject_ref", "subject_ref_digits"]

_LENGTH = 32
_MANY = 1024
"""Numbers from which working on all at once pays."""

_HEXADECIMAL = np.frombuffer(b"".join(b"%02x" % byte for byte in range(256)), np.uint8).reshape(256, 2)


def subject_ref(key: bytes, kind: str, number: str) -> SubjectRef:
    """32 hexadecimal digits for a normalised `number` of `kind` (say `citizen`); 128 bits of HMAC-SM3."""
    return SubjectRef(_keyed(key, kind).digest(number.encode()).hex()[:_LENGTH])


def bulk_subject_refs(key: bytes, kind: str, numbers: Sequence[str]) -> list[str]:
    """The references of many numbers, in their order; equal to `subject_ref` on each."""
    if len(numbers) >= _MANY:
        messages = [number.encode() for number in numbers]
        lengths = np.fromiter(map(len, messages), np.int64, len(messages))
        text = np.frombuffer(b"".join(messages), np.uint8)
        digits = subject_ref_digits(key, kind, text, np.cumsum(lengths) - lengths, lengths).tobytes().decode()
        return [digits[place : place + _LENGTH] for place in range(0, len(digits), _LENGTH)]
    return _one_by_one(key, kind, map(str.encode, numbers))


def subject_ref_digits(
    key: bytes, kind: str, text: NDArray[np.uint8], starts: NDArray[np.int64], lengths: NDArray[np.int64]
) -> NDArray[np.uint8]:
    """The references of numbers lying in `text` (UTF-8), one row of 32 digits each; equal to `subject_ref`. For columns."""
    digits = np.empty((len(starts), _LENGTH), np.uint8)
    prefix = _prefix(kind)
    short = lengths + len(prefix) <= LONGEST
    codes = many_codes(key, prefix, text, starts[short], lengths[short])[:, : _LENGTH // 2]
    digits[short] = _HEXADECIMAL[codes].reshape(-1, _LENGTH)
    if not short.all():
        left = np.flatnonzero(~short)
        made = _one_by_one(key, kind, (text[starts[row] : starts[row] + lengths[row]].tobytes() for row in left))
        digits[left] = np.frombuffer("".join(made).encode(), np.uint8).reshape(-1, _LENGTH)
    return digits


def _one_by_one(key: bytes, kind: str, messages: Iterable[bytes]) -> list[str]:
    keyed = _keyed(key, kind)
    start, finish = keyed.inner.copy, keyed.outer.copy
    references: list[str] = []
    append = references.append
    for message in messages:
        inner = start()
        inner.update(message)
        outer = finish()
        outer.update(inner.digest())
        append(outer.hexdigest()[:_LENGTH])
    return references


def _prefix(kind: str) -> bytes:
    return kind.encode() + b"\0"


@lru_cache(maxsize=16)
def _keyed(key: bytes, kind: str) -> KeyedDigest:
    return KeyedDigest(key, _prefix(kind))
