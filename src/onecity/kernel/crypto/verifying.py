"""Reading public keys that came from elsewhere: a JWK of a proof bundle, a PEM file. Owns the choice of algorithm.

The key names the algorithm, never the signed message: a message that could choose would choose the weakest.
"""

import base64
from collections.abc import Callable, Mapping

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from onecity.kernel.crypto.errors import KeyMisused
from onecity.kernel.crypto.signatures import Ed25519Verifier, Es256Verifier, Verifier
from onecity.kernel.crypto.sm2 import SPKI_PREFIX, Sm2Verifier

__all__ = ["verifier_from_jwk", "verifier_from_pem"]

_READERS: dict[tuple[str, str], Callable[[Mapping[str, str]], Verifier]] = {
    ("OKP", "Ed25519"): Ed25519Verifier.from_jwk,
    ("EC", "P-256"): Es256Verifier.from_jwk,
    ("EC", "SM2"): Sm2Verifier.from_jwk,
}


def verifier_from_jwk(jwk: Mapping[str, str]) -> Verifier:
    """The public key in a JSON Web Key (Ed25519, P-256 or our SM2). Errors: KeyMisused, CryptoUnavailable."""
    reader = _READERS.get((jwk.get("kty", ""), jwk.get("crv", "")))
    if reader is None:
        raise KeyMisused(text="不支持的公钥类型")
    try:
        return reader(jwk)
    except (KeyError, ValueError) as error:
        raise KeyMisused(text="公钥内容不完整或不正确") from error


def verifier_from_pem(pem: str) -> Verifier:
    """The public key in PEM (SubjectPublicKeyInfo). Errors: KeyMisused, CryptoUnavailable."""
    try:
        der = base64.b64decode("".join(line for line in pem.split("\n") if not line.startswith("-----")))
        if der.startswith(SPKI_PREFIX):
            return Sm2Verifier(der[len(SPKI_PREFIX) + 1 :])
        key = serialization.load_der_public_key(der)
    except ValueError as error:
        raise KeyMisused(text="公钥内容不完整或不正确") from error
    if isinstance(key, ed25519.Ed25519PublicKey):
        return Ed25519Verifier(key)
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
        return Es256Verifier(key)
    raise KeyMisused(text="不支持的公钥类型")
