"""SM2 signatures with SM3 (GB/T 32918.2) over the system's OpenSSL. Owns key encoding and the default user id.

The library is probed once with the standard's own example before the first key is made or read; where it is missing or
built without SM2, every entry raises `CryptoUnavailable`.
"""

import ctypes
import weakref
from collections.abc import Mapping
from ctypes import byref, c_char_p, c_size_t, c_ubyte, c_void_p
from functools import cache

from onecity.kernel.crypto.errors import CryptoUnavailable, KeyMisused
from onecity.kernel.crypto.libcrypto import libcrypto
from onecity.kernel.crypto.signatures import (
    Algorithm,
    decode_base64url,
    der_signature,
    encode_base64url,
    fingerprint,
    pem_of,
    raw_signature,
)

__all__ = ["DEFAULT_USER_ID", "SPKI_PREFIX", "Sm2Signer", "Sm2Verifier", "require_sm2"]

DEFAULT_USER_ID = b"1234567812345678"
"""The signer's distinguishing id when none is agreed (GM/T 0009)."""

# Both encodings have one fixed length on this curve (OID 1.2.156.10197.1.301), so a prefix replaces a DER writer.
SPKI_PREFIX = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200")
_PRIVATE_PREFIX = bytes.fromhex("3041020100301306072a8648ce3d020106082a811ccf5501822d042730250201010420")
_SEC1_SECRET = slice(7, 39)
_LONGEST_DER = 72

_EXAMPLE_KEY = bytes.fromhex(
    "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
)
_EXAMPLE_SIGNATURE = bytes.fromhex(
    "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
    "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
)


class _Handle:
    """An OpenSSL key that is freed with its owner."""

    __slots__ = ("__weakref__", "pointer")

    def __init__(self, pointer: int | None) -> None:
        if not pointer:
            libcrypto().ERR_clear_error()
            raise KeyMisused(text="不是有效的SM2密钥")
        self.pointer = pointer
        weakref.finalize(self, libcrypto().EVP_PKEY_free, pointer)


class Sm2Verifier:
    """An SM2 public key: 64 bytes `x || y`."""

    algorithm = Algorithm.SM2

    def __init__(self, point: bytes, user_id: bytes = DEFAULT_USER_ID) -> None:
        require_sm2()
        self._point = point
        self._user_id = user_id
        self._der = SPKI_PREFIX + b"\x04" + point
        self._handle = _public_handle(self._der)
        self.key_id = fingerprint(self._der)

    @classmethod
    def from_jwk(cls, jwk: Mapping[str, str]) -> "Sm2Verifier":
        """Read a JWK of kty EC with our private curve name `SM2`."""
        return cls(decode_base64url(jwk["x"]) + decode_base64url(jwk["y"]))

    def verify(self, message: bytes, signature: bytes) -> bool:
        """See `Verifier`."""
        return _verify(self._handle, self._user_id, message, signature)

    def jwk(self) -> dict[str, str]:
        """See `Verifier`; no registered name exists for SM2, so `crv` and `alg` are private to us."""
        x, y = encode_base64url(self._point[:32]), encode_base64url(self._point[32:])
        return {"kty": "EC", "crv": "SM2", "x": x, "y": y, "kid": self.key_id, "alg": "SM2-SM3", "use": "sig"}

    def pem(self) -> str:
        """See `Verifier`."""
        return pem_of(self._der)


class Sm2Signer:
    """An SM2 private key: 32 bytes."""

    algorithm = Algorithm.SM2

    def __init__(self, secret: bytes, user_id: bytes = DEFAULT_USER_ID) -> None:
        require_sm2()
        if len(secret) != 32:
            raise KeyMisused(text="SM2私钥应为32字节")
        self._secret = secret
        self._user_id = user_id
        der = _PRIVATE_PREFIX + secret
        self._handle = _Handle(libcrypto().d2i_AutoPrivateKey(None, byref(c_char_p(der)), len(der)))
        public = _encoded("i2d_PUBKEY", self._handle)
        self.verifier = Sm2Verifier(public[-64:], user_id)
        self.key_id = self.verifier.key_id

    @classmethod
    def generate(cls) -> "Sm2Signer":
        """A fresh key from OpenSSL's generator."""
        require_sm2()
        library = libcrypto()
        context = library.EVP_PKEY_CTX_new_from_name(None, b"SM2", None)
        try:
            pointer = c_void_p()
            made = library.EVP_PKEY_keygen_init(context) == 1 and library.EVP_PKEY_keygen(context, byref(pointer)) == 1
            if not made:
                raise CryptoUnavailable(text="OpenSSL未能生成SM2密钥")
            return cls(_encoded("i2d_PrivateKey", _Handle(pointer.value))[_SEC1_SECRET])
        finally:
            library.EVP_PKEY_CTX_free(context)

    def sign(self, message: bytes) -> bytes:
        """See `Signer`."""
        return _sign(self._handle, self._user_id, message)

    def secret_bytes(self) -> bytes:
        """See `Signer`."""
        return self._secret


