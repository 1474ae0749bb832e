"""Signing and verifying behind one pair of protocols. Owns Ed25519 and ES256; SM2 lives in `sm2`.

Signatures are raw: 64 bytes for each algorithm (`r || s` for the two curves, as JOSE and COSE write them).
Refuses to store keys; that is the key ring's work.
"""

import base64
import hashlib
from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

__all__ = [
    "Algorithm",
    "Ed25519Signer",
    "Ed25519Verifier",
    "Es256Signer",
    "Es256Verifier",
    "Signer",
    "Verifier",
    "decode_base64url",
    "der_signature",
    "encode_base64url",
    "fingerprint",
    "pem_of",
    "raw_signature",
]

_SCALAR = 32
_SPKI = serialization.PublicFormat.SubjectPublicKeyInfo
_P256 = ec.SECP256R1()


class Algorithm(StrEnum):
    """What a key of the ring is for. `SECRET` is a plain symmetric secret of 32 bytes."""

    ED25519 = "Ed25519"
    ES256 = "ES256"
    SM2 = "SM2"
    SECRET = "secret"


class Verifier(Protocol):
    """A public key."""

    @property
    def algorithm(self) -> Algorithm:
        """Which algorithm it verifies."""
        ...

    @property
    def key_id(self) -> str:
        """Sixteen hexadecimal digits, the beginning of SHA-256 over the DER form."""
        ...

    def verify(self, message: bytes, signature: bytes) -> bool:
        """True when the holder of the private key signed exactly these bytes; never raises on a bad signature."""
        ...

    def jwk(self) -> dict[str, str]:
        """The public key as a JSON Web Key with `kid` and `alg`."""
        ...

    def pem(self) -> str:
        """The public key as PEM (SubjectPublicKeyInfo)."""
        ...


class Signer(Protocol):
    """A private key."""

    @property
    def algorithm(self) -> Algorithm:
        """Which algorithm it signs with."""
        ...

    @property
    def key_id(self) -> str:
        """The id of its public half."""
        ...

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        ...

    def sign(self, message: bytes) -> bytes:
        """64 bytes over the message."""
        ...

    def secret_bytes(self) -> bytes:
        """The 32 private bytes, for the key ring alone."""
        ...


def encode_base64url(data: bytes) -> str:
    """Base64url without padding (RFC 7515)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode_base64url(text: str) -> bytes:
    """The bytes of base64url text without padding; ValueError when it is not."""
    return base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)


def fingerprint(der: bytes) -> str:
    """The short id of a public key."""
    return hashlib.sha256(der).hexdigest()[:16]


def pem_of(der: bytes, label: str = "PUBLIC KEY") -> str:
    """DER bytes in PEM armour."""
    body = base64.b64encode(der).decode("ascii")
    lines = "\n".join(body[start : start + 64] for start in range(0, len(body), 64))
    return f"-----BEGIN {label}-----\n{lines}\n-----END {label}-----\n"


def raw_signature(der: bytes) -> bytes:
    """`r || s` of a DER signature on a 256-bit curve."""
    r, s = decode_dss_signature(der)
    return r.to_bytes(_SCALAR) + s.to_bytes(_SCALAR)


def der_signature(raw: bytes) -> bytes | None:
    """The DER form of `r || s`; None when the length is wrong."""
    if len(raw) != 2 * _SCALAR:
        return None
    return encode_dss_signature(int.from_bytes(raw[:_SCALAR]), int.from_bytes(raw[_SCALAR:]))


class Ed25519Verifier:
    """Ed25519 (RFC 8032)."""

    algorithm = Algorithm.ED25519

    def __init__(self, key: ed25519.Ed25519PublicKey) -> None:
        self._key = key
        self._der = key.public_bytes(serialization.Encoding.DER, _SPKI)
        self.key_id = fingerprint(self._der)

    @classmethod
    def from_jwk(cls, jwk: Mapping[str, str]) -> "Ed25519Verifier":
        """Read a JWK of kty OKP."""
        return cls(ed25519.Ed25519PublicKey.from_public_bytes(decode_base64url(jwk["x"])))

    def verify(self, message: bytes, signature: bytes) -> bool:
        """See `Verifier`."""
        try:
            self._key.verify(signature, message)
        except InvalidSignature:
            return False
        return True

    def jwk(self) -> dict[str, str]:
        """See `Verifier`."""
        x = encode_base64url(self._key.public_bytes_raw())
        return {"kty": "OKP", "crv": "Ed25519", "x": x, "kid": self.key_id, "alg": "EdDSA", "use": "sig"}

    def pem(self) -> str:
        """See `Verifier`."""
        return pem_of(self._der)


class Ed25519Signer:
    """Ed25519 (RFC 8032)."""

    algorithm = Algorithm.ED25519

    def __init__(self, secret: bytes) -> None:
        self._key = ed25519.Ed25519PrivateKey.from_private_bytes(secret)
        self.verifier = Ed25519Verifier(self._key.public_key())
        self.key_id = self.verifier.key_id

    @classmethod
    def generate(cls) -> "Ed25519Signer":
        """A fresh key."""
        return cls(ed25519.Ed25519PrivateKey.generate().private_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        """See `Signer`."""
        return self._key.sign(message)

    def secret_bytes(self) -> bytes:
        """See `Signer`."""
        return self._key.private_bytes_raw()


class Es256Verifier:
    """ECDSA on P-256 with SHA-256 (RFC 7518 ES256)."""

    algorithm = Algorithm.ES256

    def __init__(self, key: ec.EllipticCurvePublicKey) -> None:
        self._key = key
        self._der = key.public_bytes(serialization.Encoding.DER, _SPKI)
        self.key_id = fingerprint(self._der)

    @classmethod
    def from_jwk(cls, jwk: Mapping[str, str]) -> "Es256Verifier":
        """Read a JWK of kty EC on P-256."""
        point = b"\x04" + decode_base64url(jwk["x"]) + decode_base64url(jwk["y"])
        return cls(ec.EllipticCurvePublicKey.from_encoded_point(_P256, point))

    def verify(self, message: bytes, signature: bytes) -> bool:
        """See `Verifier`."""
        der = der_signature(signature)
        if der is None:
            return False
        try:
            self._key.verify(der, message, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            return False
        return True

    def jwk(self) -> dict[str, str]:
        """See `Verifier`."""
        numbers = self._key.public_numbers()
        x, y = (encode_base64url(number.to_bytes(_SCALAR)) for number in (numbers.x, numbers.y))
        return {"kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": self.key_id, "alg": "ES256", "use": "sig"}

    def pem(self) -> str:
        """See `Verifier`."""
        return pem_of(self._der)


class Es256Signer:
    """ECDSA on P-256 with SHA-256 (RFC 7518 ES256)."""

    algorithm = Algorithm.ES256

    def __init__(self, secret: bytes) -> None:
        self._key = ec.derive_private_key(int.from_bytes(secret), _P256)
        self.verifier = Es256Verifier(self._key.public_key())
        self.key_id = self.verifier.key_id

    @classmethod
    def generate(cls) -> "Es256Signer":
        """A fresh key."""
        return cls(ec.generate_private_key(_P256).private_numbers().private_value.to_bytes(_SCALAR))

    def sign(self, message: bytes) -> bytes:
        """See `Signer`."""
        return raw_signature(self._key.sign(message, ec.ECDSA(hashes.SHA256())))

    def secret_bytes(self) -> bytes:
        """See `Signer`."""
        return self._key.private_numbers().private_value.to_bytes(_SCALAR)
