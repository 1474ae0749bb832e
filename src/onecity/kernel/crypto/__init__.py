"""Cryptography behind providers: signatures, digests, seals, key ring, references of subjects, time stamps.

Plain Python without Django, usable by the gateway, a gate or a verifier's own tool. SM2, SM3 and SM4 are probed
against the standards' examples; a missing one is `CryptoUnavailable`, never a silent substitute. A level-3 system puts
certified hardware behind the same protocols.
"""

from onecity.kernel.crypto.digests import Hasher, KeyedDigest, hmac_sm3, new_sm3, sha256, sm3
from onecity.kernel.crypto.errors import CryptoUnavailable, KeyMisused, KeyUnknown, SealBroken
from onecity.kernel.crypto.keyring import KeyRing, RingKey, generate_signer, signer_from_secret
from onecity.kernel.crypto.numbers import NUMBER_KEY, bulk_seal_numbers, seal_number, unseal_number
from onecity.kernel.crypto.sealing import seal, unseal
from onecity.kernel.crypto.signatures import Algorithm, Signer, Verifier, decode_base64url, encode_base64url
from onecity.kernel.crypto.sm2 import Sm2Signer, Sm2Verifier, require_sm2
from onecity.kernel.crypto.subjects import bulk_subject_refs, subject_ref, subject_ref_digits
from onecity.kernel.crypto.timestamps import LocalTimeStamp, TimeStamp, TimeStampToken, verify_token
from onecity.kernel.crypto.verifying import verifier_from_jwk, verifier_from_pem

__all__ = [
    "NUMBER_KEY",
    "Algorithm",
    "CryptoUnavailable",
    "Hasher",
    "KeyMisused",
    "KeyRing",
    "KeyUnknown",
    "KeyedDigest",
    "LocalTimeStamp",
    "RingKey",
    "SealBroken",
    "Signer",
    "Sm2Signer",
    "Sm2Verifier",
    "TimeStamp",
    "TimeStampToken",
    "Verifier",
    "bulk_seal_numbers",
    "bulk_subject_refs",
    "decode_base64url",
    "encode_base64url",
    "generate_signer",
    "hmac_sm3",
    "new_sm3",
    "require_sm2",
    "seal",
    "seal_number",
    "sha256",
    "signer_from_secret",
    "sm3",
    "subject_ref",
    "subject_ref_digits",
    "unseal",
    "unseal_number",
    "verifier_from_jwk",
    "verifier_from_pem",
    "verify_token",
]
