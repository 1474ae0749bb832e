"""Sessions of machines at the gateway: opened by an Ed25519 signature, then every call signed by HMAC. Pure.

Nobody is trusted by network. A session is a sealed statement of the gateway, so any worker can check it without a table; its HMAC key
follows from the session and the gateway's own key. A client that was revoked is refused by the snapshot, session or not.
"""

import hmac
import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from onecity.hubs.exchange.errors import SignatureRefused
from onecity.kernel.crypto import decode_base64url, encode_base64url

__all__ = [
    "LIFE_SECONDS", "SKEW_SECONDS", "Nonces", "Session", "call_message", "check_call", "login_message", "make_session",
    "read_session", "session_key", "sign_call",
]  # fmt: skip

LIFE_SECONDS = 3600
SKEW_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Session:
    """Which client, until when (Unix seconds)."""

    client: UUID
    expires: int


def login_message(client: str, time: int, nonce: str) -> bytes:
    """What a client signs to open a session."""
    return f"onecity.gateway.session.v1\n{client}\n{time}\n{nonce}".encode()


def make_session(master: bytes, client: UUID, now: int, salt: str) -> str:
    """A session token that lives an hour."""
    body = json.dumps(
        {"client": str(client), "expires": now + LIFE_SECONDS, "salt": salt}, separators=(",", ":")
    ).encode()
    return f"{encode_base64url(body)}.{_mac(master, body)}"


def _mac(master: bytes, body: bytes) -> str:
    return hmac.new(master, b"session\n" + body, sha256).hexdigest()


def session_key(master: bytes, token: str) -> bytes:
    """The HMAC key of a session, 32 bytes."""
    return hmac.new(master, b"key\n" + token.encode(), sha256).digest()


def read_session(master: bytes, token: str, now: int) -> Session:
    """The session behind a token. Raises SignatureRefused when forged or ended."""
    encoded, _, mac = token.partition(".")
    try:
        body = decode_base64url(encoded)
        genuine = hmac.compare_digest(mac, _mac(master, body))
        content: dict[str, Any] = json.loads(body) if genuine else {}
        session = Session(UUID(content["client"]), int(content["expires"]))
    except (ValueError, KeyError, UnicodeError):
        raise SignatureRefused(data={"reason": "session"}) from None
    if session.expires <= now:
        raise SignatureRefused(text="会话已过期，请重新建立", data={"reason": "expired"})
    return session


def call_message(method: str, path: str, time: int, nonce: str, body: bytes) -> bytes:
    """What every call signs."""
    return "\n".join(("onecity.gateway.call.v1", method, path, str(time), nonce, sha256(body).hexdigest())).encode()


def sign_call(key: bytes, method: str, path: str, time: int, nonce: str, body: bytes) -> str:
    """Signature of a call, hexadecimal."""
    return hmac.new(key, call_message(method, path, time, nonce, body), sha256).hexdigest()


def check_call(
    key: bytes, signature: str, method: str, path: str, time: int, nonce: str, body: bytes, now: int
) -> None:
    """Raises SignatureRefused when altered or out of time."""
    if abs(now - time) > SKEW_SECONDS:
        raise SignatureRefused(text="请求时间与网关相差过大", data={"reason": "clock", "now": now})
    if not hmac.compare_digest(signature, sign_call(key, method, path, time, nonce, body)):
        raise SignatureRefused(data={"reason": "signature"})


class Nonces:
    """Nonces seen within the accepted time; a repeated one is a replay."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def take(self, nonce: str, now: int) -> None:
        """Remember one. Raises SignatureRefused when it was seen, or is not 8–64 characters."""
        if not 8 <= len(nonce) <= 64:
            raise SignatureRefused(data={"reason": "nonce"})
        if len(self._seen) > 100_000 or (self._seen and next(iter(self._seen.values())) < now - 4 * SKEW_SECONDS):
            self._seen = {one: at for one, at in self._seen.items() if at >= now - 2 * SKEW_SECONDS}
        if nonce in self._seen:
            raise SignatureRefused(text="请求已被处理过", data={"reason": "replay"})
        self._seen[nonce] = now
