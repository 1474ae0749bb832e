"""Digests and keyed digests: SHA-256 and SM3 (GB/T 32905). Owns where SM3 comes from; fails loudly when nowhere.

OpenSSL's SM3 through `hashlib` is taken first, the one inside `cryptography` second; each must reproduce the standard's
example when this module is imported, else `CryptoUnavailable`.
"""

import hashlib
from collections.abc import Callable
from typing import Protocol, Self

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes

from onecity.kernel.crypto.errors import CryptoUnavailable

__all__ = ["Hasher", "KeyedDigest", "hmac_sm3", "new_sm3", "sha256", "sm3"]

_BLOCK = 64
_INNER = bytes(byte ^ 0x36 for byte in range(256))
_OUTER = bytes(byte ^ 0x5C for byte in range(256))
_SM3_OF_ABC = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


class Hasher(Protocol):
    """A running digest, as `hashlib` gives it."""

    def update(self, data: bytes, /) -> None:
        """Take more bytes in."""
        ...

    def copy(self) -> Self:
        """A second digest that goes on from here."""
        ...

    def digest(self) -> bytes:
        """The 32 bytes so far."""
        ...

    def hexdigest(self) -> str:
        """The 64 hexadecimal digits so far."""
        ...


class _CryptographySm3:
    """SM3 of `cryptography` in the shape of `hashlib`, for a Python linked to an OpenSSL without SM3."""

    def __init__(self, data: bytes = b"", state: hashes.Hash | None = None) -> None:
        self._state = state or hashes.Hash(hashes.SM3())
        if data:
            self._state.update(data)

    def update(self, data: bytes, /) -> None:
        self._state.update(data)

    def copy(self) -> "_CryptographySm3":
        return _CryptographySm3(state=self._state.copy())

    def digest(self) -> bytes:
        return self._state.copy().finalize()

    def hexdigest(self) -> str:
        return self.digest().hex()


def _openssl_sm3(data: bytes = b"") -> Hasher:
    return hashlib.new("sm3", data)


def choose_sm3() -> Callable[[bytes], Hasher]:
    """The first source of SM3 that reproduces the standard's example. Raises CryptoUnavailable when there is none."""
    candidates: tuple[Callable[[bytes], Hasher], ...] = (_openssl_sm3, _CryptographySm3)
    for candidate in candidates:
        try:
            if candidate(b"abc").hexdigest() == _SM3_OF_ABC:
                return candidate
        except (ValueError, UnsupportedAlgorithm):
            continue
    raise CryptoUnavailable(text="本机的OpenSSL和cryptography都不提供SM3杂凑算法")


new_sm3 = choose_sm3()


def sm3(data: bytes) -> bytes:
    """SM3 digest, 32 bytes."""
    return new_sm3(data).digest()


def sha256(data: bytes) -> bytes:
    """SHA-256 digest, 32 bytes."""
    return hashlib.sha256(data).digest()


class KeyedDigest:
    """HMAC (RFC 2104) over SM3 with the two key blocks hashed once, which halves the work on short messages."""

    __slots__ = ("inner", "outer")

    def __init__(self, key: bytes, prefix: bytes = b"") -> None:
        """`prefix` is taken as the beginning of every message, and hashed once too."""
        block = (sm3(key) if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
        self.inner = new_sm3(block.translate(_INNER))
        self.outer = new_sm3(block.translate(_OUTER))
        self.inner.update(prefix)

    def digest(self, message: bytes) -> bytes:
        """The 32-byte code of prefix + message."""
        inner = self.inner.copy()
        inner.update(message)
        outer = self.outer.copy()
        outer.update(inner.digest())
        return outer.digest()


def hmac_sm3(key: bytes, message: bytes) -> bytes:
    """HMAC-SM3, 32 bytes."""
    return KeyedDigest(key).digest(message)
