"""Authenticated encryption with SM4 (GB/T 32907). Owns the sealed format; refuses plain, unauthenticated encryption.

Sealed bytes are `version · nonce · ciphertext · tag`. Version 1 is SM4-GCM (nonce 12, tag 16). Version 2, for libraries
without SM4-GCM, is SM4-CTR under a derived key, then HMAC-SM3 over everything before it (nonce 16, tag 32).
Both versions are always readable where the library can; new seals take version 1 when it is there.
"""

import hmac
import os
from collections.abc import Iterable

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import SM4

from onecity.kernel.crypto.digests import hmac_sm3
from onecity.kernel.crypto.errors import CryptoUnavailable, KeyMisused, SealBroken

__all__ = ["KEY_SIZE", "seal", "seal_many", "sm4_block", "unseal"]

KEY_SIZE = 16
"""Bytes of an SM4 key."""

_GCM, _CTR = b"\x01", b"\x02"
_GCM_NONCE, _GCM_TAG = 12, 16
_CTR_NONCE, _CTR_TAG = 16, 32


def sm4_block(key: bytes, block: bytes) -> bytes:
    """One raw block of 16 bytes: for the standard's vector and for probing, never for data."""
    encryptor = Cipher(SM4(key), modes.ECB()).encryptor()
    return encryptor.update(block) + encryptor.finalize()


def _has_gcm() -> bool:
    try:
        Cipher(SM4(bytes(KEY_SIZE)), modes.GCM(bytes(_GCM_NONCE))).encryptor()
    except UnsupportedAlgorithm:
        return False
    return True


def _probe() -> None:
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    try:
        right = sm4_block(key, key).hex() == "681edf34d206965e86b3e94f536e4246"
    except UnsupportedAlgorithm as error:
        raise CryptoUnavailable(text="本机的cryptography不提供SM4分组密码") from error
    if not right:
        raise CryptoUnavailable(text="本机的SM4与国家标准示例不符")


_probe()
_GCM_AVAILABLE = _has_gcm()


def seal(plaintext: bytes, key: bytes, aad: bytes = b"") -> bytes:
    """Encrypt under a 16-byte key; `aad` is bound but not stored (say which field of which table it is).

    At most 2**32 seals under one key (random nonce of 96 bits). Errors: KeyMisused on a wrong key size.
    """
    return _seal_gcm(plaintext, key, aad) if _GCM_AVAILABLE else _seal_ctr(plaintext, key, aad)


def seal_many(plaintexts: Iterable[bytes], key: bytes, aad: bytes = b"") -> list[bytes]:
    """`seal` of each, in order, with the key prepared once."""
    if not _GCM_AVAILABLE:
        return [_seal_ctr(plaintext, key, aad) for plaintext in plaintexts]
    cipher, random, made = _sm4(key), os.urandom, []
    for plaintext in plaintexts:
        nonce = random(_GCM_NONCE)
        encryptor = Cipher(cipher, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(aad)
        made.append(_GCM + nonce + encryptor.update(plaintext) + encryptor.finalize() + encryptor.tag)
    return made


def unseal(sealed: bytes, key: bytes, aad: bytes = b"") -> bytes:
    """Decrypt what `seal` made under the same key and `aad`. Errors: SealBroken, KeyMisused."""
    match sealed[:1]:
        case b"\x01":
            return _unseal_gcm(sealed, key, aad)
        case b"\x02":
            return _unseal_ctr(sealed, key, aad)
        case _:
            raise SealBroken()


def _sm4(key: bytes) -> SM4:
    if len(key) != KEY_SIZE:
        raise KeyMisused(text="SM4密钥应为16字节")
    return SM4(key)


def _seal_gcm(plaintext: bytes, key: bytes, aad: bytes) -> bytes:
    nonce = os.urandom(_GCM_NONCE)
    encryptor = Cipher(_sm4(key), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(aad)
    ciphertext = encryptor.update(plaintext) + encryptor.finalize()
    return _GCM + nonce + ciphertext + encryptor.tag


def _unseal_gcm(sealed: bytes, key: bytes, aad: bytes) -> bytes:
    if len(sealed) < 1 + _GCM_NONCE + _GCM_TAG:
        raise SealBroken()
    nonce, ciphertext, tag = sealed[1 : 1 + _GCM_NONCE], sealed[1 + _GCM_NONCE : -_GCM_TAG], sealed[-_GCM_TAG:]
    decryptor = Cipher(_sm4(key), modes.GCM(nonce, tag)).decryptor()
    decryptor.authenticate_additional_data(aad)
    try:
        return decryptor.update(ciphertext) + decryptor.finalize()
    except InvalidTag as error:
        raise SealBroken() from error


def _seal_ctr(plaintext: bytes, key: bytes, aad: bytes) -> bytes:
    nonce = os.urandom(_CTR_NONCE)
    body = _CTR + nonce + _ctr(plaintext, key, nonce)
    return body + _ctr_tag(body, key, aad)


def _unseal_ctr(sealed: bytes, key: bytes, aad: bytes) -> bytes:
    body, tag = sealed[:-_CTR_TAG], sealed[-_CTR_TAG:]
    if len(body) < 1 + _CTR_NONCE or not hmac.compare_digest(tag, _ctr_tag(body, key, aad)):
        raise SealBroken()
    return _ctr(body[1 + _CTR_NONCE :], key, body[1 : 1 + _CTR_NONCE])


def _ctr(data: bytes, key: bytes, nonce: bytes) -> bytes:
    _sm4(key)
    stream = Cipher(SM4(hmac_sm3(key, b"sm4-ctr")[:KEY_SIZE]), modes.CTR(nonce)).encryptor()
    return stream.update(data) + stream.finalize()


def _ctr_tag(body: bytes, key: bytes, aad: bytes) -> bytes:
    # The length of aad stands first, so that a byte moved from aad to body changes the message.
    return hmac_sm3(hmac_sm3(key, b"sm4-ctr-tag"), len(aad).to_bytes(8) + aad + body)
