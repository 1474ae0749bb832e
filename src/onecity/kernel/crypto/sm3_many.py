"""HMAC-SM3 of many short messages at once, word by word over arrays. Owns the arithmetic; the standard's digest is the judge.

A digest a call costs mostly the call. Here one operation works on thousands of messages, and other threads go on meanwhile.
Before its first use the result is compared with `KeyedDigest`; a difference is `CryptoUnavailable`. Refuses messages that
do not fit in one block.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from onecity.kernel.crypto.digests import KeyedDigest, sm3
from onecity.kernel.crypto.errors import CryptoUnavailable

__all__ = ["LONGEST", "many_codes"]

Words = NDArray[np.uint32]
Bytes = NDArray[np.uint8]

LONGEST = 55
"""Bytes of prefix and message that fit in one block beside the padding."""

_AT_ONCE = 16_384
_START = np.array(
    [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E], np.uint32
)
_PLACES = [np.array([places], np.uint32) for places in range(33)]


def _turned_constant(step: int) -> Words:
    value, places = (0x79CC4519 if step < 16 else 0x7A879D8A), step % 32
    return np.array([(value << places | value >> (32 - places)) & 0xFFFFFFFF], np.uint32)


_CONSTANTS = [_turned_constant(step) for step in range(64)]


def many_codes(key: bytes, prefix: bytes, text: Bytes, starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> Bytes:
    """HMAC-SM3 of prefix + message for messages lying in `text`; one row of 32 bytes each.

    Raises ValueError for a message longer than LONGEST with its prefix, CryptoUnavailable.
    """
    _require_right()
    return _codes(key, prefix, text, starts, lengths)


def _codes(key: bytes, prefix: bytes, text: Bytes, starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> Bytes:
    if len(lengths) and int(lengths.max()) + len(prefix) > LONGEST:
        raise ValueError("message longer than one block")
    inner, outer = (_one_block(bytes(byte ^ pad for byte in _key_block(key))) for pad in (0x36, 0x5C))
    codes = np.empty((len(starts), 32), np.uint8)
    for begin in range(0, len(starts), _AT_ONCE):
        part = slice(begin, begin + _AT_ONCE)
        blocks = _message_blocks(prefix, text, starts[part], lengths[part])
        first = _compressed(inner, _words(blocks))
        blocks = np.zeros((first.shape[1], 64), np.uint8)
        blocks[:, :32] = _bytes(first)
        _pad(blocks, np.full(len(blocks), 32))
        codes[part] = _bytes(_compressed(outer, _words(blocks)))
    return codes


def _key_block(key: bytes) -> bytes:
    return (sm3(key) if len(key) > 64 else key).ljust(64, b"\0")


def _one_block(block: bytes) -> Words:
    return _compressed(_START, _words(np.frombuffer(block, np.uint8).reshape(1, 64)))[:, 0]


def _message_blocks(prefix: bytes, text: Bytes, starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> Bytes:
    blocks, before = np.zeros((len(starts), 64), np.uint8), len(prefix)
    blocks[:, :before] = np.frombuffer(prefix, np.uint8)
    for length in np.unique(lengths):
        rows = np.flatnonzero(lengths == length)
        blocks[rows, before : before + length] = text[starts[rows, None] + np.arange(length)]
    _pad(blocks, lengths + before)
    return blocks


def _pad(blocks: Bytes, lengths: NDArray[np.int64]) -> None:
    """A one after the message and its length in bits, the key block before it counted, at the end."""
    blocks[np.arange(len(blocks)), lengths] = 0x80
    bits = (lengths + 64) * 8
    blocks[:, 62], blocks[:, 63] = bits >> 8, bits & 0xFF


def _words(blocks: Bytes) -> Words:
    return np.ascontiguousarray(blocks.view(">u4").T.astype(np.uint32))


def _bytes(words: Words) -> Bytes:
    return np.ascontiguousarray(words.T.astype(">u4")).view(np.uint8)


def _turn(words: Words, places: int, into: Words, spare: Words) -> None:
    np.left_shift(words, _PLACES[places], into)
    np.right_shift(words, _PLACES[32 - places], spare)
    np.bitwise_or(into, spare, into)


def _expanded(block: Words) -> Words:
    """The 68 words of GB/T 32905 §5.3.2; three at a time, as each needs the one three before."""
    words = np.empty((68, block.shape[1]), np.uint32)
    words[:16] = block
    spare = np.empty((3, 3, block.shape[1]), np.uint32)
    for start in range(16, 68, 3):
        size = min(3, 68 - start)
        new, p, q, r = words[start : start + size], *(one[:size] for one in spare)
        _turn(words[start - 3 : start - 3 + size], 15, new, p)
        new ^= words[start - 16 : start - 16 + size]
        new ^= words[start - 9 : start - 9 + size]
        _turn(new, 15, p, q)
        _turn(new, 23, q, r)
        new ^= p
        new ^= q
        _turn(words[start - 13 : start - 13 + size], 7, p, q)
        new ^= p
        new ^= words[start - 6 : start - 6 + size]
    return words


def _compressed(state: Words, block: Words) -> Words:
    """GB/T 32905 §5.3.3 for every column of `block`, all from the same state."""
    words = _expanded(block)
    mixed = words[:64] ^ words[4:68]
    before = np.repeat(state.reshape(8, 1), block.shape[1], axis=1)
    a, b, c, d, e, f, g, h = before.copy()
    p, q, r, s = np.empty((4, block.shape[1]), np.uint32)
    for step in range(64):
        _turn(a, 12, p, q)
        np.add(p, e, q)
        q += _CONSTANTS[step]
        _turn(q, 7, r, s)
        p ^= r
        h += r
        h += words[step]
        d += p
        d += mixed[step]
        _choose(step, (a, b, c), (p, r))
        d += p
        _pick(step, (e, f, g), q)
        h += q
        _turn(b, 9, p, q)
        _turn(f, 19, r, q)
        _turn(h, 9, q, b)
        _turn(h, 17, f, b)
        h ^= q
        h ^= f
        p, b, r, f = b, p, f, r  # the turned words take the places of the old ones
        a, b, c, d, e, f, g, h = d, a, b, c, h, e, f, g
    after = np.stack([a, b, c, d, e, f, g, h])
    after ^= before
    return after


def _choose(step: int, given: tuple[Words, Words, Words], spare: tuple[Words, Words]) -> None:
    """FF of the standard into the first spare array: parity first, majority from step 16."""
    (x, y, z), (into, other) = given, spare
    np.bitwise_xor(x, y, into)
    if step < 16:
        into ^= z
        return
    np.bitwise_xor(y, z, other)
    into &= other
    into ^= y


def _pick(step: int, given: tuple[Words, Words, Words], into: Words) -> None:
    """GG of the standard: parity first, choice from step 16."""
    x, y, z = given
    if step < 16:
        np.bitwise_xor(x, y, into)
    else:
        np.bitwise_xor(y, z, into)
        into &= x
    into ^= z


@cache
def _require_right() -> None:
    key, prefix, messages = bytes(range(32)), b"kind\0", [b"", b"abc", bytes(range(100, 118)), b"x" * 50]
    lengths = np.array([len(one) for one in messages])
    text = np.frombuffer(b"".join(messages), np.uint8)
    made = _codes(key, prefix, text, np.cumsum(lengths) - lengths, lengths)
    right = KeyedDigest(key, prefix)
    if [row.tobytes() for row in made] != [right.digest(one) for one in messages]:
        raise CryptoUnavailable(text="成批计算的SM3与单个计算的结果不符")