@cache
def require_sm2() -> None:
    """Check once that OpenSSL verifies the example of GB/T 32918.5 and refuses its forgery.

    Raises CryptoUnavailable.
    """
    try:
        example = _public_handle(SPKI_PREFIX + b"\x04" + _EXAMPLE_KEY)
    except KeyMisused as error:
        raise CryptoUnavailable(text="本机的OpenSSL编译时未包含SM2") from error
    right = _verify(example, DEFAULT_USER_ID, b"message digest", _EXAMPLE_SIGNATURE)
    forged = _verify(example, DEFAULT_USER_ID, b"message digesT", _EXAMPLE_SIGNATURE)
    if not right or forged:
        raise CryptoUnavailable(text="本机OpenSSL的SM2与国家标准示例不符")


def _public_handle(der: bytes) -> _Handle:
    return _Handle(libcrypto().d2i_PUBKEY(None, byref(c_char_p(der)), len(der)))


def _encoded(function: str, handle: _Handle) -> bytes:
    encode = getattr(libcrypto(), function)
    length = encode(handle.pointer, None)
    if length <= 0:
        raise KeyMisused(text="SM2密钥无法编码")
    buffer = (c_ubyte * length)()
    cursor = ctypes.cast(buffer, ctypes.POINTER(c_ubyte))
    encode(handle.pointer, byref(cursor))
    return bytes(buffer)


def _sign(handle: _Handle, user_id: bytes, message: bytes) -> bytes:
    library = libcrypto()
    key_context, digest_context = _contexts(handle, user_id)
    try:
        signature = ctypes.create_string_buffer(_LONGEST_DER)
        length = c_size_t(_LONGEST_DER)
        signed = (
            library.EVP_DigestSignInit(digest_context, None, library.EVP_sm3(), None, handle.pointer) == 1
            and library.EVP_DigestSign(digest_context, signature, byref(length), message, len(message)) == 1
        )
        if not signed:
            library.ERR_clear_error()
            raise KeyMisused(text="SM2签名失败")
        return raw_signature(signature.raw[: length.value])
    finally:
        _free(key_context, digest_context)


def _verify(handle: _Handle, user_id: bytes, message: bytes, signature: bytes) -> bool:
    library = libcrypto()
    der = der_signature(signature)
    if der is None:
        return False
    key_context, digest_context = _contexts(handle, user_id)
    try:
        verified = (
            library.EVP_DigestVerifyInit(digest_context, None, library.EVP_sm3(), None, handle.pointer) == 1
            and library.EVP_DigestVerify(digest_context, der, len(der), message, len(message)) == 1
        )
        if not verified:
            library.ERR_clear_error()
        return bool(verified)
    finally:
        _free(key_context, digest_context)


def _contexts(handle: _Handle, user_id: bytes) -> tuple[int, int]:
    # The user id enters the digest first, so it must be set before the digest context is started.
    library = libcrypto()
    key_context = library.EVP_PKEY_CTX_new(handle.pointer, None)
    if not key_context or library.EVP_PKEY_CTX_set1_id(key_context, user_id, len(user_id)) != 1:
        library.EVP_PKEY_CTX_free(key_context)
        library.ERR_clear_error()
        raise CryptoUnavailable(text="本机的OpenSSL不接受SM2用户标识")
    digest_context = library.EVP_MD_CTX_new()
    library.EVP_MD_CTX_set_pkey_ctx(digest_context, key_context)
    return key_context, digest_context


def _free(key_context: int, digest_context: int) -> None:
    libcrypto().EVP_MD_CTX_free(digest_context)
    libcrypto().EVP_PKEY_CTX_free(key_context)
