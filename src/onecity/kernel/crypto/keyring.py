"""Named keys on disk. Owns creation, agreement between processes, rotation and the public export.

One folder (0700) holds one file (0600) per key version: `<name>.<number>.json`. A version is written aside and then
linked into place, which fails when another process was faster; the loser reads the winner's key. Nothing is ever
overwritten or deleted, so what an old version signed or sealed stays readable; `protect` alone rewrites a file, sealing
the same secret under the passphrase. A hardware module stands behind the same methods. Refuses to print secrets.
"""

import json
import os
import re
import secrets
import threading
from base64 import b64decode, b64encode
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from onecity.kernel.crypto.digests import hmac_sm3
from onecity.kernel.crypto.errors import KeyMisused, KeyUnknown
from onecity.kernel.crypto.signatures import Algorithm, Ed25519Signer, Es256Signer, Signer, Verifier
from onecity.kernel.crypto.sm2 import Sm2Signer
from onecity.kernel.crypto.wrapping import passphrase, unwrap, wrap

__all__ = ["KeyRing", "RingKey", "generate_signer", "signer_from_secret"]

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_SECRET_SIZE = 32
_SIGNERS: dict[Algorithm, type[Ed25519Signer] | type[Es256Signer] | type[Sm2Signer]] = {
    Algorithm.ED25519: Ed25519Signer,
    Algorithm.ES256: Es256Signer,
    Algorithm.SM2: Sm2Signer,
}


def generate_signer(algorithm: Algorithm) -> Signer:
    """A fresh private key. Errors: KeyMisused for `SECRET`, CryptoUnavailable."""
    return _signer_type(algorithm).generate()


def signer_from_secret(algorithm: Algorithm, secret: bytes) -> Signer:
    """The private key of 32 bytes. Errors: KeyMisused for `SECRET`, CryptoUnavailable."""
    return _signer_type(algorithm)(secret)


def _signer_type(algorithm: Algorithm) -> type[Ed25519Signer] | type[Es256Signer] | type[Sm2Signer]:
    if algorithm not in _SIGNERS:
        raise KeyMisused(text="对称密钥不能用于签名")
    return _SIGNERS[algorithm]


@dataclass(frozen=True, slots=True)
class RingKey:
    """One version of a named key. Its secret stays out of `repr`."""

    name: str
    number: int
    key_id: str
    algorithm: Algorithm
    created_at: datetime
    _secret: bytes = field(repr=False, compare=False)
    _signer: Signer | None = field(repr=False, compare=False)

    @property
    def signer(self) -> Signer:
        """The private key. Errors: KeyMisused for a symmetric key."""
        if self._signer is None:
            raise KeyMisused(text="对称密钥不能用于签名", data={"name": self.name})
        return self._signer

    @property
    def verifier(self) -> Verifier:
        """The public key. Errors: KeyMisused for a symmetric key."""
        return self.signer.verifier

    @property
    def secret(self) -> bytes:
        """The 32 bytes of a symmetric key. Errors: KeyMisused for a signing key."""
        if self._signer is not None:
            raise KeyMisused(text="签名密钥不能用作对称密钥", data={"name": self.name})
        return self._secret

    def derive(self, purpose: str, size: int = 16) -> bytes:
        """A key of 1–32 bytes for one purpose (HMAC-SM3 of its name), so that one secret never serves two uses."""
        if not 1 <= size <= _SECRET_SIZE:
            raise KeyMisused(text="派生密钥长度应为1至32字节")
        return hmac_sm3(self.secret, b"derive:" + purpose.encode())[:size]


