"""The time-stamp port: somebody states that a digest existed at a time. Owns the port, the token and the local twin.

The twin signs with a key of the city itself and so convinces only those who trust the city's clock; a recognised
authority (RFC 3161) stands behind the same port where one is contracted.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from onecity.kernel.clock import wall_now
from onecity.kernel.crypto.errors import KeyMisused
from onecity.kernel.crypto.signatures import Signer, Verifier, decode_base64url, encode_base64url

__all__ = ["LocalTimeStamp", "TimeStamp", "TimeStampToken", "verify_token"]

_CONTEXT = b"onecity-time-stamp-v1\0"
_DIGEST_SIZE = 32


@dataclass(frozen=True, slots=True)
class TimeStampToken:
    """`authority` states under `key_id` that `digest` existed at `at` (aware, UTC)."""

    digest: bytes
    at: datetime
    authority: str
    key_id: str
    signature: bytes

    def signed_bytes(self) -> bytes:
        """What the signature covers: context, digest, microseconds since 1970 (8 bytes), authority."""
        return _message(self.digest, self.at, self.authority)

    def to_json(self) -> dict[str, str]:
        """A form for JSON; digest in hexadecimal."""
        return {
            "digest": self.digest.hex(),
            "at": self.at.astimezone(UTC).isoformat(),
            "authority": self.authority,
            "key_id": self.key_id,
            "signature": encode_base64url(self.signature),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, str]) -> "TimeStampToken":
        """Read `to_json` back. Errors: KeyError or ValueError when it is not that."""
        at = datetime.fromisoformat(data["at"])
        if at.tzinfo is None:
            raise ValueError("the time of a time stamp must carry its zone")
        digest, signature = bytes.fromhex(data["digest"]), decode_base64url(data["signature"])
        return cls(digest, at, data["authority"], data["key_id"], signature)


class TimeStamp(Protocol):
    """Whoever gives time stamps."""

    def stamp(self, digest: bytes) -> TimeStampToken:
        """A token for a digest of 32 bytes. Errors: Unavailable when an outside authority does not answer."""
        ...

    def verify(self, token: TimeStampToken, digest: bytes) -> bool:
        """True when the token is of this authority and for this digest."""
        ...


class LocalTimeStamp:
    """The twin: signs (digest, time) with a key of the city's own ring."""

    def __init__(self, signer: Signer, authority: str = "local", clock: Callable[[], datetime] = wall_now) -> None:
        self._signer = signer
        self._authority = authority
        self._clock = clock

    def stamp(self, digest: bytes) -> TimeStampToken:
        """See `TimeStamp`. Errors: KeyMisused when `digest` is not 32 bytes."""
        if len(digest) != _DIGEST_SIZE:
            raise KeyMisused(text="时间戳只接受32字节的杂凑值")
        at = self._clock().astimezone(UTC)
        signature = self._signer.sign(_message(digest, at, self._authority))
        return TimeStampToken(digest, at, self._authority, self._signer.key_id, signature)

    def verify(self, token: TimeStampToken, digest: bytes) -> bool:
        """See `TimeStamp`."""
        return verify_token(token, digest, self._signer.verifier)


def verify_token(token: TimeStampToken, digest: bytes, verifier: Verifier) -> bool:
    """True when `verifier` signed this token for this digest; works offline."""
    return (
        token.digest == digest
        and token.key_id == verifier.key_id
        and verifier.verify(token.signed_bytes(), token.signature)
    )


def _message(digest: bytes, at: datetime, authority: str) -> bytes:
    since = at.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    microseconds = (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
    return _CONTEXT + digest + microseconds.to_bytes(8) + authority.encode()
