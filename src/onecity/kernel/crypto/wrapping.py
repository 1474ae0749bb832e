"""Private keys at rest under a passphrase: a stolen disk or backup shows no key.

Owns: where the passphrase comes from (KEY_PASSPHRASE or KEY_PASSPHRASE_FILE of the environment, so that every process of
an instance has it), the key-encrypting key (scrypt, salt kept beside the keys) and the sealed form of a secret (SM4).
Refuses: to guess; a sealed secret without the right passphrase is an error that says so.
"""

import hashlib
import os
import secrets
from base64 import b64decode, b64encode
from contextlib import suppress
from functools import cache
from pathlib import Path

from onecity.kernel.crypto.errors import KeyUnknown, SealBroken
from onecity.kernel.crypto.sealing import seal, unseal

__all__ = ["SALT", "passphrase", "unwrap", "wrap"]

SALT = "wrapping.salt"
_COST = 2**15
_MEMORY = 64 * 1024 * 1024


def passphrase() -> bytes:
    """The passphrase of this process; empty when keys are kept plain. Errors: KeyUnknown when its file cannot be read."""
    if given := os.environ.get("KEY_PASSPHRASE", ""):
        return given.strip().encode()
    file = os.environ.get("KEY_PASSPHRASE_FILE", "")
    if not file:
        return b""
    try:
        return Path(file).read_bytes().strip()
    except OSError as error:
        raise KeyUnknown(text="读不到密钥口令文件", hint="请核对 KEY_PASSPHRASE_FILE") from error


def wrap(folder: Path, secret: bytes, name: str) -> str:
    """A secret sealed under the passphrase; `name` says which key version it is and is bound to it."""
    return b64encode(seal(secret, _key(folder), name.encode())).decode("ascii")


def unwrap(folder: Path, text: str, name: str) -> bytes:
    """The secret again. Errors: KeyUnknown without a passphrase or with a wrong one."""
    try:
        return unseal(b64decode(text, validate=True), _key(folder), name.encode())
    except SealBroken as error:
        raise KeyUnknown(text="密钥口令不对，或密钥文件已损坏", hint="请核对 KEY_PASSPHRASE_FILE") from error


def _key(folder: Path) -> bytes:
    given = passphrase()
    if not given:
        raise KeyUnknown(text="密钥已用口令加密，本进程没有口令", hint="请设置 KEY_PASSPHRASE_FILE")
    return _derived(given, _salt(folder))


@cache
def _derived(given: bytes, salt: bytes) -> bytes:
    """100 ms once a process: the price an attacker pays for each guess."""
    return hashlib.scrypt(given, salt=salt, n=_COST, r=8, p=1, maxmem=_MEMORY, dklen=16)


def _salt(folder: Path) -> bytes:
    """Made once; two processes starting at once agree on one."""
    path = folder / SALT
    if not path.exists():
        draft = folder / f".{SALT}.{secrets.token_hex(8)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(secrets.token_bytes(16))
            stream.flush()
            os.fsync(stream.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_bytes()
