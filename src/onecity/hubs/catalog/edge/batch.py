"""One batch as a file: signed head, then a Parquet payload. The same bytes go over HTTP and through a one-way gap（网闸）.

Owns the form and its check. A head names the batch before it by digest, so nothing can be left out, doubled, altered or
taken from another agent without being noticed.
"""

import hashlib
import json
import struct
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

__all__ = ["BatchRefused", "Head", "digest_of", "open_batch", "piece_message", "row_hash", "total", "write_batch"]

MAGIC = b"OCB1"
ENDING = ".ocb"
_LARGEST_HEAD = 64 * 1024
_PIECE = 4 * 1024 * 1024
_MODULUS = 2**64


class BatchRefused(Exception):
    """The batch cannot be taken in; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Head:
    """What is signed. `kind`: data | reconcile; `mode`: whole | merge; `hash`: sum of row hashes modulo 2^64 as 16 hex digits."""

    agent: str
    sequence: int
    previous: str
    kind: str
    resource: str
    as_of: str
    mode: str
    keys: tuple[str, ...]
    rows: int
    hash: str
    latest: str
    payload_bytes: int
    payload_sha256: str
    created_at: str

    def message(self) -> bytes:
        """The signed bytes."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest_of(head: Head) -> str:
    """What the next batch names as `previous`."""
    return hashlib.sha256(head.message()).hexdigest()


def row_hash(values: Iterable[str | None]) -> int:
    """64 bits of a row: its texts in the order of the columns; no value and "" are different."""
    digest = hashlib.blake2b(digest_size=8)
    for value in values:
        digest.update(b"\x00" if value is None else b"\x01" + value.encode() + b"\x1f")
    return int.from_bytes(digest.digest(), "big")


def write_batch(path: Path, head: Head, payload: Path | None, key: Ed25519PrivateKey) -> None:
    """Write a batch beside its final name and rename it: a half-written file is never seen."""
    message = head.message()
    draft = path.with_suffix(".draft")
    with draft.open("wb") as out:
        out.write(MAGIC + struct.pack(">I", len(message)) + message + key.sign(b"onecity.batch.v1\x00" + message))
        if payload is not None:
            with payload.open("rb") as content:
                while piece := content.read(_PIECE):
                    out.write(piece)
        out.flush()
    draft.replace(path)


def open_batch(path: Path, keys: Mapping[str, Ed25519PublicKey]) -> tuple[Head, int]:
    """Head and start of the payload, everything checked. Raises BatchRefused. `keys`: agent → public key."""
    with path.open("rb") as content:
        head, message, signature = _head(content)
        key = keys.get(head.agent)
        if key is None:
            raise BatchRefused(f"前置机“{head.agent}”没有登记或已停用，请先在数据资源中心登记它的公钥")
        try:
            key.verify(signature, b"onecity.batch.v1\x00" + message)
        except InvalidSignature:
            raise BatchRefused(f"批次 {head.sequence} 的签名不符：内容被改动，或不是这台前置机签的") from None
        start = content.tell()
        digest, size = hashlib.sha256(), 0
        while piece := content.read(_PIECE):
            digest.update(piece)
            size += len(piece)
    if size != head.payload_bytes:
        raise BatchRefused(f"批次 {head.sequence} 不完整：应有 {head.payload_bytes} 字节，收到 {size} 字节，请续传")
    if digest.hexdigest() != head.payload_sha256:
        raise BatchRefused(f"批次 {head.sequence} 的数据被改动，摘要不符，请重新导出")
    return head, start


def _head(content: BinaryIO) -> tuple[Head, bytes, bytes]:
    start = content.read(8)
    if len(start) < 8 or start[:4] != MAGIC:
        raise BatchRefused("不是前置机批次文件")
    (length,) = struct.unpack(">I", start[4:])
    if length > _LARGEST_HEAD:
        raise BatchRefused("批次头过长，文件已损坏")
    message, signature = content.read(length), content.read(64)
    try:
        found: dict[str, Any] = json.loads(message)
        head = Head(**{**found, "keys": tuple(found["keys"])})
    except (ValueError, TypeError, KeyError) as error:
        raise BatchRefused("批次头无法理解，文件已损坏") from error
    if len(signature) != 64 or head.message() != message:
        raise BatchRefused("批次头已损坏")
    return head, message, signature


def piece_message(agent: str, sequence: int, offset: int, piece: bytes) -> bytes:
    """What an agent signs with every piece it uploads, so that nobody else can write into its batch."""
    return f"onecity.piece.v1|{agent}|{sequence}|{offset}|{hashlib.sha256(piece).hexdigest()}".encode()


def total(hashes: Iterable[int]) -> str:
    """The sum of row hashes as it stands in a head; the order of rows does not count."""
    return f"{sum(hashes) % _MODULUS:016x}"