class KeyRing:
    """The named keys of one city. Safe for threads and for several processes on one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._loaded: dict[tuple[str, int], RingKey] = {}
        self._newest: dict[str, int] = {}
        self._lock = threading.Lock()

    def current(self, name: str, algorithm: Algorithm | None = None) -> RingKey:
        """The newest version of `name`, created on first use (Ed25519 unless said otherwise).

        Errors: KeyMisused when the key exists with another algorithm, or the name is not `[a-z][a-z0-9_-]*`.
        """
        number = self._newest_number(name)
        if number == 0:
            number = self._create(name, algorithm or Algorithm.ED25519, 1)
        return _demand(self._load(name, number), algorithm)

    def first(self, name: str, algorithm: Algorithm | None = None) -> RingKey:
        """The oldest version, created on first use: for references that must never change."""
        self.current(name, algorithm)
        return self._load(name, 1)

    def by_id(self, name: str, key_id: str) -> RingKey:
        """The version of `name` with this id. Errors: KeyUnknown."""
        for key in self.versions(name):
            if key.key_id == key_id:
                return key
        raise KeyUnknown(data={"name": name, "key_id": key_id})

    def versions(self, name: str) -> tuple[RingKey, ...]:
        """Every version, newest first; empty when the name was never used."""
        return tuple(self._load(name, number) for number in range(self._newest_number(name), 0, -1))

    def rotate(self, name: str) -> RingKey:
        """Add a version of the same algorithm and make it current. Two processes rotating at once add one version.

        Errors: KeyUnknown when the name was never used.
        """
        newest = self._newest_number(name)
        if newest == 0:
            raise KeyUnknown(data={"name": name})
        return self._load(name, self._create(name, self._load(name, newest).algorithm, newest + 1))

    def jwks(self, *names: str) -> dict[str, list[dict[str, str]]]:
        """The public keys of these names, all versions, as a JSON Web Key Set."""
        return {"keys": [key.verifier.jwk() for name in names for key in self.versions(name)]}

    def pem(self, name: str) -> str:
        """The current public key of `name` as PEM."""
        return self.current(name).verifier.pem()

    def _newest_number(self, name: str) -> int:
        # One look for the next number instead of a listing: this runs on every use of a key.
        if not _NAME.fullmatch(name):
            raise KeyMisused(text="密钥名称只能用小写字母、数字、下划线和连字符", data={"name": name})
        number = self._newest.get(name, 0)
        while self._path(name, number + 1).exists():
            number += 1
        self._newest[name] = number
        return number

    def _path(self, name: str, number: int) -> Path:
        return self.folder / f"{name}.{number:04d}.json"

    def _create(self, name: str, algorithm: Algorithm, number: int) -> int:
        secret = secrets.token_bytes(_SECRET_SIZE)
        if algorithm is not Algorithm.SECRET:
            secret = generate_signer(algorithm).secret_bytes()
        record = {"algorithm": algorithm.value, "created_at": datetime.now(UTC).isoformat()}
        self._open_folder()
        if passphrase():
            record["wrapped"] = wrap(self.folder, secret, _bound(name, number, record))
        else:
            record["secret"] = b64encode(secret).decode("ascii")
        self._place(self._path(name, number), json.dumps(record).encode())
        self._newest[name] = number
        return number

    def protect(self) -> int:
        """Seal every plain key file under the passphrase; returns how many. Errors: KeyUnknown without a passphrase.

        The other processes hold their keys in memory and read the sealed files from now on.
        """
        sealed = 0
        for path in sorted(self.folder.glob("*.[0-9][0-9][0-9][0-9].json")):
            record = json.loads(path.read_bytes())
            if "secret" in record:
                name, number, _ending = path.name.rsplit(".", 2)
                secret = b64decode(record.pop("secret"), validate=True)
                record["wrapped"] = wrap(self.folder, secret, _bound(name, int(number), record))
                aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
                _write_new(aside, json.dumps(record).encode())
                aside.replace(path)
                sealed += 1
        if sealed:
            _sync_folder(self.folder)
        return sealed

    def _open_folder(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.chmod(0o700)

    def _place(self, target: Path, content: bytes) -> None:
        aside = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
        _write_new(aside, content)
        try:
            with suppress(FileExistsError):
                os.link(aside, target)
        finally:
            aside.unlink()
        _sync_folder(self.folder)

    def _load(self, name: str, number: int) -> RingKey:
        with self._lock:
            key = self._loaded.get((name, number))
            if key is None:
                key = self._loaded[name, number] = self._read(name, number)
            return key

    def _read(self, name: str, number: int) -> RingKey:
        try:
            record = json.loads(self._path(name, number).read_bytes())
            algorithm, secret = Algorithm(record["algorithm"]), self._secret_of(name, number, record)
            created_at = datetime.fromisoformat(record["created_at"])
        except (OSError, ValueError, KeyError) as error:
            raise KeyUnknown(text="密钥文件不存在或已损坏", data={"name": name, "number": number}) from error
        signer = None if algorithm is Algorithm.SECRET else signer_from_secret(algorithm, secret)
        key_id = signer.key_id if signer else hmac_sm3(secret, b"key id").hex()[:16]
        return RingKey(name, number, key_id, algorithm, created_at, secret, signer)

    def _secret_of(self, name: str, number: int, record: Mapping[str, str]) -> bytes:
        if "wrapped" in record:
            return unwrap(self.folder, record["wrapped"], _bound(name, number, record))
        return b64decode(record["secret"], validate=True)


def _bound(name: str, number: int, record: Mapping[str, str]) -> str:
    """What a sealed secret is bound to, so that no file can take another's place."""
    return f"{name}.{number}.{record['algorithm']}.{record['created_at']}"


def _write_new(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _demand(key: RingKey, algorithm: Algorithm | None) -> RingKey:
    if algorithm is not None and key.algorithm is not algorithm:
        raise KeyMisused(data={"name": key.name, "found": key.algorithm.value, "wanted": algorithm.value})
    return key


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
