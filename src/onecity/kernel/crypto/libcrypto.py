"""The few functions of the system's OpenSSL 3 that SM2 needs, called by ctypes. Owns the binding; knows no keys.

`cryptography` offers no SM2 and the pure-Python packages draw their nonce from a predictable generator, hence OpenSSL.
"""

import ctypes
from ctypes import POINTER, c_char_p, c_int, c_long, c_size_t, c_ubyte, c_void_p
from functools import cache
from typing import Any

from onecity.kernel.crypto.errors import CryptoUnavailable

__all__ = ["libcrypto"]

_NAMES = ("libcrypto.so.3", "libcrypto.so.4", "libcrypto.3.dylib", "libcrypto-3-x64.dll")

_P = c_void_p
_SIGNATURES: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "EVP_PKEY_CTX_new_from_name": (_P, (_P, c_char_p, c_char_p)),
    "EVP_PKEY_CTX_new": (_P, (_P, _P)),
    "EVP_PKEY_CTX_free": (None, (_P,)),
    "EVP_PKEY_CTX_set1_id": (c_int, (_P, c_char_p, c_int)),
    "EVP_PKEY_keygen_init": (c_int, (_P,)),
    "EVP_PKEY_keygen": (c_int, (_P, POINTER(_P))),
    "EVP_PKEY_free": (None, (_P,)),
    "d2i_AutoPrivateKey": (_P, (_P, POINTER(c_char_p), c_long)),
    "d2i_PUBKEY": (_P, (_P, POINTER(c_char_p), c_long)),
    "i2d_PrivateKey": (c_int, (_P, POINTER(POINTER(c_ubyte)))),
    "i2d_PUBKEY": (c_int, (_P, POINTER(POINTER(c_ubyte)))),
    "EVP_sm3": (_P, ()),
    "EVP_MD_CTX_new": (_P, ()),
    "EVP_MD_CTX_free": (None, (_P,)),
    "EVP_MD_CTX_set_pkey_ctx": (None, (_P, _P)),
    "EVP_DigestSignInit": (c_int, (_P, _P, _P, _P, _P)),
    "EVP_DigestSign": (c_int, (_P, c_char_p, POINTER(c_size_t), c_char_p, c_size_t)),
    "EVP_DigestVerifyInit": (c_int, (_P, _P, _P, _P, _P)),
    "EVP_DigestVerify": (c_int, (_P, c_char_p, c_size_t, c_char_p, c_size_t)),
    "ERR_clear_error": (None, ()),
}


@cache
def libcrypto() -> ctypes.CDLL:
    """The loaded library with typed functions. Raises CryptoUnavailable when it is missing or too old."""
    for name in _NAMES:
        try:
            library = ctypes.CDLL(name)
        except OSError:
            continue
        try:
            return _typed(library)
        except AttributeError as error:
            raise CryptoUnavailable(text="本机的OpenSSL缺少SM2所需的函数", data={"library": name}) from error
    raise CryptoUnavailable(text="本机没有OpenSSL 3（libcrypto.so.3），不能使用SM2")


def _typed(library: ctypes.CDLL) -> ctypes.CDLL:
    for name, (result, arguments) in _SIGNATURES.items():
        function = getattr(library, name)
        function.restype = result
        function.argtypes = arguments
    return library
