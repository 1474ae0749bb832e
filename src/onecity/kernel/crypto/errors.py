"""What can go wrong with keys and seals.

    CityError
    ├── Unavailable ── CryptoUnavailable   this machine's libraries lack the algorithm
    └── Broken ─┬───── SealBroken          the sealed text was changed, or the key is another
                ├───── KeyUnknown          no key of that name and id in the ring
                └───── KeyMisused          a key of one algorithm asked to do another's work

A signature that does not verify is no error: `verify` answers False.
"""

from onecity.kernel.errors import Broken, Unavailable

__all__ = ["CryptoUnavailable", "KeyMisused", "KeyUnknown", "SealBroken"]


class CryptoUnavailable(Unavailable):
    """This machine's libraries lack the algorithm."""

    code = "crypto.unavailable"
    text = "本机缺少所需的密码算法"
    hint = "请安装含SM2、SM3、SM4的OpenSSL 3（libcrypto.so.3），或改用密码机"


class SealBroken(Broken):
    """Sealed text that does not open: changed, cut, sealed for another place, or under another key."""

    code = "crypto.seal_broken"
    text = "密文无法解开，可能被改动或密钥不符"
    hint = "请从备份恢复密钥目录，或核查数据是否被改动"


class KeyUnknown(Broken):
    """No key of that name and id."""

    code = "crypto.key_unknown"
    text = "密钥环中没有所需的密钥"
    hint = "请从备份恢复密钥目录"


class KeyMisused(Broken):
    """A key of one algorithm asked to do another's work, or of a wrong size."""

    code = "crypto.key_misused"
    text = "密钥与算法不符"
    hint = "请核对密钥名称、算法和长度"
