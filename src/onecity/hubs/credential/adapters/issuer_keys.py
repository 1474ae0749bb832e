"""The signing key of each issuer, in the kernel's key ring.

Owns: how a key is named after its issuer. Refuses: keys of anybody else; a key id that is not in the ring is no key
of ours.
"""

from onecity.kernel.crypto import Algorithm, KeyUnknown, Signer, Verifier
from onecity.kernel.keys import ring

__all__ = ["public_keys", "signer_of", "verifier_of"]


def _name(issuer: str) -> str:
    return f"credential-{issuer.lower()}"


def signer_of(issuer: str, algorithm: str) -> Signer:
    """The issuer's current signing key, made on first use. An existing key of another algorithm stays in use."""
    versions = ring().versions(_name(issuer))
    return versions[0].signer if versions else ring().current(_name(issuer), Algorithm(algorithm)).signer


def verifier_of(issuer: str, key_id: str) -> Verifier | None:
    """The issuer's public key of this id; None when it never had one."""
    if not issuer.isalnum():
        return None
    try:
        return ring().by_id(_name(issuer), key_id).verifier
    except KeyUnknown:
        return None


def public_keys(issuers: list[str]) -> dict[str, list[dict[str, str]]]:
    """All public keys of these issuers, every version, as a JSON Web Key Set."""
    return ring().jwks(*(_name(issuer) for issuer in issuers))
